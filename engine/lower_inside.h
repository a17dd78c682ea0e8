/* What the files of lowering share. */
#ifndef ENGINE_LOWER_INSIDE_H
#define ENGINE_LOWER_INSIDE_H

#include "engine/lower.h"

/* Where an operand is for the instruction that takes it. */
enum place {
    PLACE_SLOT,
    PLACE_ACCUMULATOR,
    PLACE_CONSTANT,
};

enum comparison {
    COMPARISON_NONE,
#define COMMUTATIVE(opcode, name, type, expression)
#define ORDERED(opcode, name, type, expression)
#define CHECKED(opcode, name, type, function)
#define COMPARE(name, type, expression, swapped, negated) COMPARISON_##name,
#define TEST(opcode, name)
#define UNARY(opcode, name, from, to, expression)
#define CHECKED_UNARY(opcode, name, from, to, function)
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
};

/* Types of operands as instruction.def names them. */
enum lowered_type {
    LOWERED_u32,
    LOWERED_u64,
    LOWERED_f32,
    LOWERED_f64,
};

static inline enum value_class lowered_class(enum lowered_type type)
{
    if (type == LOWERED_f64)
        return CLASS_REAL;
    return type == LOWERED_f32 ? CLASS_SINGLE : CLASS_INTEGER;
}

static inline struct operand *operand_at(struct lowering *l, u32 from_top)
{
    return &l->operands[l->operand_count - 1 - from_top];
}

/* The slot of the operand at `index` from the bottom. */
static inline u32 operand_home(const struct lowering *l, u32 index)
{
    return l->temporary + index;
}

static inline void lower_push(struct lowering *l, struct operand operand)
{
    l->operands[l->operand_count++] = operand;
    if (l->operand_count > l->operand_peak)
        l->operand_peak = l->operand_count;
}

static inline struct operand lower_pop(struct lowering *l)
{
    struct operand operand = l->operands[--l->operand_count];
    if (operand.kind == OPERAND_LOCAL) {
        l->local_newest[operand.slot] = operand.older;
        l->local_operands--;
    }
    return operand;
}

/* Where an instruction finds an operand. In the accumulator, the pending one need not keep it. */
static inline enum place lower_place(struct lowering *l, const struct operand *operand)
{
    if (operand->kind == OPERAND_CONSTANT)
        return PLACE_CONSTANT;
    if (l->mirrors[operand->class] != operand->slot)
        return PLACE_SLOT;
    if (operand->kind == OPERAND_TEMPORARY && l->pending.id != I_NONE &&
        l->pending.to == operand->slot)
        l->pending.keep = false;
    return PLACE_ACCUMULATOR;
}

/* The accumulators have that slot's value no more. */
static inline void lower_slot_written(struct lowering *l, u32 slot)
{
    for (u32 i = 0; i < CLASS_COUNT; i++)
        if (l->mirrors[i] == slot)
            l->mirrors[i] = NO_SLOT;
    if (l->pending.before == slot)
        l->pending.before = NO_SLOT;
}

/* ---- lower.c ---- */

/* Writes an instruction behind the code; gives the index of its first operand word. */
u32 lower_write(struct lowering *l, u32 id, const union word words[2]);
/* Writes the pending one, if there is one. */
void lower_flush(struct lowering *l);
/* flush and write; no result. */
u32 lower_emit(struct lowering *l, u32 id, union word first, union word second);
/* flush, and this one becomes pending, its result the new top operand. */
void lower_give(struct lowering *l, u32 id, enum value_class class, union word first,
                union word second);

/* A new top operand that is in its own slot. */
void lower_push_temporary(struct lowering *l, enum value_class class);
void lower_push_results(struct lowering *l, const value_type *types, u32 count);
/* Pops until `count` operands are left. */
void lower_truncate(struct lowering *l, u32 count);

/* Puts a constant into its own slot (a local has to be unlinked as well, as the next three do). */
void lower_settle(struct lowering *l, u32 index);
/* The uppermost `count` operands; or those below the top one. */
void lower_settle_top(struct lowering *l, u32 count);
void lower_settle_below(struct lowering *l, u32 count);
/* No operand is a local any more, but for the top one if `spared` is 1. */
void lower_settle_locals(struct lowering *l, u32 spared);

void lower_forget_mirrors(struct lowering *l);
/* Room for that many words. */
bool lower_words(struct lowering *l, u32 count);
/* Moves the operand at the top, which is popped by the caller, to a slot. */
void lower_move(struct lowering *l, const struct operand *operand, u32 to);

/* ---- lower_numeric.c ---- */

/* Turns the pending comparison, or the value, that is the top operand into the branch that is taken
 * if it is (not) zero: flushes, pops it, writes the branch, gives its operand word. `variant` counts
 * from the forward branch. */
u32 lower_condition(struct lowering *l, bool zero, u32 variant);

#endif
