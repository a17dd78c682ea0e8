/* The functions of the C library that libvterm calls, or that it names and never calls: memory is
 * ours to give (emulator.c), and nothing is printed. */
#include "lib/memory.h"
#include "programs/terminal/format.h"

int snprintf(char *restrict buffer, size_t capacity, const char *restrict format, ...);
int vsnprintf(char *restrict buffer, size_t capacity, const char *restrict format,
              va_list arguments);
int strncmp(const char *a, const char *b, size_t size);
char *strncpy(char *restrict to, const char *restrict from, size_t size);
void *calloc(size_t count, size_t size);
void free(void *memory);

int vsnprintf(char *restrict buffer, size_t capacity, const char *restrict format,
              va_list arguments)
{
    return format_write(buffer, capacity, format, arguments);
}

int snprintf(char *restrict buffer, size_t capacity, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = format_write(buffer, capacity, format, arguments);
    va_end(arguments);
    return size;
}

int strncmp(const char *a, const char *b, size_t size)
{
    size_t at = 0;
    while (at < size && a[at] == b[at] && a[at] != 0)
        at++;
    return at == size ? 0 : (unsigned char)a[at] - (unsigned char)b[at];
}

char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
    size_t at = 0;
    for (; at < size && from[at] != 0; at++)
        to[at] = from[at];
    memset(to + at, 0, size - at);
    return to;
}

/* Also what the compiler makes of malloc and memset. */
void *calloc(size_t count, size_t size)
{
    (void)count;
    (void)size;
    __builtin_trap();
}

void free(void *memory)
{
    (void)memory;
}
