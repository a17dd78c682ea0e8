/* SHA-256 by the CPU's own instructions (Intel SHA Extensions). The state is kept as they want it:
 * words A, B, E, F in one register and C, D, G, H in the other, from the highest lane down. */
#include "base/hash_blocks.h"

typedef int lanes __attribute__((vector_size(16), aligned(4)));
typedef char bytes16 __attribute__((vector_size(16)));

#define WITH_SHA __attribute__((target("sha,sse4.1")))

/* FIPS 180-4, 4.2.2 */
static const lanes constants[16] = {
#define K(a, b, c, d) { (int)0x##a, (int)0x##b, (int)0x##c, (int)0x##d }
    K(428a2f98, 71374491, b5c0fbcf, e9b5dba5), K(3956c25b, 59f111f1, 923f82a4, ab1c5ed5),
    K(d807aa98, 12835b01, 243185be, 550c7dc3), K(72be5d74, 80deb1fe, 9bdc06a7, c19bf174),
    K(e49b69c1, efbe4786, 0fc19dc6, 240ca1cc), K(2de92c6f, 4a7484aa, 5cb0a9dc, 76f988da),
    K(983e5152, a831c66d, b00327c8, bf597fc7), K(c6e00bf3, d5a79147, 06ca6351, 14292967),
    K(27b70a85, 2e1b2138, 4d2c6dfc, 53380d13), K(650a7354, 766a0abb, 81c2c92e, 92722c85),
    K(a2bfe8a1, a81a664b, c24b8b70, c76c51a3), K(d192e819, d6990624, f40e3585, 106aa070),
    K(19a4c116, 1e376c08, 2748774c, 34b0bcb5), K(391c0cb3, 4ed8aa4a, 5b9cca4f, 682e6ff3),
    K(748f82ee, 78a5636f, 84c87814, 8cc70208), K(90befffa, a4506ceb, bef9a3f7, c67178f2),
#undef K
};

static bool cpu_has_sha(void)
{
    enum { LEAF = 7, SHA_BIT = 29 };
    u32 a = 0, b, c = 0, d;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (a < LEAF)
        return false;
    a = LEAF;
    c = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b >> SHA_BIT & 1) != 0;
}

/* Four words of the message, which has them in big endian. */
WITH_SHA static lanes message_words(const u8 *data)
{
    bytes16 bytes;
    __builtin_memcpy(&bytes, data, sizeof(bytes));
    return (lanes)__builtin_shufflevector(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15,
                                          14, 13, 12);
}

WITH_SHA static void block(lanes state[2], const u8 *data)
{
    lanes m[4], abef = state[0], cdgh = state[1];
    for (u32 i = 0; i < 4; i++)
        m[i] = message_words(data + 16 * i);
#pragma clang loop unroll(full)
    for (u32 i = 0; i < 16; i++) {
        lanes words = m[i % 4] + constants[i];
        lanes high = __builtin_shufflevector(words, words, 2, 3, 0, 0);
        cdgh = __builtin_ia32_sha256rnds2(cdgh, abef, words);
        abef = __builtin_ia32_sha256rnds2(abef, cdgh, high);
        if (i >= 12)
            continue;
        lanes sum = __builtin_ia32_sha256msg1(m[i % 4], m[(i + 1) % 4]);
        sum += __builtin_shufflevector(m[(i + 2) % 4], m[(i + 3) % 4], 1, 2, 3, 4);
        m[i % 4] = __builtin_ia32_sha256msg2(sum, m[(i + 3) % 4]);
    }
    state[0] += abef;
    state[1] += cdgh;
}

WITH_SHA static void blocks(u32 state[8], const u8 *data, usize count)
{
    int *s = (int *)state;
    lanes both[2] = { { s[5], s[4], s[1], s[0] }, { s[7], s[6], s[3], s[2] } };
    for (usize i = 0; i < count; i++)
        block(both, data + i * HASH_BLOCK_BYTES);
    const lanes back[2] = { { both[0][3], both[0][2], both[1][3], both[1][2] },
                            { both[0][1], both[0][0], both[1][1], both[1][0] } };
    __builtin_memcpy(state, back, sizeof(back));
}

usize hash_blocks(u32 state[8], const u8 *data, usize count)
{
    static u8 has_sha; /* 0: not asked yet, 1: no, 2: yes; asking twice does no harm */
    u8 known = __atomic_load_n(&has_sha, __ATOMIC_RELAXED);
    if (known == 0) {
        known = cpu_has_sha() ? 2 : 1;
        __atomic_store_n(&has_sha, known, __ATOMIC_RELAXED);
    }
    if (known != 2)
        return 0;
    blocks(state, data, count);
    return count;
}
