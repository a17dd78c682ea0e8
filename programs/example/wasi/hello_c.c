/* Greets whoever is named in the arguments, or the world. */
#include <stdio.h>

int main(int argument_count, char **arguments)
{
    if (argument_count < 2)
        puts("Hello, world, from C");
    for (int i = 1; i < argument_count; i++)
        printf("Hello, %s, from C\n", arguments[i]);
    return 0;
}
