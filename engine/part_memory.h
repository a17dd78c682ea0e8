/* Parts that read and write memory, slots and globals.
 *
 * A 32-bit memory needs no check: address + offset + size stays inside its reservation, and what
 * lies beyond its pages faults. `execution->pc` says which instruction it was: written before each
 * access, and the accesses are volatile so that the order holds. */
#ifndef ENGINE_PART_MEMORY_H
#define ENGINE_PART_MEMORY_H

#include "engine/numeric.h"
#include "engine/part.h"

/* Memory is little endian and unaligned. */
#define UNALIGNED(type)                                                                           \
    struct unaligned_##type {                                                                     \
        type value;                                                                               \
    } __attribute__((packed, may_alias));                                                         \
    PART type memory_read_##type(const u8 *at)                                                    \
    {                                                                                             \
        return ((const volatile struct unaligned_##type *)at)->value;                             \
    }                                                                                             \
    PART void memory_write_##type(u8 *at, type value)                                             \
    {                                                                                             \
        ((volatile struct unaligned_##type *)at)->value = value;                                  \
    }
UNALIGNED(u8)
UNALIGNED(u16)
UNALIGNED(u32)
UNALIGNED(u64)
UNALIGNED(i8)
UNALIGNED(i16)
UNALIGNED(i32)
UNALIGNED(f32)
UNALIGNED(f64)
#undef UNALIGNED

PART void access_begins(const union word *w, const struct registers *r)
{
    *(const union word *volatile *)&r->execution->pc = w - 1;
}

PART u8 *address_s(const union word *w, const struct registers *r)
{
    return r->memory + (u64)slot_u32(r, w->access.a) + w->access.offset;
}

PART u8 *address_a(const union word *w, const struct registers *r)
{
    return r->memory + (u64)accumulator_u32(r) + w->access.offset;
}

PART u8 *address_k(const union word *w, const struct registers *r)
{
    return r->memory + w->access.offset;
}

/* In another memory than the first, whose index the second operand word holds. */
PART u8 *address_far(const union word *w, const struct registers *r)
{
    const struct memory *memory = r->execution->instance->memories[w[1].bits];
    return memory->base + (u64)slot_u32(r, w->access.a) + w->access.offset;
}

#define PART_LOAD(name, form, type, stored)                                                       \
    PART enum trap part_##name##_##form(const union word *w, struct registers *r)                 \
    {                                                                                             \
        access_begins(w, r);                                                                      \
        give_##type(r, (type)memory_read_##stored(address_##form(w, r)));                         \
        return TRAP_NONE;                                                                         \
    }
#define PART_LOAD_KEPT(name, form, kept, type)                                                    \
    PART enum trap part_##name##_##kept(const union word *w, struct registers *r)                 \
    {                                                                                             \
        part_##name##_##form(w, r);                                                               \
        keep_##type(r, w->slots.to, accumulator_##type(r));                                       \
        return TRAP_NONE;                                                                         \
    }
#define LOAD(opcode, name, type, stored)                                                          \
    PART_LOAD(name, s, type, stored)                                                              \
    PART_LOAD(name, a, type, stored)                                                              \
    PART_LOAD(name, k, type, stored)                                                              \
    PART_LOAD_KEPT(name, s, s_w, type)                                                            \
    PART_LOAD_KEPT(name, a, a_w, type)                                                            \
    PART_LOAD_KEPT(name, k, k_w, type)                                                            \
    PART enum trap part_##name##_far(const union word *w, struct registers *r)                    \
    {                                                                                             \
        access_begins(w, r);                                                                      \
        give_##type(r, (type)memory_read_##stored(address_far(w, r)));                            \
        keep_##type(r, w->slots.to, accumulator_##type(r));                                       \
        return TRAP_NONE;                                                                         \
    }

#define PART_STORE(name, form, stored, address, value)                                            \
    PART enum trap part_##name##_##form(const union word *w, struct registers *r)                 \
    {                                                                                             \
        access_begins(w, r);                                                                      \
        memory_write_##stored(address(w, r), (stored)(value));                                    \
        return TRAP_NONE;                                                                         \
    }
#define STORE(name, stored)                                                                       \
    PART_STORE(name, ss, stored, address_s, slot_u64(r, w->access.b))                             \
    PART_STORE(name, as, stored, address_a, slot_u64(r, w->access.b))                             \
    PART_STORE(name, ks, stored, address_k, slot_u64(r, w->access.b))                             \
    PART_STORE(name, sa, stored, address_s, r->integer)                                           \
    PART_STORE(name, ka, stored, address_k, r->integer)                                           \
    PART_STORE(name, sk, stored, address_s, w[1].bits)                                            \
    PART_STORE(name, ak, stored, address_a, w[1].bits)                                            \
    PART_STORE(name, kk, stored, address_k, w[1].bits)                                            \
    PART_STORE(name, far, stored, address_far, slot_u64(r, w->access.b))

#define COMMUTATIVE(opcode, name, type, expression)
#define ORDERED(opcode, name, type, expression)
#define CHECKED(opcode, name, type, function)
#define COMPARE(name, type, expression, swapped, negated)
#define TEST(opcode, name)
#define UNARY(opcode, name, from, to, expression)
#define CHECKED_UNARY(opcode, name, from, to, function)
#define LOAD_LIKE(opcode, name)
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

PART_STORE(store_f64, s, f64, address_s, r->real)
PART_STORE(store_f64, a, f64, address_a, r->real)
PART_STORE(store_f64, k, f64, address_k, r->real)
PART_STORE(store_f32, s, f32, address_s, r->single)
PART_STORE(store_f32, a, f32, address_a, r->single)
PART_STORE(store_f32, k, f32, address_k, r->single)

#undef PART_LOAD
#undef PART_LOAD_KEPT
#undef PART_STORE

/* ---- Moves ---- */

/* A part that gives nothing back but what its statement does. */
#define PART_STATEMENT(name, statement)                                                           \
    PART enum trap part_##name(const union word *w, struct registers *r)                          \
    {                                                                                             \
        statement;                                                                                \
        return TRAP_NONE;                                                                         \
    }

PART_STATEMENT(copy_slot, keep_u64(r, w->slots.to, slot_u64(r, w->slots.a)))
PART_STATEMENT(copy_u64, keep_u64(r, w->slots.to, r->integer))
PART_STATEMENT(copy_f64, keep_f64(r, w->slots.to, r->real))
PART_STATEMENT(copy_f32, keep_f32(r, w->slots.to, r->single))
PART_STATEMENT(copy_block, __builtin_memmove(&r->fp[w->slots.to], &r->fp[w->slots.a],
                                             (usize)w->slots.b * sizeof(u64)))
PART_STATEMENT(set_short, keep_u64(r, w->constant.to, (u64)(i64)w->constant.immediate))
PART_STATEMENT(set_long, keep_u64(r, w->slots.to, w[1].bits))

/* A result and its form that writes the slot as well. */
#define PART_GIVE(name, type, value)                                                              \
    PART_STATEMENT(name, give_##type(r, (value)))                                                 \
    PART_STATEMENT(name##_w, part_##name(w, r); keep_##type(r, w->slots.to, accumulator_##type(r)))

/* ---- Selections: a if the condition is not zero, else b ---- */

#define PART_SELECT(name, type, first, second)                                                    \
    PART_GIVE(name##_s, type, slot_u32(r, w->slots.c) != 0 ? (first) : (second))                  \
    PART_GIVE(name##_a, type, accumulator_u32(r) != 0 ? (first) : (second))
PART_SELECT(select_u64_ss, u64, slot_u64(r, w->slots.a), slot_u64(r, w->slots.b))
PART_SELECT(select_u64_sk, u64, slot_u64(r, w->slots.a), w[1].bits)
PART_SELECT(select_u64_ks, u64, w[1].bits, slot_u64(r, w->slots.b))
PART_SELECT(select_u64_kk, u64, w[1].indices.first, w[1].indices.second)
PART_SELECT(select_f64_ss, f64, slot_f64(r, w->slots.a), slot_f64(r, w->slots.b))
PART_SELECT(select_f32_ss, f32, slot_f32(r, w->slots.a), slot_f32(r, w->slots.b))
#undef PART_SELECT

/* ---- Globals: `immediate` is the cell of an own one, the index of a far one ---- */

PART u64 *global_own(const union word *w, const struct registers *r)
{
    return &r->execution->own_globals[w->constant.immediate];
}

PART u64 *global_far(const union word *w, const struct registers *r)
{
    return r->execution->instance->globals[w->constant.immediate];
}

PART_GIVE(global_get_u32, u32, (u32)*global_own(w, r))
PART_GIVE(global_get_u64, u64, *global_own(w, r))
PART_GIVE(global_get_f64, f64, f64_from_bits(*global_own(w, r)))
PART_GIVE(global_get_f32, f32, f32_from_bits((u32)*global_own(w, r)))
PART_STATEMENT(global_set_slot, *global_own(w, r) = slot_u64(r, w->slots.a))
PART_STATEMENT(global_set_u64, *global_own(w, r) = r->integer)
PART_STATEMENT(global_set_f64, *global_own(w, r) = f64_bits(r->real))
PART_STATEMENT(global_set_f32, *global_own(w, r) = f32_bits(r->single))
PART_STATEMENT(global_get_u32_far, keep_u64(r, w->slots.to, (u32)*global_far(w, r)))
PART_STATEMENT(global_get_u64_far, keep_u64(r, w->slots.to, *global_far(w, r)))
PART_STATEMENT(global_set_far, *global_far(w, r) = slot_u64(r, w->slots.a))

PART_STATEMENT(loop, r->loop = w)

#undef PART_GIVE
#undef PART_STATEMENT

#endif
