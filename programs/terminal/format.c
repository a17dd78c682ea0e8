#include "programs/terminal/format.h"

struct text {
    char *at;
    size_t capacity;
    size_t size; /* of all of it */
};

static void put(struct text *text, char character)
{
    if (text->size + 1 < text->capacity)
        text->at[text->size] = character;
    text->size++;
}

static void put_number(struct text *text, unsigned value, unsigned base, unsigned width)
{
    char digits[32];
    unsigned count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    while (count < width && count < sizeof(digits))
        digits[count++] = '0';
    while (count > 0)
        put(text, digits[--count]);
}

static void put_signed(struct text *text, int value)
{
    if (value < 0)
        put(text, '-');
    put_number(text, value < 0 ? -(unsigned)value : (unsigned)value, 10, 0);
}

static void put_text(struct text *text, const char *from, int size_max)
{
    for (int i = 0; (size_max < 0 || i < size_max) && from[i] != 0; i++)
        put(text, from[i]);
}

/* What follows a percent sign; gives where it ends. A list goes on behind whoever reads it. */
static const char *put_value(struct text *text, const char *format, va_list *arguments)
{
    unsigned width = 0;
    int size_max = -1;
    if (format[0] == '.' && format[1] == '*') {
        size_max = va_arg(*arguments, int);
        format += 2;
    }
    for (; *format >= '0' && *format <= '9'; format++)
        width = width * 10 + (unsigned)(*format - '0');
    if (*format == 'd')
        put_signed(text, va_arg(*arguments, int));
    else if (*format == 'x')
        put_number(text, va_arg(*arguments, unsigned), 16, width);
    else if (*format == 'c')
        put(text, (char)va_arg(*arguments, int));
    else if (*format == 's')
        put_text(text, va_arg(*arguments, const char *), size_max);
    return *format == 0 ? format : format + 1;
}

int format_write(char *buffer, size_t capacity, const char *format, va_list arguments)
{
    struct text text = { buffer, capacity, 0 };
    va_list list;
    va_copy(list, arguments);
    while (*format != 0) {
        if (*format == '%')
            format = put_value(&text, format + 1, &list);
        else
            put(&text, *format++);
    }
    va_end(list);
    if (capacity != 0)
        buffer[text.size < capacity ? text.size : capacity - 1] = 0;
    return (int)text.size;
}
