/* What is needed: counts how often each value is read by what is needed itself. */
#include "engine/compile/mark.h"

#include "engine/stretch.h"

/* ---- What is to be known of each kind of instruction ---- */

enum {
    DONE = IR_IS_DONE,
    ONE = DONE | 1 << IR_OPERANDS_SHIFT,
    TWO = DONE | 2 << IR_OPERANDS_SHIFT,
    THREE = DONE | 3 << IR_OPERANDS_SHIFT,
    ACTS = DONE | IR_ACTS,
    MAY_TRAP = IR_MAY_TRAP,
    LISTS = IR_LISTS,
};

/* Opcodes of one and of two operands; the rest are IR's own. */
const u8 ir_properties[IR_OP_END] = {
    [OPCODE_I32_LOAD ... OPCODE_I64_LOAD32_U] = ACTS | ONE,
    [OPCODE_I32_STORE ... OPCODE_I64_STORE32] = ACTS | TWO,
    [OPCODE_I32_EQZ] = ONE,
    [OPCODE_I32_EQ ... OPCODE_I32_GE_U] = TWO,
    [OPCODE_I64_EQZ] = ONE,
    [OPCODE_I64_EQ ... OPCODE_F64_GE] = TWO,
    [OPCODE_I32_CLZ ... OPCODE_I32_POPCNT] = ONE,
    [OPCODE_I32_ADD ... OPCODE_I32_MUL] = TWO,
    [OPCODE_I32_DIV_S ... OPCODE_I32_REM_U] = MAY_TRAP | TWO,
    [OPCODE_I32_AND ... OPCODE_I32_ROTR] = TWO,
    [OPCODE_I64_CLZ ... OPCODE_I64_POPCNT] = ONE,
    [OPCODE_I64_ADD ... OPCODE_I64_MUL] = TWO,
    [OPCODE_I64_DIV_S ... OPCODE_I64_REM_U] = MAY_TRAP | TWO,
    [OPCODE_I64_AND ... OPCODE_I64_ROTR] = TWO,
    [OPCODE_F32_ABS ... OPCODE_F32_SQRT] = ONE,
    [OPCODE_F32_ADD ... OPCODE_F32_COPYSIGN] = TWO,
    [OPCODE_F64_ABS ... OPCODE_F64_SQRT] = ONE,
    [OPCODE_F64_ADD ... OPCODE_F64_COPYSIGN] = TWO,
    [OPCODE_I32_WRAP_I64] = ONE,
    [OPCODE_I32_TRUNC_F32_S ... OPCODE_I32_TRUNC_F64_U] = ACTS | ONE,
    [OPCODE_I64_EXTEND_I32_S ... OPCODE_I64_EXTEND_I32_U] = ONE,
    [OPCODE_I64_TRUNC_F32_S ... OPCODE_I64_TRUNC_F64_U] = ACTS | ONE,
    [OPCODE_F32_CONVERT_I32_S ... OPCODE_I64_EXTEND32_S] = ONE,
    [OPCODE_I32_TRUNC_SAT_F32_S ... OPCODE_I64_TRUNC_SAT_F64_U] = ONE,
    [IR_GLOBAL_GET] = DONE,
    [IR_GLOBAL_SET] = ACTS | ONE,
    [IR_SELECT] = THREE,
    [IR_CALL ... IR_RUNTIME] = ACTS | LISTS,
    [IR_FUNCTION_REFERENCE ... IR_TABLE_SIZE] = DONE,
    [IR_JUMP] = ACTS,
    [IR_BRANCH ... IR_TABLE] = ACTS | ONE,
    [IR_RETURN] = ACTS | LISTS,
    [IR_TRAP] = ACTS,
    [IR_TAIL_CALL ... IR_TAIL_CALL_INDIRECT] = ACTS | LISTS,
};

/* ---- Counting ---- */

/* The walk goes backwards, and a value comes before all that read it, so mostly its own turn comes
 * when it is known whether it is needed. What a loop brings back to its beginning is behind that:
 * where only then something is needed that has been passed already, it waits to be counted. */
struct walk {
    struct marker *marker;
    struct ir *ir;
    u32 at;
    bool is_failed; /* no memory */
};

static BASE_RARE void wait(struct walk *walk, u32 value)
{
    struct marker *marker = walk->marker;
    if (!stretch(marker->source, (void **)&marker->waiting, &marker->capacity,
                 (usize)marker->waiting_count + 1, sizeof(*marker->waiting)))
        walk->is_failed = true;
    else
        marker->waiting[marker->waiting_count++] = value;
}

static inline void value_need(struct walk *walk, u32 value)
{
    struct ir_instruction *i = &walk->ir->code[value];
    if (__builtin_expect(value > walk->at, 0) && i->uses == 0 && !ir_acts(i))
        wait(walk, value);
    ir_use(i);
}

/* What the edges that lead to its block give for a parameter. */
static BASE_APART void arguments_need(struct walk *walk, const struct ir_instruction *parameter)
{
    const struct ir *ir = walk->ir;
    u32 number = parameter->c;
    u32 block = (parameter - 1 - number)->c;
    for (u32 edge = ir->entries[block]; edge != IR_NO_EDGE; edge = ir->others[edge])
        value_need(walk, ir->lists[ir->edges[edge].arguments + number]);
}

static BASE_APART void list_need(struct walk *walk, const struct ir_instruction *i)
{
    const u32 *operands = walk->ir->lists + i->list;
    for (u32 n = 0; n < i->list_count; n++)
        value_need(walk, operands[n]);
}

/* How many operands there are changes from one instruction to the next, so a branch would be guessed
 * wrong: what is no operand is taken for instruction 0, of which nobody counts uses. */
static BASE_WITHIN void operands_need(struct walk *walk, const struct ir_instruction *i)
{
    u32 count = ir_operand_count(i);
    value_need(walk, count > 0 ? i->a : 0);
    value_need(walk, count > 1 ? i->b : 0);
    if (__builtin_expect(count > 2, 0))
        value_need(walk, i->c);
    if (i->op == IR_PARAMETER)
        arguments_need(walk, i);
    else if (ir_has_list(i))
        list_need(walk, i);
}

static BASE_APART void waiting_need(struct walk *walk)
{
    struct marker *marker = walk->marker;
    while (marker->waiting_count != 0) {
        const struct ir_instruction *i = &walk->ir->code[marker->waiting[--marker->waiting_count]];
        operands_need(walk, i);
    }
}

/* Leaves out parameters behind the last that is needed: mostly there is none. */
static void parameters_trim(const struct ir *ir, struct ir_block *block)
{
    while (block->parameter_count != 0 &&
           ir->code[block->first + block->parameter_count].uses == 0)
        block->parameter_count--;
}

bool mark_run(struct marker *marker, struct ir *ir)
{
    struct walk walk = { .marker = marker, .ir = ir };
    marker->waiting_count = 0;
    for (u32 n = ir->count; n-- != 0;) {
        const struct ir_instruction *i = &ir->code[n];
        if (i->uses == 0 && !ir_acts(i))
            continue;
        walk.at = n;
        operands_need(&walk, i);
        if (marker->waiting_count != 0)
            waiting_need(&walk);
    }
    ir->code[0].uses = 0;
    for (u32 n = 0; n < ir->block_count; n++)
        parameters_trim(ir, &ir->blocks[n]);
    return !walk.is_failed;
}

void mark_destroy(struct marker *marker)
{
    stretch_give(marker->source, marker->waiting, marker->capacity, sizeof(*marker->waiting));
}
