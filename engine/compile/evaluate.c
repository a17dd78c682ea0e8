#include "engine/compile/evaluate.h"

#include "engine/numeric.h"

/* ---- Values as bits ---- */

static inline u32 from_bits_u32(u64 bits)
{
    return (u32)bits;
}

static inline u64 from_bits_u64(u64 bits)
{
    return bits;
}

static inline f32 from_bits_f32(u64 bits)
{
    return f32_from_bits((u32)bits);
}

static inline f64 from_bits_f64(u64 bits)
{
    return f64_from_bits(bits);
}

static inline u64 to_bits_u32(u32 value)
{
    return value;
}

static inline u64 to_bits_u64(u64 value)
{
    return value;
}

static inline u64 to_bits_f32(f32 value)
{
    return f32_bits(value);
}

static inline u64 to_bits_f64(f64 value)
{
    return f64_bits(value);
}

/* ---- One function a row ---- */

#define COMMUTATIVE(opcode, name, type, expression) ORDERED(opcode, name, type, expression)
#define ORDERED(opcode, name, type, expression)                                                   \
    static bool compute_##name(u64 a_bits, u64 b_bits, u64 *result)                               \
    {                                                                                             \
        type a = from_bits_##type(a_bits);                                                        \
        type b = from_bits_##type(b_bits);                                                        \
        *result = to_bits_##type(expression);                                                     \
        return true;                                                                              \
    }
#define CHECKED(opcode, name, type, function)                                                     \
    static bool compute_##name(u64 a_bits, u64 b_bits, u64 *result)                               \
    {                                                                                             \
        type value = 0;                                                                           \
        enum trap trap = function(from_bits_##type(a_bits), from_bits_##type(b_bits), &value);    \
        *result = to_bits_##type(value);                                                          \
        return trap == TRAP_NONE;                                                                 \
    }
#define COMPARE(name, type, expression, swapped, negated)                                         \
    static inline bool compute_##name(u64 a_bits, u64 b_bits, u64 *result)                        \
    {                                                                                             \
        type a = from_bits_##type(a_bits);                                                        \
        type b = from_bits_##type(b_bits);                                                        \
        *result = (expression);                                                                   \
        return true;                                                                              \
    }
#define UNARY(opcode, name, from, to, expression)                                                 \
    static bool compute_##name(u64 a_bits, u64 b_bits, u64 *result)                               \
    {                                                                                             \
        from a = from_bits_##from(a_bits);                                                        \
        (void)b_bits;                                                                             \
        *result = to_bits_##to(expression);                                                       \
        return true;                                                                              \
    }
#define CHECKED_UNARY(opcode, name, from, to, function)                                           \
    static bool compute_##name(u64 a_bits, u64 b_bits, u64 *result)                               \
    {                                                                                             \
        to value = 0;                                                                             \
        (void)b_bits;                                                                             \
        enum trap trap = function(from_bits_##from(a_bits), &value);                              \
        *result = to_bits_##to(value);                                                            \
        return trap == TRAP_NONE;                                                                 \
    }
#define TEST(opcode, name)
#define LOAD(opcode, name, type, memory_type)
#define LOAD_LIKE(opcode, name)
#define STORE(name, type)
#define STORE_LIKE(opcode, name)
#include "engine/instruction.def"
#undef COMMUTATIVE
#undef ORDERED
#undef CHECKED
#undef COMPARE
#undef UNARY
#undef CHECKED_UNARY
#undef TEST

static bool compute_i32_eqz(u64 a, u64 b, u64 *result)
{
    (void)b;
    *result = (u32)a == 0;
    return true;
}

static bool compute_i64_eqz(u64 a, u64 b, u64 *result)
{
    (void)b;
    *result = a == 0;
    return true;
}

static bool compute_extend(u64 a, u64 b, u64 *result)
{
    (void)b;
    *result = (u32)a;
    return true;
}

typedef bool computation(u64 a, u64 b, u64 *result);

static computation *const computations[OPCODE_COUNT] = {
#define COMMUTATIVE(opcode, name, type, expression) [OPCODE_##opcode] = compute_##name,
#define ORDERED(opcode, name, type, expression) [OPCODE_##opcode] = compute_##name,
#define CHECKED(opcode, name, type, function) [OPCODE_##opcode] = compute_##name,
#define COMPARE(name, type, expression, swapped, negated)
#define TEST(opcode, name) [OPCODE_##opcode] = compute_##name,
#define UNARY(opcode, name, from, to, expression) [OPCODE_##opcode] = compute_##name,
#define CHECKED_UNARY(opcode, name, from, to, function) [OPCODE_##opcode] = compute_##name,
#include "engine/instruction.def"
#undef COMMUTATIVE
#undef ORDERED
#undef CHECKED
#undef COMPARE
#undef UNARY
#undef CHECKED_UNARY
#undef TEST
#undef LOAD
#undef LOAD_LIKE
#undef STORE
#undef STORE_LIKE
    [OPCODE_I32_EQZ] = compute_i32_eqz,
    [OPCODE_I64_EQZ] = compute_i64_eqz,
    [OPCODE_I64_EXTEND_I32_U] = compute_extend,
};

bool evaluate(u32 opcode, u64 a, u64 b, u64 *result)
{
    return opcode < OPCODE_COUNT && computations[opcode] != NULL &&
           computations[opcode](a, b, result);
}

/* Comparisons stand in pairs and fours, in the same order for all integers. */
u32 evaluate_negated(u32 opcode)
{
    static const u16 negated[] = {
        [OPCODE_I32_EQ] = OPCODE_I32_NE,     [OPCODE_I32_NE] = OPCODE_I32_EQ,
        [OPCODE_I32_LT_S] = OPCODE_I32_GE_S, [OPCODE_I32_GE_S] = OPCODE_I32_LT_S,
        [OPCODE_I32_LT_U] = OPCODE_I32_GE_U, [OPCODE_I32_GE_U] = OPCODE_I32_LT_U,
        [OPCODE_I32_GT_S] = OPCODE_I32_LE_S, [OPCODE_I32_LE_S] = OPCODE_I32_GT_S,
        [OPCODE_I32_GT_U] = OPCODE_I32_LE_U, [OPCODE_I32_LE_U] = OPCODE_I32_GT_U,
        [OPCODE_I64_EQ] = OPCODE_I64_NE,     [OPCODE_I64_NE] = OPCODE_I64_EQ,
        [OPCODE_I64_LT_S] = OPCODE_I64_GE_S, [OPCODE_I64_GE_S] = OPCODE_I64_LT_S,
        [OPCODE_I64_LT_U] = OPCODE_I64_GE_U, [OPCODE_I64_GE_U] = OPCODE_I64_LT_U,
        [OPCODE_I64_GT_S] = OPCODE_I64_LE_S, [OPCODE_I64_LE_S] = OPCODE_I64_GT_S,
        [OPCODE_I64_GT_U] = OPCODE_I64_LE_U, [OPCODE_I64_LE_U] = OPCODE_I64_GT_U,
        [OPCODE_F32_EQ] = OPCODE_F32_NE,     [OPCODE_F32_NE] = OPCODE_F32_EQ,
        [OPCODE_F64_EQ] = OPCODE_F64_NE,     [OPCODE_F64_NE] = OPCODE_F64_EQ,
    };
    return opcode < BASE_ARRAY_COUNT(negated) ? negated[opcode] : 0;
}

u32 evaluate_swapped(u32 opcode)
{
    static const u16 swapped[] = {
        [OPCODE_I32_LT_S] = OPCODE_I32_GT_S, [OPCODE_I32_GT_S] = OPCODE_I32_LT_S,
        [OPCODE_I32_LT_U] = OPCODE_I32_GT_U, [OPCODE_I32_GT_U] = OPCODE_I32_LT_U,
        [OPCODE_I32_LE_S] = OPCODE_I32_GE_S, [OPCODE_I32_GE_S] = OPCODE_I32_LE_S,
        [OPCODE_I32_LE_U] = OPCODE_I32_GE_U, [OPCODE_I32_GE_U] = OPCODE_I32_LE_U,
        [OPCODE_I64_LT_S] = OPCODE_I64_GT_S, [OPCODE_I64_GT_S] = OPCODE_I64_LT_S,
        [OPCODE_I64_LT_U] = OPCODE_I64_GT_U, [OPCODE_I64_GT_U] = OPCODE_I64_LT_U,
        [OPCODE_I64_LE_S] = OPCODE_I64_GE_S, [OPCODE_I64_GE_S] = OPCODE_I64_LE_S,
        [OPCODE_I64_LE_U] = OPCODE_I64_GE_U, [OPCODE_I64_GE_U] = OPCODE_I64_LE_U,
        [OPCODE_I32_EQ] = OPCODE_I32_EQ,     [OPCODE_I32_NE] = OPCODE_I32_NE,
        [OPCODE_I64_EQ] = OPCODE_I64_EQ,     [OPCODE_I64_NE] = OPCODE_I64_NE,
        [OPCODE_I32_ADD] = OPCODE_I32_ADD,   [OPCODE_I32_MUL] = OPCODE_I32_MUL,
        [OPCODE_I32_AND] = OPCODE_I32_AND,   [OPCODE_I32_OR] = OPCODE_I32_OR,
        [OPCODE_I32_XOR] = OPCODE_I32_XOR,   [OPCODE_I64_ADD] = OPCODE_I64_ADD,
        [OPCODE_I64_MUL] = OPCODE_I64_MUL,   [OPCODE_I64_AND] = OPCODE_I64_AND,
        [OPCODE_I64_OR] = OPCODE_I64_OR,     [OPCODE_I64_XOR] = OPCODE_I64_XOR,
    };
    return opcode < BASE_ARRAY_COUNT(swapped) ? swapped[opcode] : 0;
}

enum ir_type evaluate_type(u32 opcode)
{
    static const u8 types[SIGNATURE_first_refused] = {
        [SIGNATURE_i_i] = IR_I32,  [SIGNATURE_i_l] = IR_I64,  [SIGNATURE_i_f] = IR_F32,
        [SIGNATURE_i_d] = IR_F64,  [SIGNATURE_l_i] = IR_I32,  [SIGNATURE_l_l] = IR_I64,
        [SIGNATURE_l_f] = IR_F32,  [SIGNATURE_l_d] = IR_F64,  [SIGNATURE_f_i] = IR_I32,
        [SIGNATURE_f_l] = IR_I64,  [SIGNATURE_f_f] = IR_F32,  [SIGNATURE_f_d] = IR_F64,
        [SIGNATURE_d_i] = IR_I32,  [SIGNATURE_d_l] = IR_I64,  [SIGNATURE_d_f] = IR_F32,
        [SIGNATURE_d_d] = IR_F64,  [SIGNATURE_ii_i] = IR_I32, [SIGNATURE_ll_i] = IR_I32,
        [SIGNATURE_ll_l] = IR_I64, [SIGNATURE_ff_i] = IR_I32, [SIGNATURE_ff_f] = IR_F32,
        [SIGNATURE_dd_i] = IR_I32, [SIGNATURE_dd_d] = IR_F64,
    };
    return types[opcode_infos[opcode].signature];
}
