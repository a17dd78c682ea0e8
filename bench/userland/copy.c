/* Standard input to standard output. */
#include <unistd.h>

int main(void)
{
    static char buffer[1 << 16];
    ssize_t size;
    while ((size = read(0, buffer, sizeof(buffer))) > 0)
        for (ssize_t at = 0, written; at < size; at += written)
            if ((written = write(1, buffer + at, (size_t)(size - at))) <= 0)
                return 1;
    return 0;
}
