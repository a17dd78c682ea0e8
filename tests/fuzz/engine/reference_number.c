/* Numeric operators: the same expressions that the interpreter is made of, which the WebAssembly
 * suite tests; here, what matters is what becomes of their operands and results. */
#include "engine/numeric.h"
#include "tests/fuzz/engine/reference.h"

static u32 as_u32(u64 bits)
{
    return (u32)bits;
}

static u64 as_u64(u64 bits)
{
    return bits;
}

static f32 as_f32(u64 bits)
{
    return f32_from_bits((u32)bits);
}

static f64 as_f64(u64 bits)
{
    return f64_from_bits(bits);
}

static u64 bits_u32(u32 value)
{
    return value;
}

static u64 bits_u64(u64 value)
{
    return value;
}

static u64 bits_f32(f32 value)
{
    return f32_bits(value);
}

static u64 bits_f64(f64 value)
{
    return f64_bits(value);
}

typedef enum trap compute(u64 first, u64 second, u64 *result);

#define COMPUTE(name, from, to, expression)                                                       \
    __attribute__((unused)) static enum trap compute_##name(u64 first, u64 second, u64 *result)    \
    {                                                                                             \
        from a = as_##from(first), b = as_##from(second);                                         \
        (void)b;                                                                                  \
        *result = bits_##to((to)(expression));                                                    \
        return TRAP_NONE;                                                                         \
    }
#define COMPUTE_CHECKED(name, from, to, call)                                                     \
    __attribute__((unused)) static enum trap compute_##name(u64 first, u64 second, u64 *result)    \
    {                                                                                             \
        from a = as_##from(first), b = as_##from(second);                                         \
        to computed = 0;                                                                          \
        (void)b;                                                                                  \
        enum trap reason = call;                                                                  \
        *result = bits_##to(computed);                                                            \
        return reason;                                                                            \
    }
#define COMMUTATIVE(opcode, name, type, expression) COMPUTE(name, type, type, expression)
#define ORDERED(opcode, name, type, expression) COMPUTE(name, type, type, expression)
#define CHECKED(opcode, name, type, function)                                                     \
    COMPUTE_CHECKED(name, type, type, function(a, b, &computed))
#define COMPARE(name, type, expression, swapped, negated) COMPUTE(name, type, u32, expression)
#define TEST(opcode, name)
#define UNARY(opcode, name, from, to, expression) COMPUTE(name, from, to, expression)
#define CHECKED_UNARY(opcode, name, from, to, function)                                           \
    COMPUTE_CHECKED(name, from, to, function(a, &computed))
#define LOAD(opcode, name, type, stored)
#define LOAD_LIKE(opcode, name)
#define STORE(name, stored)
#define STORE_LIKE(opcode, name)
#include "engine/instruction.def"
#undef COMMUTATIVE
#undef ORDERED
#undef CHECKED
#undef COMPARE
#undef TEST
#undef UNARY
#undef CHECKED_UNARY

static compute *const computes[OPCODE_COUNT] = {
#define COMMUTATIVE(opcode, name, type, expression) [OPCODE_##opcode] = compute_##name,
#define ORDERED(opcode, name, type, expression) [OPCODE_##opcode] = compute_##name,
#define CHECKED(opcode, name, type, function) [OPCODE_##opcode] = compute_##name,
#define COMPARE(name, type, expression, swapped, negated)
#define TEST(opcode, name) [OPCODE_##opcode] = compute_##name,
#define UNARY(opcode, name, from, to, expression) [OPCODE_##opcode] = compute_##name,
#define CHECKED_UNARY(opcode, name, from, to, function) [OPCODE_##opcode] = compute_##name,
#include "engine/instruction.def"
};

void reference_number(struct reference_frame *frame, u32 opcode)
{
    u64 result = 0;
    if (opcode == OPCODE_I64_EXTEND_I32_U)
        return;
    if (opcode == OPCODE_I32_EQZ || opcode == OPCODE_I64_EQZ) {
        reference_push(frame, reference_pop(frame) == 0);
        return;
    }
    bool is_binary = opcode_infos[opcode].signature >= SIGNATURE_first_binary;
    u64 second = is_binary ? reference_pop(frame) : 0;
    u64 first = reference_pop(frame);
    BASE_ASSERT(computes[opcode] != NULL);
    enum trap trap = computes[opcode](first, second, &result);
    reference_push(frame, result);
    if (trap != TRAP_NONE)
        reference_trap(frame, trap);
}
