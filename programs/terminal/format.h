/* printf's way of writing (ISO C11, 7.21.6.1), as far as libvterm uses it: %d, %c, %s, %.*s, %x and
 * %0Nx. */
#ifndef PROGRAMS_TERMINAL_FORMAT_H
#define PROGRAMS_TERMINAL_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* As vsnprintf: how many characters it would be; what is written ends with a zero if there is room
 * for anything. */
int format_write(char *buffer, size_t capacity, const char *format, va_list arguments);

#endif
