/* A compressor that finds repeats by a table of hashes, and its decompressor: bytes, branches that
 * cannot be foreseen, overlapping copies. */
#include "bench/engine/programs/program.h"

enum { TEXT_BYTES = 1 << 20, TABLE_BITS = 14, LENGTH_MIN = 4, LENGTH_MAX = 255 + LENGTH_MIN, ROUNDS = 48 };

static uint8_t text[TEXT_BYTES], packed[2 * TEXT_BYTES], unpacked[TEXT_BYTES + 512];
static uint32_t table[1 << TABLE_BITS];

static uint32_t word_at(const uint8_t *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* A literal is 0 and a byte; a repeat is its length, above 0, and two bytes of distance. */
static size_t pack(void)
{
    size_t out = 0;
    memset(table, 0, sizeof(table));
    for (size_t at = 0; at < TEXT_BYTES;) {
        size_t length = 0, from = 0;
        if (at + LENGTH_MIN <= TEXT_BYTES) {
            uint32_t slot = word_at(text + at) * 2654435761u >> (32 - TABLE_BITS);
            from = table[slot];
            table[slot] = (uint32_t)at;
            if (from < at && at - from < 65536)
                while (length < LENGTH_MAX && at + length < TEXT_BYTES &&
                       text[from + length] == text[at + length])
                    length++;
        }
        if (length < LENGTH_MIN) {
            packed[out++] = 0;
            packed[out++] = text[at++];
            continue;
        }
        packed[out++] = (uint8_t)(length - LENGTH_MIN + 1 > 255 ? 255 : length - LENGTH_MIN + 1);
        length = packed[out - 1] + (size_t)LENGTH_MIN - 1;
        packed[out++] = (uint8_t)(at - from);
        packed[out++] = (uint8_t)((at - from) >> 8);
        at += length;
    }
    return out;
}

static size_t unpack(size_t size)
{
    size_t out = 0;
    for (size_t at = 0; at < size;) {
        size_t length = packed[at++];
        if (length == 0) {
            unpacked[out++] = packed[at++];
            continue;
        }
        size_t distance = packed[at] | (size_t)packed[at + 1] << 8;
        at += 2;
        for (length += LENGTH_MIN - 1; length != 0; length--, out++)
            unpacked[out] = unpacked[out - distance];
    }
    return out;
}

int main(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < TEXT_BYTES; i++) {
        uint64_t r = random_next();
        text[i] = i > 4096 && r % 16 < 13 ? text[i - 1 - (r >> 60) * 61] : (uint8_t)('a' + r % 26);
    }
    for (int round = 0; round < ROUNDS; round++) {
        size_t size = pack();
        if (unpack(size) != TEXT_BYTES || memcmp(text, unpacked, TEXT_BYTES) != 0)
            return 1;
        sum = sum * 31 + size;
        text[random_next() % TEXT_BYTES]++;
    }
    return finish("squeeze", sum);
}
