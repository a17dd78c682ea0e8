/* Telling of failures, and BSD's err.h: the program's name is not known here, so a line begins without. */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef strerror
char *strerror(int error);

/* What only happens here is told in words of here. */
char *posix_strerror(int error)
{
    static char not_granted[] =
        "no folder that was granted has it (as by `weft run --dir`), or it was granted for less";
    return error == ENOTCAPABLE ? not_granted : strerror(error);
}

static void tell(const char *format, va_list values, const char *reason)
{
    if (format != NULL)
        vfprintf(stderr, format, values);
    if (reason != NULL)
        fprintf(stderr, "%s%s", format == NULL ? "" : ": ", reason);
    fputc('\n', stderr);
}

void warn(const char *format, ...)
{
    const char *reason = posix_strerror(errno);
    va_list values;
    va_start(values, format);
    tell(format, values, reason);
    va_end(values);
}

void warnx(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    tell(format, values, NULL);
    va_end(values);
}

_Noreturn void err(int status, const char *format, ...)
{
    const char *reason = posix_strerror(errno);
    va_list values;
    va_start(values, format);
    tell(format, values, reason);
    va_end(values);
    exit(status);
}

_Noreturn void errx(int status, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    tell(format, values, NULL);
    va_end(values);
    exit(status);
}
