/* What numeric instructions compute (WebAssembly 3.0, 4.3), where C's own operators do not say it.
 * Pure; no mathematical library. Results that are NaN are quiet, with some operand's payload. */
#ifndef ENGINE_NUMERIC_H
#define ENGINE_NUMERIC_H

#include "engine/engine.h"

/* ---- Integers ---- */

static inline u32 u32_rotate_left(u32 a, u32 b)
{
    return a << (b & 31) | a >> (-b & 31);
}

static inline u64 u64_rotate_left(u64 a, u64 b)
{
    return a << (b & 63) | a >> (-b & 63);
}

static inline u32 u32_leading_zeros(u32 a)
{
    return a == 0 ? 32 : (u32)__builtin_clz(a);
}

static inline u64 u64_leading_zeros(u64 a)
{
    return a == 0 ? 64 : (u64)__builtin_clzll(a);
}

static inline u32 u32_trailing_zeros(u32 a)
{
    return a == 0 ? 32 : (u32)__builtin_ctz(a);
}

static inline u64 u64_trailing_zeros(u64 a)
{
    return a == 0 ? 64 : (u64)__builtin_ctzll(a);
}

static inline enum trap i32_divide(u32 a, u32 b, u32 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    if (a == 0x80000000u && b == UINT32_MAX)
        return TRAP_INTEGER_OVERFLOW;
    *result = (u32)((i32)a / (i32)b);
    return TRAP_NONE;
}

static inline enum trap u32_divide(u32 a, u32 b, u32 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    *result = a / b;
    return TRAP_NONE;
}

static inline enum trap i32_remainder(u32 a, u32 b, u32 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    *result = b == UINT32_MAX ? 0 : (u32)((i32)a % (i32)b);
    return TRAP_NONE;
}

static inline enum trap u32_remainder(u32 a, u32 b, u32 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    *result = a % b;
    return TRAP_NONE;
}

static inline enum trap i64_divide(u64 a, u64 b, u64 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    if (a == (u64)INT64_MIN && b == UINT64_MAX)
        return TRAP_INTEGER_OVERFLOW;
    *result = (u64)((i64)a / (i64)b);
    return TRAP_NONE;
}

static inline enum trap u64_divide(u64 a, u64 b, u64 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    *result = a / b;
    return TRAP_NONE;
}

static inline enum trap i64_remainder(u64 a, u64 b, u64 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    *result = b == UINT64_MAX ? 0 : (u64)((i64)a % (i64)b);
    return TRAP_NONE;
}

static inline enum trap u64_remainder(u64 a, u64 b, u64 *result)
{
    if (b == 0)
        return TRAP_INTEGER_DIVIDE_BY_ZERO;
    *result = a % b;
    return TRAP_NONE;
}

/* ---- Floats: bits ---- */

static inline u32 f32_bits(f32 a)
{
    u32 bits;
    __builtin_memcpy(&bits, &a, sizeof(bits));
    return bits;
}

static inline f32 f32_from_bits(u32 bits)
{
    f32 a;
    __builtin_memcpy(&a, &bits, sizeof(a));
    return a;
}

static inline u64 f64_bits(f64 a)
{
    u64 bits;
    __builtin_memcpy(&bits, &a, sizeof(bits));
    return bits;
}

static inline f64 f64_from_bits(u64 bits)
{
    f64 a;
    __builtin_memcpy(&a, &bits, sizeof(a));
    return a;
}

/* Sign operations never look at the value: a NaN keeps its payload. */

static inline f32 f32_absolute(f32 a)
{
    return f32_from_bits(f32_bits(a) & 0x7FFFFFFF);
}

static inline f32 f32_negate(f32 a)
{
    return f32_from_bits(f32_bits(a) ^ 0x80000000);
}

static inline f32 f32_copy_sign(f32 a, f32 b)
{
    return f32_from_bits((f32_bits(a) & 0x7FFFFFFF) | (f32_bits(b) & 0x80000000));
}

static inline f64 f64_absolute(f64 a)
{
    return f64_from_bits(f64_bits(a) & INT64_MAX);
}

static inline f64 f64_negate(f64 a)
{
    return f64_from_bits(f64_bits(a) ^ (u64)INT64_MIN);
}

static inline f64 f64_copy_sign(f64 a, f64 b)
{
    return f64_from_bits((f64_bits(a) & INT64_MAX) | (f64_bits(b) & (u64)INT64_MIN));
}

/* ---- Floats: values ---- */

/* Zeros compare equal, so their signs are joined by hand. */

static inline f32 f32_minimum(f32 a, f32 b)
{
    if (a != a || b != b)
        return a + b;
    if (a == b)
        return f32_from_bits(f32_bits(a) | f32_bits(b));
    return a < b ? a : b;
}

static inline f32 f32_maximum(f32 a, f32 b)
{
    if (a != a || b != b)
        return a + b;
    if (a == b)
        return f32_from_bits(f32_bits(a) & f32_bits(b));
    return a > b ? a : b;
}

static inline f64 f64_minimum(f64 a, f64 b)
{
    if (a != a || b != b)
        return a + b;
    if (a == b)
        return f64_from_bits(f64_bits(a) | f64_bits(b));
    return a < b ? a : b;
}

static inline f64 f64_maximum(f64 a, f64 b)
{
    if (a != a || b != b)
        return a + b;
    if (a == b)
        return f64_from_bits(f64_bits(a) & f64_bits(b));
    return a > b ? a : b;
}

/* Adding and taking away 2^23 (2^52) rounds what is smaller to an integer, ties to even; what is
 * as large is an integer already. */

static inline f32 f32_nearest(f32 a)
{
    f32 size = f32_absolute(a);
    if (size < 0x1p23f)
        return f32_copy_sign(size + 0x1p23f - 0x1p23f, a);
    return a == a ? a : a + a;
}

static inline f64 f64_nearest(f64 a)
{
    f64 size = f64_absolute(a);
    if (size < 0x1p52)
        return f64_copy_sign(size + 0x1p52 - 0x1p52, a);
    return a == a ? a : a + a;
}

static inline f32 f32_floor(f32 a)
{
    f32 near = f32_nearest(a);
    return near > a ? near - 1 : near;
}

static inline f64 f64_floor(f64 a)
{
    f64 near = f64_nearest(a);
    return near > a ? near - 1 : near;
}

/* The sign is copied for results of -0. */

static inline f32 f32_ceiling(f32 a)
{
    f32 near = f32_nearest(a);
    return near < a ? f32_copy_sign(near + 1, a) : near;
}

static inline f64 f64_ceiling(f64 a)
{
    f64 near = f64_nearest(a);
    return near < a ? f64_copy_sign(near + 1, a) : near;
}

static inline f32 f32_truncate(f32 a)
{
    f32 near = f32_nearest(f32_absolute(a));
    if (near > f32_absolute(a))
        near -= 1;
    return a == a ? f32_copy_sign(near, a) : a + a;
}

static inline f64 f64_truncate(f64 a)
{
    f64 near = f64_nearest(f64_absolute(a));
    if (near > f64_absolute(a))
        near -= 1;
    return a == a ? f64_copy_sign(near, a) : a + a;
}

/* ---- Floats to integers: what does not fit traps ---- */

#define NUMERIC_TRUNCATE(name, from, to, as, inside)                                              \
    static inline enum trap name(from a, to *result)                                              \
    {                                                                                             \
        if (a != a)                                                                               \
            return TRAP_INVALID_CONVERSION;                                                       \
        if (!(inside))                                                                            \
            return TRAP_INTEGER_OVERFLOW;                                                         \
        *result = (to)(as)a;                                                                      \
        return TRAP_NONE;                                                                         \
    }
NUMERIC_TRUNCATE(f32_to_i32, f32, u32, i32, a >= -0x1p31f && a < 0x1p31f)
NUMERIC_TRUNCATE(f32_to_u32, f32, u32, u32, a > -1.0f && a < 0x1p32f)
NUMERIC_TRUNCATE(f64_to_i32, f64, u32, i32, a > -0x1p31 - 1.0 && a < 0x1p31)
NUMERIC_TRUNCATE(f64_to_u32, f64, u32, u32, a > -1.0 && a < 0x1p32)
NUMERIC_TRUNCATE(f32_to_i64, f32, u64, i64, a >= -0x1p63f && a < 0x1p63f)
NUMERIC_TRUNCATE(f32_to_u64, f32, u64, u64, a > -1.0f && a < 0x1p64f)
NUMERIC_TRUNCATE(f64_to_i64, f64, u64, i64, a >= -0x1p63 && a < 0x1p63)
NUMERIC_TRUNCATE(f64_to_u64, f64, u64, u64, a > -1.0 && a < 0x1p64)
#undef NUMERIC_TRUNCATE

/* The same, where what does not fit becomes the nearest that does, and NaN becomes 0. */

#define NUMERIC_SATURATE(name, truncate, from, to, least, most)                                   \
    static inline to name(from a)                                                                 \
    {                                                                                             \
        to result = 0;                                                                            \
        if (truncate(a, &result) == TRAP_INTEGER_OVERFLOW)                                        \
            result = a < 0 ? (to)(least) : (to)(most);                                            \
        return result;                                                                            \
    }
NUMERIC_SATURATE(f32_to_i32_saturated, f32_to_i32, f32, u32, INT32_MIN, INT32_MAX)
NUMERIC_SATURATE(f32_to_u32_saturated, f32_to_u32, f32, u32, 0, UINT32_MAX)
NUMERIC_SATURATE(f64_to_i32_saturated, f64_to_i32, f64, u32, INT32_MIN, INT32_MAX)
NUMERIC_SATURATE(f64_to_u32_saturated, f64_to_u32, f64, u32, 0, UINT32_MAX)
NUMERIC_SATURATE(f32_to_i64_saturated, f32_to_i64, f32, u64, INT64_MIN, INT64_MAX)
NUMERIC_SATURATE(f32_to_u64_saturated, f32_to_u64, f32, u64, 0, UINT64_MAX)
NUMERIC_SATURATE(f64_to_i64_saturated, f64_to_i64, f64, u64, INT64_MIN, INT64_MAX)
NUMERIC_SATURATE(f64_to_u64_saturated, f64_to_u64, f64, u64, 0, UINT64_MAX)
#undef NUMERIC_SATURATE

#endif
