/* What is needed: counts how often each value is read by what is needed itself. */
#include "engine/compile/mark.h"

#include "engine/stretch.h"

/* ---- What is to be known of each kind of instruction ---- */

enum { ACTS = IR_ACTS, MAY_TRAP = IR_MAY_TRAP, ONE = 1, TWO = 2, THREE = 3 };

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
    [IR_GLOBAL_SET] = ACTS | ONE,
    [IR_SELECT] = THREE,
    [IR_CALL ... IR_RUNTIME] = ACTS,
    [IR_JUMP] = ACTS,
    [IR_BRANCH ... IR_TABLE] = ACTS | ONE,
    [IR_RETURN ... IR_TAIL_CALL_INDIRECT] = ACTS,
};

/* ---- Counting ---- */

static void mark_value(struct marker *marker, struct ir *ir, u32 value)
{
    struct ir_instruction *i = &ir->code[value];
    if (i->uses == 0 && !ir_acts(i))
        marker->waiting[marker->waiting_count++] = value;
    if (i->uses != IR_USES_MANY)
        i->uses++;
}

static void mark_operands(struct marker *marker, struct ir *ir, const struct ir_instruction *i)
{
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(ir, i, small, &count);
    for (u32 n = 0; n < count; n++)
        mark_value(marker, ir, operands[n]);
}

/* What the edges that lead to its block give for a parameter. */
static void mark_arguments(struct marker *marker, struct ir *ir, u32 parameter)
{
    u32 number = (u32)ir->code[parameter].bits;
    const struct ir_block *block = &ir->blocks[ir->code[parameter - 1 - number].bits];
    for (u32 edge = block->edges; edge != IR_NO_EDGE; edge = ir->edges[edge].next)
        mark_value(marker, ir, ir->lists[ir->edges[edge].arguments + number]);
}

static void mark_waiting(struct marker *marker, struct ir *ir)
{
    while (marker->waiting_count != 0) {
        u32 value = marker->waiting[--marker->waiting_count];
        if (ir->code[value].op == IR_PARAMETER)
            mark_arguments(marker, ir, value);
        else
            mark_operands(marker, ir, &ir->code[value]);
    }
}

bool mark_run(struct marker *marker, struct ir *ir)
{
    if (!stretch(marker->source, (void **)&marker->waiting, &marker->capacity, ir->count,
                 sizeof(*marker->waiting)))
        return false;
    for (u32 n = ir->count; n-- != 0;) {
        const struct ir_instruction *i = &ir->code[n];
        if (!ir_acts(i))
            continue;
        mark_operands(marker, ir, i);
        mark_waiting(marker, ir);
    }
    return true;
}

void mark_destroy(struct marker *marker)
{
    stretch_give(marker->source, marker->waiting, marker->capacity, sizeof(*marker->waiting));
}
