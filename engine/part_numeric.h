/* Parts of the rows of instruction.def that compute and compare. */
#ifndef ENGINE_PART_NUMERIC_H
#define ENGINE_PART_NUMERIC_H

#include "engine/numeric.h"
#include "engine/part.h"

/* Where a and b come from in each form; ks and ka have their slot, if any, in `a`. */
#define OPERANDS_ss(type)                                                                         \
    type a = slot_##type(r, w->slots.a), b = slot_##type(r, w->slots.b)
#define OPERANDS_as(type) type a = accumulator_##type(r), b = slot_##type(r, w->slots.b)
#define OPERANDS_sa(type) type a = slot_##type(r, w->slots.a), b = accumulator_##type(r)
#define OPERANDS_sk(type) type a = slot_##type(r, w->slots.a), b = constant_##type(w)
#define OPERANDS_ak(type) type a = accumulator_##type(r), b = constant_##type(w)
#define OPERANDS_ks(type) type a = constant_##type(w), b = slot_##type(r, w->slots.a)
#define OPERANDS_ka(type) type a = constant_##type(w), b = accumulator_##type(r)
#define OPERANDS_s(type) type a = slot_##type(r, w->slots.a)
#define OPERANDS_a(type) type a = accumulator_##type(r)

/* The part that leaves its result in the accumulator, and the one that writes its slot as well. */
#define PART_RESULT(name, form, source, target, expression)                                       \
    PART enum trap part_##name##_##form(const union word *w, struct registers *r)                 \
    {                                                                                             \
        (void)w;                                                                                  \
        OPERANDS_##form(source);                                                                  \
        give_##target(r, (expression));                                                           \
        return TRAP_NONE;                                                                         \
    }                                                                                             \
    PART enum trap part_##name##_##form##_w(const union word *w, struct registers *r)             \
    {                                                                                             \
        part_##name##_##form(w, r);                                                               \
        keep_##target(r, w->slots.to, accumulator_##target(r));                                   \
        return TRAP_NONE;                                                                         \
    }

/* The same for computations that may trap; then nothing is written. */
#define PART_CHECKED(name, form, source, target, call)                                            \
    PART enum trap part_##name##_##form(const union word *w, struct registers *r)                 \
    {                                                                                             \
        (void)w;                                                                                  \
        OPERANDS_##form(source);                                                                  \
        target result = 0;                                                                        \
        enum trap trap = call;                                                                    \
        give_##target(r, result);                                                                 \
        return trap;                                                                              \
    }                                                                                             \
    PART enum trap part_##name##_##form##_w(const union word *w, struct registers *r)             \
    {                                                                                             \
        enum trap trap = part_##name##_##form(w, r);                                              \
        if (trap == TRAP_NONE)                                                                    \
            keep_##target(r, w->slots.to, accumulator_##target(r));                               \
        return trap;                                                                              \
    }

/* A branch has its target where others have b or the constant: b is in the place of `to`, and a
 * constant has a word of its own, in full. */
#define BRANCH_OPERANDS_ss(type)                                                                  \
    type a = slot_##type(r, w->jump.a), b = slot_##type(r, w->jump.b)
#define BRANCH_OPERANDS_as(type) type a = accumulator_##type(r), b = slot_##type(r, w->jump.b)
#define BRANCH_OPERANDS_sk(type) type a = slot_##type(r, w->jump.a), b = word_##type(w)
#define BRANCH_OPERANDS_ak(type) type a = accumulator_##type(r), b = word_##type(w)
#define BRANCH_OPERANDS_s(type) OPERANDS_s(type)
#define BRANCH_OPERANDS_a(type)                                                                   \
    (void)w;                                                                                      \
    OPERANDS_a(type)
#define PART_TEST(name, form, type, expression)                                                   \
    PART bool test_br_##name##_##form(const union word *w, struct registers *r)                   \
    {                                                                                             \
        BRANCH_OPERANDS_##form(type);                                                             \
        return (expression);                                                                      \
    }                                                                                             \
    PART bool test_br_##name##_##form##_back(const union word *w, struct registers *r)            \
    {                                                                                             \
        return test_br_##name##_##form(w, r);                                                     \
    }                                                                                             \
    PART bool test_br_##name##_##form##_near(const union word *w, struct registers *r)            \
    {                                                                                             \
        return test_br_##name##_##form(w, r);                                                     \
    }

PART u32 word_u32(const union word *w)
{
    return (u32)w[1].bits;
}

PART u64 word_u64(const union word *w)
{
    return w[1].bits;
}

PART f64 word_f64(const union word *w)
{
    return constant_f64(w);
}

PART f32 word_f32(const union word *w)
{
    f32 value;
    __builtin_memcpy(&value, &w[1], sizeof(value));
    return value;
}

#define COMMUTATIVE(opcode, name, type, expression)                                               \
    PART_RESULT(name, ss, type, type, expression)                                                 \
    PART_RESULT(name, as, type, type, expression)                                                 \
    PART_RESULT(name, sk, type, type, expression)                                                 \
    PART_RESULT(name, ak, type, type, expression)
#define ORDERED(opcode, name, type, expression)                                                   \
    COMMUTATIVE(opcode, name, type, expression)                                                   \
    PART_RESULT(name, sa, type, type, expression)                                                 \
    PART_RESULT(name, ks, type, type, expression)                                                 \
    PART_RESULT(name, ka, type, type, expression)
#define CHECKED(opcode, name, type, function)                                                     \
    PART_CHECKED(name, ss, type, type, function(a, b, &result))                                   \
    PART_CHECKED(name, as, type, type, function(a, b, &result))                                   \
    PART_CHECKED(name, sk, type, type, function(a, b, &result))                                   \
    PART_CHECKED(name, ak, type, type, function(a, b, &result))                                   \
    PART_CHECKED(name, sa, type, type, function(a, b, &result))                                   \
    PART_CHECKED(name, ks, type, type, function(a, b, &result))                                   \
    PART_CHECKED(name, ka, type, type, function(a, b, &result))
#define COMPARE(name, type, expression, swapped, negated)                                         \
    PART_RESULT(name, ss, type, u32, expression)                                                  \
    PART_RESULT(name, as, type, u32, expression)                                                  \
    PART_RESULT(name, sk, type, u32, expression)                                                  \
    PART_RESULT(name, ak, type, u32, expression)                                                  \
    PART_TEST(name, ss, type, expression)                                                         \
    PART_TEST(name, as, type, expression)                                                         \
    PART_TEST(name, sk, type, expression)                                                         \
    PART_TEST(name, ak, type, expression)
#define TEST(opcode, name)
#define UNARY(opcode, name, from, to, expression)                                                 \
    PART_RESULT(name, s, from, to, expression)                                                    \
    PART_RESULT(name, a, from, to, expression)
#define CHECKED_UNARY(opcode, name, from, to, function)                                           \
    PART_CHECKED(name, s, from, to, function(a, &result))                                         \
    PART_CHECKED(name, a, from, to, function(a, &result))
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
#undef LOAD
#undef LOAD_LIKE
#undef STORE
#undef STORE_LIKE

PART_TEST(u32_zero, s, u32, a == 0)
PART_TEST(u32_some, s, u32, a != 0)
PART_TEST(u64_zero, s, u64, a == 0)
PART_TEST(u64_some, s, u64, a != 0)
PART_TEST(u32_zero, a, u32, a == 0)
PART_TEST(u32_some, a, u32, a != 0)
PART_TEST(u64_zero, a, u64, a == 0)
PART_TEST(u64_some, a, u64, a != 0)

#undef PART_RESULT
#undef PART_CHECKED
#undef PART_TEST
#undef OPERANDS_ss
#undef OPERANDS_as
#undef OPERANDS_sa
#undef OPERANDS_sk
#undef OPERANDS_ak
#undef OPERANDS_ks
#undef OPERANDS_ka
#undef OPERANDS_s
#undef OPERANDS_a
#undef BRANCH_OPERANDS_ss
#undef BRANCH_OPERANDS_as
#undef BRANCH_OPERANDS_sk
#undef BRANCH_OPERANDS_ak
#undef BRANCH_OPERANDS_s
#undef BRANCH_OPERANDS_a

#endif
