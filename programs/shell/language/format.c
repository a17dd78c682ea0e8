#include "programs/shell/language/format.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH_MAX = 1 << 16 };

struct printing {
    char *const *arguments;
    size_t count, used;
    struct text *text, *mistake;
    bool stops; /* after \c */
};

/* %[-+ 0#]*[WIDTH][.PRECISION]LETTER */
struct conversion {
    bool left, sign, blank, zeros, alternate;
    int64_t width, precision; /* -1: none */
    char letter;
};

/* ---- Escapes ------------------------------------------------------------------------------------
 */

static uint32_t hex_digit(char value)
{
    if (value >= '0' && value <= '9')
        return (uint32_t)(value - '0');
    if (value >= 'a' && value <= 'f')
        return (uint32_t)(value - 'a') + 10;
    return value >= 'A' && value <= 'F' ? (uint32_t)(value - 'A') + 10 : 16;
}

/* One digit or two. */
static const char *add_hexadecimal(const char *at, struct text *text)
{
    uint32_t value = hex_digit(*at++);
    if (hex_digit(*at) < 16)
        value = value * 16 + hex_digit(*at++);
    text_add_char(text, (char)value);
    return at;
}

/* A backslash and what follows it; `octal_zero`: octal numbers begin with a zero and have up to
 * three digits more. */
static const char *add_escape(const char *at, bool octal_zero, struct text *text)
{
    static const char names[] = "abfnrtv\\";
    static const char values[] = "\a\b\f\n\r\t\v\\";
    const char *name = at[1] == '\0' ? NULL : strchr(names, at[1]);
    if (name != NULL) {
        text_add_char(text, values[name - names]);
        return at + 2;
    }
    if (at[1] == 'x' && !octal_zero && hex_digit(at[2]) < 16)
        return add_hexadecimal(at + 2, text);
    const char *digit = at + 1;
    size_t digits_max = 3;
    if (octal_zero && *digit == '0')
        digit++;
    else if (octal_zero)
        digits_max = 0;
    uint32_t value = 0;
    size_t digits = 0;
    for (; digits < digits_max && *digit >= '0' && *digit <= '7'; digits++)
        value = value * 8 + (uint32_t)(*digit++ - '0');
    if (digits == 0 && digit == at + 1) {
        text_add_char(text, '\\');
        return at + 1;
    }
    text_add_char(text, (char)value);
    return digit;
}

bool format_escapes(const char *from, struct text *text)
{
    while (*from != '\0') {
        if (from[0] == '\\' && from[1] == 'c')
            return false;
        if (*from == '\\')
            from = add_escape(from, true, text);
        else
            text_add_char(text, *from++);
    }
    return true;
}

/* ---- Arguments ----------------------------------------------------------------------------------
 */

static const char *next(struct printing *printing)
{
    return printing->used < printing->count ? printing->arguments[printing->used++] : NULL;
}

static void fail(struct printing *printing, const char *what, const char *message)
{
    if (printing->mistake->size != 0)
        return;
    text_add_string(printing->mistake, what);
    text_add_string(printing->mistake, ": ");
    text_add_string(printing->mistake, message);
}

static int64_t number(struct printing *printing, bool is_signed)
{
    const char *word = next(printing);
    if (word == NULL || *word == '\0')
        return 0;
    if (*word == '\'' || *word == '"')
        return word[1] == '\0' ? 0 : (int64_t)utf8_value(word + 1);
    char *end;
    int64_t value =
        is_signed || *word == '-' ? strtoll(word, &end, 0) : (int64_t)strtoull(word, &end, 0);
    if (*end != '\0' || end == word)
        fail(printing, word, "is no number");
    return value;
}

/* ---- Conversions --------------------------------------------------------------------------------
 */

static void pad(struct text *text, char with, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        text_add_char(text, with);
}

/* Within the width; `sign` comes before zeros. */
static void add_field(struct printing *printing, const struct conversion *conversion,
                      const char *sign, const char *bytes, size_t size)
{
    int64_t missing = conversion->width - (int64_t)(strlen(sign) + size);
    bool zeros = conversion->zeros && !conversion->left;
    if (!conversion->left && !zeros)
        pad(printing->text, ' ', missing);
    text_add_string(printing->text, sign);
    if (zeros)
        pad(printing->text, '0', missing);
    text_add(printing->text, bytes, size);
    if (conversion->left)
        pad(printing->text, ' ', missing);
}

static void add_integer(struct printing *printing, struct conversion *conversion)
{
    char letter = conversion->letter;
    bool is_signed = letter == 'd' || letter == 'i';
    int64_t value = number(printing, is_signed);
    uint64_t left = is_signed && value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint32_t base = letter == 'o' ? 8 : letter == 'x' || letter == 'X' ? 16 : 10;
    const char *alphabet = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    struct text digits = { 0 };
    char reversed[24];
    size_t count = 0;
    const char *sign = "";
    for (; left != 0 || (count == 0 && conversion->precision != 0); left /= base)
        reversed[count++] = alphabet[left % base];
    pad(&digits, '0', conversion->precision - (int64_t)count);
    if (conversion->alternate && base == 8 && (count == 0 || reversed[count - 1] != '0'))
        text_add_char(&digits, '0');
    while (count != 0)
        text_add_char(&digits, reversed[--count]);
    if (is_signed)
        sign = value < 0 ? "-" : conversion->sign ? "+" : conversion->blank ? " " : "";
    else if (conversion->alternate && base == 16 && value != 0)
        sign = letter == 'X' ? "0X" : "0x";
    conversion->zeros &= conversion->precision < 0;
    add_field(printing, conversion, sign, text_string(&digits), digits.size);
    text_free(&digits);
}

static void add_string(struct printing *printing, struct conversion *conversion)
{
    const char *word = next(printing);
    struct text text = { 0 };
    word = word == NULL ? "" : word;
    if (conversion->letter == 'b')
        printing->stops = !format_escapes(word, &text);
    else
        text_add(&text, word, conversion->letter == 'c' ? word[0] != '\0' : strlen(word));
    size_t size = text.size;
    if (conversion->precision >= 0 && (size_t)conversion->precision < size &&
        conversion->letter != 'c')
        size = (size_t)conversion->precision;
    conversion->zeros = false;
    add_field(printing, conversion, "", text_string(&text), size);
    text_free(&text);
}

static void add_conversion(struct printing *printing, struct conversion *conversion)
{
    if (conversion->letter == '%')
        text_add_char(printing->text, '%');
    else if (conversion->letter != '\0' && strchr("sbc", conversion->letter) != NULL)
        add_string(printing, conversion);
    else if (conversion->letter != '\0' && strchr("diouxX", conversion->letter) != NULL)
        add_integer(printing, conversion);
    else
        fail(printing, "printf", "there is no such conversion; it has d i o u x X s b c");
}

static int64_t read_size(struct printing *printing, const char **at)
{
    int64_t size = 0;
    if (**at == '*') {
        ++*at;
        size = number(printing, true);
    }
    for (; **at >= '0' && **at <= '9'; ++*at)
        size = size < WIDTH_MAX ? size * 10 + (**at - '0') : size;
    return size > WIDTH_MAX ? WIDTH_MAX : size < -WIDTH_MAX ? -WIDTH_MAX : size;
}

static const char *read_conversion(struct printing *printing, const char *at,
                                   struct conversion *conversion)
{
    for (at++; *at != '\0' && strchr("-+ 0#", *at) != NULL; at++) {
        conversion->left |= *at == '-';
        conversion->sign |= *at == '+';
        conversion->blank |= *at == ' ';
        conversion->zeros |= *at == '0';
        conversion->alternate |= *at == '#';
    }
    conversion->precision = -1;
    conversion->width = read_size(printing, &at);
    if (conversion->width < 0) {
        conversion->left = true;
        conversion->width = -conversion->width;
    }
    if (*at == '.') {
        at++;
        conversion->precision = read_size(printing, &at);
    }
    conversion->letter = *at;
    return *at == '\0' ? at : at + 1;
}

static void print_once(struct printing *printing, const char *format)
{
    while (*format != '\0' && !printing->stops) {
        if (*format == '\\') {
            format = add_escape(format, false, printing->text);
        } else if (*format == '%') {
            struct conversion conversion = { 0 };
            format = read_conversion(printing, format, &conversion);
            add_conversion(printing, &conversion);
        } else {
            text_add_char(printing->text, *format++);
        }
    }
}

bool format_print(const char *format, char *const *arguments, size_t count, struct text *text,
                  struct text *mistake)
{
    struct printing printing = {
        .arguments = arguments, .count = count, .text = text, .mistake = mistake
    };
    size_t before;
    do {
        before = printing.used;
        print_once(&printing, format);
    } while (!printing.stops && printing.used < count && printing.used != before);
    return mistake->size == 0;
}
