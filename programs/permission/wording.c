#include "programs/permission/wording.h"

#include <string.h>

enum { FOREIGN_MAX = 64 }; /* bytes of a name that are shown */

static void add_byte(struct wording *text, char byte)
{
    if (text->size < text->capacity)
        text->bytes[text->size++] = byte;
}

void wording_add(struct wording *text, const char *more)
{
    for (; *more != '\0'; more++)
        add_byte(text, *more);
}

void wording_add_number(struct wording *text, uint64_t number)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (count > 0)
        add_byte(text, digits[--count]);
}

static void add_hex_byte(struct wording *text, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    add_byte(text, digits[byte >> 4]);
    add_byte(text, digits[byte & 15]);
}

void wording_add_hex(struct wording *text, struct weft_bytes bytes)
{
    for (uint32_t i = 0; i < bytes.size; i++)
        add_hex_byte(text, bytes.data[i]);
}

/* ---- Foreign text ---------------------------------------------------------------------------- */

/* How many bytes the character takes that begins here (Unicode 15, table 3-7), which is `*code`; 0:
 * none does. */
static uint32_t decode(const uint8_t *at, uint32_t left, uint32_t *code)
{
    uint8_t first = at[0];
    uint32_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || size > left)
        return 0;
    *code = size == 1 ? first : first & (0x7Fu >> size);
    for (uint32_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (at[i] & 0x3F);
    }
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    return *code < least[size] ? 0 : size;
}

/* Neither a control character, nor one that is not seen, nor one that changes the direction. */
static bool is_plain(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        { 0x00, 0x1F },     { 0x7F, 0x9F },     { 0xAD, 0xAD },     { 0x061C, 0x061C },
        { 0x180E, 0x180E }, { 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },
        { 0xD800, 0xF8FF }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFF },
        { 0x1D173, 0x1D17A }, { 0xE0000, 0x10FFFF },
    };
    for (uint32_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return false;
    return true;
}

void wording_add_harmless(struct wording *text, struct weft_bytes foreign)
{
    uint32_t shown = foreign.size < FOREIGN_MAX ? foreign.size : FOREIGN_MAX;
    for (uint32_t i = 0; i < shown;) {
        uint32_t code = 0;
        uint32_t size = decode(foreign.data + i, foreign.size - i, &code);
        if (size != 0 && is_plain(code)) {
            for (uint32_t j = 0; j < size; j++)
                add_byte(text, (char)foreign.data[i + j]);
            i += size;
            continue;
        }
        wording_add(text, "\\x");
        add_hex_byte(text, foreign.data[i++]);
    }
    if (shown < foreign.size)
        wording_add(text, "...");
}

/* Multibase's base32 (RFC 4648, lower case, without padding), as IPFS tools print it. */
void wording_add_cid(struct wording *text, struct weft_bytes cid)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint32_t bits = 0, bit_count = 0;
    add_byte(text, 'b');
    for (uint32_t i = 0; i < cid.size; i++) {
        bits = bits << 8 | cid.data[i];
        for (bit_count += 8; bit_count >= 5; bit_count -= 5)
            add_byte(text, alphabet[bits >> (bit_count - 5) & 31]);
    }
    if (bit_count != 0)
        add_byte(text, alphabet[bits << (5 - bit_count) & 31]);
}
