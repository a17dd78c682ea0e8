#include "programs/fs/root/text.h"

#include "lib/memory.h"

void text_bytes(struct text *text, struct weft_bytes bytes)
{
    if (text->is_cut || bytes.size > TEXT_MAX - text->size) {
        text->is_cut = true;
        return;
    }
    memcpy(text->data + text->size, bytes.data, bytes.size);
    text->size += bytes.size;
}

void text_put(struct text *text, const char *string)
{
    text_bytes(text, (struct weft_bytes){ (const uint8_t *)string, (uint32_t)strlen(string) });
}

static void put_digits(struct text *text, uint64_t number, uint32_t least)
{
    uint8_t digits[20];
    uint32_t at = sizeof(digits);
    while (number != 0 || sizeof(digits) - at < least) {
        digits[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    }
    text_bytes(text, (struct weft_bytes){ digits + at, (uint32_t)sizeof(digits) - at });
}

void text_number(struct text *text, uint64_t number)
{
    put_digits(text, number, 1);
}

void text_seconds(struct text *text, uint64_t nanoseconds)
{
    put_digits(text, nanoseconds / 1000000000, 1);
    text_put(text, ".");
    put_digits(text, nanoseconds / 1000000 % 1000, 3);
}

void text_hex(struct text *text, struct weft_bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < bytes.size; i++) {
        const uint8_t pair[] = { (uint8_t)digits[bytes.data[i] >> 4],
                                 (uint8_t)digits[bytes.data[i] & 15] };
        text_bytes(text, (struct weft_bytes){ pair, 2 });
    }
}

void text_cid(struct text *text, struct weft_bytes cid)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint32_t bits = 0, bit_count = 0;
    text_put(text, "b");
    for (uint32_t i = 0; i < cid.size; i++) {
        bits = (bits << 8 | cid.data[i]) & 0xFFF;
        for (bit_count += 8; bit_count >= 5; bit_count -= 5) {
            uint8_t letter = (uint8_t)alphabet[bits >> (bit_count - 5) & 31];
            text_bytes(text, (struct weft_bytes){ &letter, 1 });
        }
    }
    uint8_t last = (uint8_t)alphabet[bits << (5 - bit_count) & 31];
    if (bit_count != 0)
        text_bytes(text, (struct weft_bytes){ &last, 1 });
}

void text_row(struct text *text, const char *name, struct weft_bytes value)
{
    text_put(text, name);
    text_put(text, "\t");
    text_bytes(text, value);
    text_put(text, "\n");
}

void text_count(struct text *text, const char *name, uint64_t value)
{
    text_put(text, name);
    text_put(text, "\t");
    text_number(text, value);
    text_put(text, "\n");
}
