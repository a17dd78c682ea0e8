#include "programs/init/program.h"

/* RFC 4648, in lower case and without padding, as multibase calls it `b`: -1 is no digit. */
static int32_t digit_of(uint8_t letter)
{
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a';
    return letter >= '2' && letter <= '7' ? letter - '2' + 26 : -1;
}

bool program_cid_of_text(struct weft_bytes text, struct bundle_program *cid)
{
    enum { DIGIT_BITS = 5, BYTE_BITS = 8, HASH_BYTES = 32, HEAD_BYTES = 4, TEXT_SIZE = 59 };
    uint32_t bits = 0, count = 0;
    cid->cid_size = 0;
    if (text.size != TEXT_SIZE || text.data[0] != 'b')
        return false;
    for (uint32_t i = 1; i < text.size; i++) {
        int32_t digit = digit_of(text.data[i]);
        if (digit < 0)
            return false;
        bits = bits << DIGIT_BITS | (uint32_t)digit;
        count += DIGIT_BITS;
        if (count < BYTE_BITS)
            continue;
        count -= BYTE_BITS;
        cid->cid[cid->cid_size++] = (uint8_t)(bits >> count);
    }
    bool has_rest = (bits & ((1u << count) - 1)) != 0;
    return !has_rest && cid->cid_size == HEAD_BYTES + HASH_BYTES && cid->cid[0] == 1;
}
