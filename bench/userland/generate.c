/* As many bytes as the argument says, in blocks of 64 KiB. */
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    static char buffer[1 << 16];
    long left = count > 1 ? atol(arguments[1]) : 0;
    for (ssize_t written; left > 0; left -= written)
        if ((written = write(1, buffer, sizeof(buffer))) <= 0)
            return 1;
    return 0;
}
