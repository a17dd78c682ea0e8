/* SHA-256 (FIPS 180-4), for the honest loader. */
#ifndef PROGRAMS_EXAMPLE_LOADER_SHA256_H
#define PROGRAMS_EXAMPLE_LOADER_SHA256_H

#include "lib/memory.h"

#include <stdint.h>

static inline uint32_t sha256_turn(uint32_t word, uint32_t by)
{
    return word >> by | word << (32 - by);
}

/* One block of 64 bytes. */
static inline void sha256_block(uint32_t state[8], const uint8_t *block)
{
    static const uint32_t constants[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2,
    };
    uint32_t words[64];
    uint32_t s[8];
    for (uint32_t i = 0; i < 16; i++)
        words[i] = (uint32_t)block[i * 4] << 24 | (uint32_t)block[i * 4 + 1] << 16 |
                   (uint32_t)block[i * 4 + 2] << 8 | block[i * 4 + 3];
    for (uint32_t i = 16; i < 64; i++) {
        uint32_t a = words[i - 15];
        uint32_t b = words[i - 2];
        words[i] = words[i - 16] + (sha256_turn(a, 7) ^ sha256_turn(a, 18) ^ a >> 3) +
                   words[i - 7] + (sha256_turn(b, 17) ^ sha256_turn(b, 19) ^ b >> 10);
    }
    memcpy(s, state, sizeof(s));
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t one = s[7] + constants[i] + words[i] + ((s[4] & s[5]) ^ (~s[4] & s[6])) +
                       (sha256_turn(s[4], 6) ^ sha256_turn(s[4], 11) ^ sha256_turn(s[4], 25));
        uint32_t two = ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])) +
                       (sha256_turn(s[0], 2) ^ sha256_turn(s[0], 13) ^ sha256_turn(s[0], 22));
        memmove(s + 1, s, 7 * sizeof(s[0]));
        s[4] += one;
        s[0] = one + two;
    }
    for (uint32_t i = 0; i < 8; i++)
        state[i] += s[i];
}

static inline void sha256(const uint8_t *data, uint32_t size, uint8_t hash[32])
{
    uint32_t state[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    uint8_t last[128] = { 0 };
    uint32_t whole = size / 64 * 64;
    uint32_t left = size - whole;
    uint32_t last_size = left < 56 ? 64 : 128;
    for (uint32_t at = 0; at < whole; at += 64)
        sha256_block(state, data + at);
    memcpy(last, data + whole, left);
    last[left] = 0x80;
    for (uint32_t i = 0; i < 8; i++)
        last[last_size - 1 - i] = (uint8_t)((uint64_t)size * 8 >> (8 * i));
    for (uint32_t at = 0; at < last_size; at += 64)
        sha256_block(state, last + at);
    for (uint32_t i = 0; i < 32; i++)
        hash[i] = (uint8_t)(state[i / 4] >> (24 - i % 4 * 8));
}

#endif
