/* Bytes to decisions. */
#include "tests/fuzz/engine/program.h"

static u64 random_next(u64 *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * 0x2545F4914F6CDD1D >> 32;
}

usize fuzz_random_bytes(u64 seed, u8 *bytes, usize capacity)
{
    u64 state = (seed + 1) * 0x9E3779B97F4A7C15u;
    usize size = FUZZ_INPUT_MIN + random_next(&state) % (capacity - FUZZ_INPUT_MIN);
    size = u64_min(FUZZ_INPUT_MIN + random_next(&state) % size, capacity);
    for (usize i = 0; i < size; i++)
        bytes[i] = (u8)(random_next(&state) >> 8);
    return size;
}

u32 fuzz_choose(struct fuzz_choices *choices, u32 count)
{
    if (choices->at >= choices->limit)
        return 0;
    return choices->bytes[choices->at++] % count;
}

bool fuzz_seldom(struct fuzz_choices *choices, u32 count)
{
    return fuzz_choose(choices, count) == count - 1;
}

u64 fuzz_choose_bits(struct fuzz_choices *choices, u32 bytes)
{
    u64 bits = 0;
    for (u32 i = 0; i < bytes; i++)
        bits = bits << 8 | fuzz_choose(choices, 256);
    return bits;
}

value_type fuzz_choose_type(struct fuzz_choices *choices)
{
    static const value_type types[] = {
        TYPE_I32, TYPE_I64, TYPE_F32, TYPE_F64, TYPE_I32, TYPE_I64, TYPE_F64, TYPE_I32,
        TYPE_F32, TYPE_I64, TYPE_F64, TYPE_I32, TYPE_I64, TYPE_F32, TYPE_FUNCREF, TYPE_EXTERNREF,
    };
    return types[fuzz_choose(choices, BASE_ARRAY_COUNT(types))];
}

/* ---- Constants ---- */

static u64 integer(struct fuzz_choices *choices)
{
    static const i64 edges[] = {
        0,         1,         -1,        2,          3,          7,         8,           31,
        32,        33,        63,        64,         127,        -128,      255,         256,
        32767,     -32768,    65535,     65536,      INT32_MAX,  INT32_MIN, UINT32_MAX,  INT64_MAX,
        INT64_MIN, 1LL << 32, INT64_MAX - 1, 0x0F0F0F0F, 0x5555555555555555, -2, 10, 1LL << 31,
    };
    return (u64)edges[fuzz_choose(choices, BASE_ARRAY_COUNT(edges))];
}

/* Zeros, infinities, NaNs quiet and signalling, subnormals, the ends of integers. */
static const u32 f32_edges[] = {
    0x00000000, 0x80000000, 0x3F800000, 0xBF800000, 0x3F000000, 0x7F800000, 0xFF800000, 0x7FC00000,
    0xFFC00000, 0x7FA00001, 0xFFC12345, 0x00000001, 0x807FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF,
    0x4F000000, 0xCF000000, 0x4EFFFFFF, 0xCF000001, 0x4F800000, 0x4F7FFFFF, 0x5F000000, 0x5EFFFFFF,
    0x5F800000, 0xDF000000, 0x4B000000, 0x4AFFFFFF, 0xBF7FFFFF, 0x40490FDB, 0xC2C80000, 0x3FC00000,
};

static const u64 f64_edges[] = {
    0x0000000000000000, 0x8000000000000000, 0x3FF0000000000000, 0xBFF0000000000000,
    0x3FE0000000000000, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000,
    0xFFF8000000000000, 0x7FF4000000000001, 0xFFF8123456789ABC, 0x0000000000000001,
    0x800FFFFFFFFFFFFF, 0x0010000000000000, 0x7FEFFFFFFFFFFFFF, 0xFFEFFFFFFFFFFFFF,
    0x41E0000000000000, 0xC1E0000000000000, 0x41DFFFFFFFC00000, 0xC1E0000000200000,
    0x41F0000000000000, 0x41EFFFFFFFE00000, 0x43E0000000000000, 0x43DFFFFFFFFFFFFF,
    0x43F0000000000000, 0xC3E0000000000000, 0x4330000000000000, 0x432FFFFFFFFFFFFF,
    0xBFEFFFFFFFFFFFFF, 0x400921FB54442D18, 0x47EFFFFFF0000000, 0x3FF8000000000000,
};

u64 fuzz_choose_constant(struct fuzz_choices *choices, value_type type)
{
    bool is_narrow = type == TYPE_I32 || type == TYPE_F32;
    u32 kind = fuzz_choose(choices, 8);
    if (kind == 7)
        return fuzz_choose_bits(choices, is_narrow ? 4 : 8);
    if (type == TYPE_F32)
        return f32_edges[fuzz_choose(choices, BASE_ARRAY_COUNT(f32_edges))];
    if (type == TYPE_F64)
        return f64_edges[fuzz_choose(choices, BASE_ARRAY_COUNT(f64_edges))];
    u64 bits = kind < 3 ? fuzz_choose(choices, 256) : integer(choices);
    return is_narrow ? (u32)bits : bits;
}
