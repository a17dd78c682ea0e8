/* The escapes of $'..', which are those of C and \cX for control characters. */
#include "programs/shell/language/expand.h"

#include <string.h>

static uint32_t digit_of(char value)
{
    if (value >= '0' && value <= '9')
        return (uint32_t)(value - '0');
    if (value >= 'a' && value <= 'f')
        return (uint32_t)(value - 'a') + 10;
    return value >= 'A' && value <= 'F' ? (uint32_t)(value - 'A') + 10 : 99;
}

/* At most `digits_max` digits; what follows them. */
static const char *read_digits(const char *at, const char *end, uint32_t base, uint32_t *value)
{
    size_t digits_max = base == 8 ? 3 : 2;
    *value = 0;
    for (size_t i = 0; i < digits_max && at < end && digit_of(*at) < base; i++)
        *value = *value * base + digit_of(*at++);
    return at;
}

void expand_escapes(const char *at, const char *end, struct text *result)
{
    static const char names[] = "abefnrtv\\'\"?";
    static const char values[] = "\a\b\033\f\n\r\t\v\\'\"?";
    while (at < end) {
        const char *name = at + 1 < end && *at == '\\' ? strchr(names, at[1]) : NULL;
        uint32_t value = 0;
        if (*at != '\\' || at + 1 >= end) {
            text_add_char(result, *at++);
        } else if (name != NULL) {
            text_add_char(result, values[name - names]);
            at += 2;
        } else if (digit_of(at[1]) < 8) {
            at = read_digits(at + 1, end, 8, &value);
        } else if (at[1] == 'x') {
            at = read_digits(at + 2, end, 16, &value);
        } else if (at[1] == 'c' && at + 2 < end) {
            value = (uint32_t)at[2] & 0x1f;
            at += 3;
        } else {
            text_add_char(result, '\\');
            at++;
        }
        if (value != 0)
            text_add_char(result, (char)value);
    }
}
