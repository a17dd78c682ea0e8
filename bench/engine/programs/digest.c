/* SHA-256 of a buffer, again and again: rotates and additions of 32 bits, and little memory. */
#include "bench/engine/programs/program.h"

enum { BUFFER_BYTES = 1 << 16, ROUNDS = 1100 };

static uint32_t constants[64];

/* The first 32 bits of the fractions of roots of primes, as the standard has them. */
static uint32_t fraction_of_cube_root(uint32_t prime)
{
    /* The largest x with x^3 <= prime * 2^96, by bits: its low half is the fraction. */
    unsigned __int128 x = 0;
    for (int bit = 34; bit >= 0; bit--) {
        unsigned __int128 more = x | (unsigned __int128)1 << bit;
        unsigned __int128 square = more * more; /* below 2^72 */
        /* more^3 <= prime << 96, without more than 128 bits */
        if (square * more <= (unsigned __int128)prime << 96)
            x = more;
    }
    return (uint32_t)x;
}

static void constants_make(void)
{
    uint32_t count = 0;
    for (uint32_t n = 2; count < 64; n++) {
        int is_prime = 1;
        for (uint32_t d = 2; d * d <= n; d++)
            is_prime &= n % d != 0;
        if (is_prime)
            constants[count++] = fraction_of_cube_root(n);
    }
}

static inline uint32_t turn(uint32_t value, int by)
{
    return value >> by | value << (32 - by);
}

static void block(uint32_t state[8], const uint8_t *bytes)
{
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 |
               (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(s, state, sizeof(s));
    for (int i = 0; i < 64; i++) {
        uint32_t big1 = turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25);
        uint32_t one = s[7] + big1 + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + w[i];
        uint32_t big0 = turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22);
        uint32_t two = big0 + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        s[7] = s[6], s[6] = s[5], s[5] = s[4], s[4] = s[3] + one;
        s[3] = s[2], s[2] = s[1], s[1] = s[0], s[0] = one + two;
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

int main(void)
{
    static uint8_t buffer[BUFFER_BYTES];
    uint32_t state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    constants_make();
    for (size_t i = 0; i < BUFFER_BYTES; i++)
        buffer[i] = (uint8_t)random_next();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t at = 0; at < BUFFER_BYTES; at += 64)
            block(state, buffer + at);
    return finish("digest", (uint64_t)state[0] << 32 | state[7]);
}
