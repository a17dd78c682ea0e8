/* The showcase on wasm_os: all that it asks of the world is in `env`. Of the C library comes only what
 * asks for nothing; memory is that of wasm_os. */
#include "programs/showcase/showcase.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#define ENV(name) __attribute__((import_module("env"), import_name(name)))

ENV("putchar") void os_putchar(int byte);
ENV("getchar") int os_getchar(void);
ENV("runapp") int os_runapp(const char *line);
ENV("getargs") char *os_getargs(void);
ENV("timesinceboot") uint32_t os_time_since_boot(void);
ENV("cputime") uint32_t os_cpu_time(void);
ENV("malloc") void *os_malloc(size_t size);
ENV("free") void os_free(void *block);

static void show_number(uint64_t number, uint32_t base)
{
    if (number >= base)
        show_number(number / base, base);
    os_putchar("0123456789abcdef"[number % base]);
}

static void show_signed(int64_t number)
{
    if (number < 0)
        os_putchar('-');
    show_number(number < 0 ? -(uint64_t)number : (uint64_t)number, 10);
}

static void show_text(const char *text, int size)
{
    for (int i = 0; i < size && text[i] != '\0'; i++)
        os_putchar(text[i]);
}

/* What the C library has for this would bring its files along: %s, %.*s, %d, %u, %x, with l and ll. */
static const char *show_one(const char *format, va_list *values)
{
    int size = INT_MAX;
    bool is_long_long = false;
    if (format[0] == '.' && format[1] == '*') {
        size = va_arg(*values, int);
        format += 2;
    }
    for (; *format == 'l'; format++)
        is_long_long = format[1] == 'l' || is_long_long;
    if (*format == 's')
        show_text(va_arg(*values, const char *), size);
    else if (*format == 'd')
        show_signed(is_long_long ? va_arg(*values, int64_t) : va_arg(*values, int32_t));
    else if (*format == 'u' || *format == 'x')
        show_number(is_long_long ? va_arg(*values, uint64_t) : va_arg(*values, uint32_t),
                    *format == 'x' ? 16 : 10);
    return format;
}

void show(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    for (; *format != '\0'; format++)
        if (*format == '%')
            format = show_one(format + 1, &values);
        else
            os_putchar(*format);
    va_end(values);
}

int read_byte(void)
{
    int byte;
    while ((byte = os_getchar()) == 0)
        continue; /* none is there yet */
    return byte;
}

int run(const char *line)
{
    return os_runapp(line);
}

/* Its clocks have 32 bits and begin anew after 71 minutes. */
uint64_t uptime(void)
{
    return os_time_since_boot();
}

uint64_t time_used(void)
{
    return os_cpu_time();
}

void *block_take(size_t size)
{
    return os_malloc(size);
}

void block_give(void *block)
{
    os_free(block);
}

void *block_resize(void *block, size_t old_size, size_t size)
{
    void *larger = os_malloc(size);
    memcpy(larger, block, old_size < size ? old_size : size);
    os_free(block);
    return larger;
}

void _start(void);

/* The arguments stand one behind the other, each with its zero, and one zero more. */
__attribute__((export_name("_start"))) void _start(void)
{
    enum { ARGUMENTS_MAX = 100 };
    static char *arguments[ARGUMENTS_MAX + 1];
    int count = 0;
    for (char *at = os_getargs(); *at != '\0' && count < ARGUMENTS_MAX; at += strlen(at) + 1)
        arguments[count++] = at;
    showcase(count, arguments);
}
