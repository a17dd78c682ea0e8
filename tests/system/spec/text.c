/* Texts and numbers of the C library: see library.h. Printing knows what the runner and jansson
 * use: %s %.*s %c %u %d %i %x %o with l, ll, z, a width, 0 before it, and - for the left edge. */
#include "tests/system/spec/library.h"

#include "platform/bare/console.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 8192 };

/* ---- Comparing and finding ---- */

int strncmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; a++, b++, size--) {
        if (*a != *b)
            return (u8)*a - (u8)*b;
        if (*a == 0)
            break;
    }
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *text, int character)
{
    for (;; text++) {
        if (*text == (char)character)
            return (char *)(usize)text;
        if (*text == 0)
            return NULL;
    }
}

void *memchr(const void *bytes, int value, size_t size)
{
    const u8 *at = bytes;
    for (; size > 0; at++, size--)
        if (*at == (u8)value)
            return (void *)(usize)at;
    return NULL;
}

char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
    usize length = text_size(from);
    memset(to, 0, size);
    memcpy(to, from, u64_min(length, size));
    return to;
}

char *__strncpy_chk(char *to, const char *from, size_t size, size_t room);
char *__strncpy_chk(char *to, const char *from, size_t size, size_t room)
{
    BASE_ASSERT(size <= room);
    return strncpy(to, from, size);
}

/* ---- Numbers ---- */

unsigned long long strtoull(const char *restrict text, char **restrict end, int base)
{
    u64 value = 0;
    BASE_ASSERT(base == 10);
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (u64)(*text - '0');
    if (end != NULL)
        *end = (char *)(usize)text;
    return value;
}

long long strtoll(const char *restrict text, char **restrict end, int base)
{
    bool negative = *text == '-';
    long long value = (long long)strtoull(text + negative, end, base);
    return negative ? -value : value;
}

/* The scripts have their numbers as texts. */
double strtod(const char *restrict text, char **restrict end)
{
    BASE_ASSERT(text == NULL && end == NULL);
    return 0;
}

struct lconv *localeconv(void)
{
    static char point[] = ".";
    static struct lconv usual = { .decimal_point = point };
    return &usual;
}

/* ---- Printing ---- */

/* One conversion: what stands between the percent sign and its letter. */
struct form {
    bool left;
    bool zeros;   /* in front of a number */
    bool has_max; /* .*: the most characters are an argument before the text */
    usize width;
    u32 longs; /* l, ll or z */
};

static const char *read_form(const char *at, struct form *form)
{
    *form = (struct form){ .left = *at == '-', .zeros = *at == '0' };
    at += form->left;
    for (; *at >= '0' && *at <= '9'; at++)
        form->width = form->width * 10 + (usize)(*at - '0');
    form->has_max = *at == '.' && at[1] == '*';
    at += form->has_max ? 2 : 0;
    for (; *at == 'l' || *at == 'z'; at++)
        form->longs++;
    return at;
}

static void put_padded(struct writer *out, const struct form *form, struct bytes text)
{
    usize gap = form->width > text.size ? form->width - text.size : 0;
    for (usize i = 0; i < gap && !form->left; i++)
        writer_u8(out, form->zeros ? '0' : ' ');
    writer_bytes(out, text);
    for (usize i = 0; i < gap && form->left; i++)
        writer_u8(out, ' ');
}

static void write_octal(struct writer *number, u64 value)
{
    u32 shift = 0;
    while (shift < 60 && value >> (shift + 3) != 0)
        shift += 3;
    for (;; shift -= 3) {
        writer_u8(number, (u8)('0' + (value >> shift & 7)));
        if (shift == 0)
            break;
    }
}

static void put_text(struct writer *out, const struct form *form, const char *text, int max)
{
    usize size = 0;
    text = text == NULL ? "(null)" : text;
    while ((!form->has_max || size < (usize)max) && text[size] != 0)
        size++;
    put_padded(out, form, (struct bytes){ (const u8 *)text, size });
}

static void put_number(struct writer *out, const struct form *form, char letter, u64 wide)
{
    u8 digits[24];
    struct writer number;
    writer_init(&number, digits, sizeof(digits));
    if (letter == 'o')
        write_octal(&number, wide);
    else if (letter == 'x')
        writer_hex(&number, form->longs != 0 ? wide : (u32)wide, 1);
    else if (letter == 'u')
        writer_decimal(&number, form->longs != 0 ? wide : (u32)wide);
    else
        writer_signed(&number, form->longs != 0 ? (i64)wide : (i32)wide);
    put_padded(out, form, (struct bytes){ digits, number.size });
}

static void put_all(struct writer *out, const char *format, va_list arguments)
{
    for (; *format != 0; format++) {
        struct form form;
        if (*format != '%') {
            writer_u8(out, (u8)*format);
            continue;
        }
        format = read_form(format + 1, &form);
        if (*format == 's') {
            int max = form.has_max ? va_arg(arguments, int) : 0;
            put_text(out, &form, va_arg(arguments, const char *), max);
        } else if (*format == 'c') {
            writer_u8(out, (u8)va_arg(arguments, int));
        } else if (*format == '%') {
            writer_u8(out, '%');
        } else {
            u64 wide = form.longs != 0 ? va_arg(arguments, u64) : va_arg(arguments, u32);
            put_number(out, &form, *format, wide);
        }
    }
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list arguments)
{
    struct writer out;
    writer_init(&out, to, size);
    put_all(&out, format, arguments);
    if (size != 0)
        to[u64_min(out.size, size - 1)] = 0;
    return (int)out.size;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return written;
}

int __vsnprintf_chk(char *to, size_t size, int flag, size_t room, const char *format,
                    va_list arguments);
int __vsnprintf_chk(char *to, size_t size, int flag, size_t room, const char *format,
                    va_list arguments)
{
    (void)flag;
    BASE_ASSERT(size <= room);
    return vsnprintf(to, size, format, arguments);
}

int __snprintf_chk(char *to, size_t size, int flag, size_t room, const char *format, ...);
int __snprintf_chk(char *to, size_t size, int flag, size_t room, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int written = __vsnprintf_chk(to, size, flag, room, format, arguments);
    va_end(arguments);
    return written;
}

static int print(const char *format, va_list arguments)
{
    static char line[LINE_BYTES_MAX];
    int size = vsnprintf(line, sizeof(line), format, arguments);
    console_write((struct bytes){ (const u8 *)line, u64_min((u64)size, sizeof(line) - 1) }, true);
    return size;
}

int printf(const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = print(format, arguments);
    va_end(arguments);
    return size;
}

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
    va_list arguments;
    (void)file;
    va_start(arguments, format);
    int size = print(format, arguments);
    va_end(arguments);
    return size;
}
