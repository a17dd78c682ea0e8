/* The registers of the interpreter and how an instruction's operands are read and its results
 * written. A `part` is what one instruction computes, without the jump to the next, so that
 * fusions can join several in one handler:
 *
 *   enum trap part_NAME(const union word *w, struct registers *r)   of a STRAIGHT instruction
 *   bool test_NAME(const union word *w, struct registers *r)        of a BRANCH: whether to take it
 *
 * `w` is the first operand word. Everything here is inlined; the registers never are in memory. */
#ifndef ENGINE_PART_H
#define ENGINE_PART_H

#include "engine/execution.h"
#include "engine/instruction.h"

#define PART static inline __attribute__((always_inline))

struct registers {
    u64 *fp;
    u8 *memory; /* base of memory 0 */
    struct execution *execution;
    const union word *loop; /* where the innermost loop begins, unless something was called since */
    u64 integer;            /* the accumulators */
    f64 real;
    f32 single;
};

/* ---- Operands: slot_T reads a slot, accumulator_T an accumulator, constant_T the code ---- */

PART u32 slot_u32(const struct registers *r, u32 slot)
{
    return (u32)r->fp[slot];
}

PART u64 slot_u64(const struct registers *r, u32 slot)
{
    return r->fp[slot];
}

PART f64 slot_f64(const struct registers *r, u32 slot)
{
    f64 value;
    __builtin_memcpy(&value, &r->fp[slot], sizeof(value));
    return value;
}

PART f32 slot_f32(const struct registers *r, u32 slot)
{
    f32 value;
    __builtin_memcpy(&value, &r->fp[slot], sizeof(value));
    return value;
}

PART u32 accumulator_u32(const struct registers *r)
{
    return (u32)r->integer;
}

PART u64 accumulator_u64(const struct registers *r)
{
    return r->integer;
}

PART f64 accumulator_f64(const struct registers *r)
{
    return r->real;
}

PART f32 accumulator_f32(const struct registers *r)
{
    return r->single;
}

PART u32 constant_u32(const union word *w)
{
    return (u32)w->constant.immediate;
}

PART u64 constant_u64(const union word *w)
{
    return w[1].bits;
}

PART f64 constant_f64(const union word *w)
{
    f64 value;
    __builtin_memcpy(&value, &w[1], sizeof(value));
    return value;
}

PART f32 constant_f32(const union word *w)
{
    f32 value;
    __builtin_memcpy(&value, &w->constant.immediate, sizeof(value));
    return value;
}

/* ---- Results: give_T sets an accumulator, keep_T writes a slot, all 64 bits of it ---- */

PART void give_u32(struct registers *r, u32 value)
{
    r->integer = value;
}

PART void give_u64(struct registers *r, u64 value)
{
    r->integer = value;
}

PART void give_f64(struct registers *r, f64 value)
{
    r->real = value;
}

PART void give_f32(struct registers *r, f32 value)
{
    r->single = value;
}

PART void keep_u32(const struct registers *r, u32 slot, u32 value)
{
    r->fp[slot] = value;
}

PART void keep_u64(const struct registers *r, u32 slot, u64 value)
{
    r->fp[slot] = value;
}

PART void keep_f64(const struct registers *r, u32 slot, f64 value)
{
    __builtin_memcpy(&r->fp[slot], &value, sizeof(value));
}

PART void keep_f32(const struct registers *r, u32 slot, f32 value)
{
    u32 bits;
    __builtin_memcpy(&bits, &value, sizeof(bits));
    r->fp[slot] = bits;
}

#endif
