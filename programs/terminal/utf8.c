#include "programs/terminal/utf8.h"

enum { CODE_POINT_MAX = 0x10FFFF, SURROGATES = 0xD800, SURROGATES_END = 0xE000 };

static uint32_t begin(struct utf8 *utf8, uint8_t byte)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    if (byte < 0x80)
        return byte;
    if (byte < 0xC2 || byte > 0xF4)
        return UTF8_REPLACEMENT;
    utf8->missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    utf8->code_point = byte & (0x3Fu >> utf8->missing);
    utf8->least = least[utf8->missing];
    return (uint32_t)UTF8_NONE;
}

static uint32_t complete(const struct utf8 *utf8)
{
    uint32_t code_point = utf8->code_point;
    bool wrong = code_point < utf8->least || code_point > CODE_POINT_MAX ||
                 (code_point >= SURROGATES && code_point < SURROGATES_END);
    return wrong ? UTF8_REPLACEMENT : code_point;
}

uint32_t utf8_take(struct utf8 *utf8, uint8_t byte, bool *taken)
{
    *taken = utf8->missing == 0 || (byte & 0xC0) == 0x80;
    if (!*taken) {
        utf8->missing = 0;
        return UTF8_REPLACEMENT;
    }
    if (utf8->missing == 0)
        return begin(utf8, byte);
    utf8->code_point = utf8->code_point << 6 | (byte & 0x3F);
    return --utf8->missing == 0 ? complete(utf8) : (uint32_t)UTF8_NONE;
}

size_t utf8_write(uint32_t code_point, uint8_t bytes[UTF8_BYTES_MAX])
{
    static const uint8_t first[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    size_t size = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (uint8_t)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    bytes[0] = (uint8_t)(first[size] | code_point);
    return size;
}

size_t utf8_last(const uint8_t *text, size_t size)
{
    size_t at = size - 1;
    while (at > 0 && size - at < UTF8_BYTES_MAX && (text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

uint32_t utf8_read(const uint8_t *text, size_t size)
{
    struct utf8 utf8 = { 0 };
    bool taken;
    uint32_t code_point = (uint32_t)UTF8_NONE;
    for (size_t i = 0; i < size && code_point == (uint32_t)UTF8_NONE; i++)
        code_point = utf8_take(&utf8, text[i], &taken);
    return code_point == (uint32_t)UTF8_NONE ? UTF8_REPLACEMENT : code_point;
}
