/* A target that has every kind of constraint. */
#include "tests/compile/support/generate.h"

enum { TOY_FLOATS = 32, TOY_FOLDED_DEPTH = 3 };

static register_set called; /* what calls change */

/* ---- What is folded ---- */

static bool may_fold(const struct ir_instruction *i)
{
    return i->uses == 1 && i->type != IR_NONE && (i->op < OPCODE_COUNT || i->op == IR_SELECT);
}

static u32 folded_depth(const struct ir *ir, const struct ir_instruction *i)
{
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(ir, i, small, &count);
    u32 depth = 0;
    for (u32 k = 0; k < count; k++) {
        const struct ir_instruction *operand = &ir->code[operands[k]];
        u32 own = operand->folded ? 1 + folded_depth(ir, operand) : 0;
        depth = own > depth ? own : depth;
    }
    return depth;
}

/* Folds two in three of the operands that could be. A user that is not needed is none. */
static void fold_operands(struct ir *ir, const struct ir_block *block, u32 user)
{
    const struct ir_instruction *i = &ir->code[user];
    if (i->uses == 0 && !ir_acts(i))
        return;
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(ir, i, small, &count);
    for (u32 k = 0; k < count; k++) {
        struct ir_instruction *operand = &ir->code[operands[k]];
        if (operands[k] >= block->first && may_fold(operand) && (user + k) % 3 != 0 &&
            folded_depth(ir, operand) < TOY_FOLDED_DEPTH)
            operand->folded = 1;
    }
}

static void toy_fold(struct ir *ir)
{
    for (u32 block = 0; block < ir->block_count; block++) {
        for (u32 n = ir->blocks[block].first; n < ir->blocks[block].end; n++)
            fold_operands(ir, &ir->blocks[block], n);
    }
}

/* ---- What is asked for ---- */

static void toy_constrain(const struct ir *ir, u32 instruction, struct constraint *constraint,
                          u8 *wishes)
{
    if (instruction % 5 == 0) /* for some register, of whichever class */
        wishes[instruction] = (u8)(instruction / 5 % REGISTER_COUNT);
    switch (ir->code[instruction].op) {
    case OPCODE_I32_ADD:
    case OPCODE_F64_ADD:
        constraint->prefer = 1;
        break;
    case OPCODE_I32_SUB:
    case OPCODE_F64_SUB:
        *constraint = (struct constraint){ .prefer = 1, .late = 2 };
        break;
    case OPCODE_I32_SHL:
        *constraint = (struct constraint){ .prefer = 1, .late = 2, .clobbers = 4 };
        break;
    case OPCODE_I32_DIV_S:
        *constraint = (struct constraint){ .late = 2, .clobbers = 3 };
        break;
    case OPCODE_F64_CONVERT_I32_S:
        constraint->clobbers = (register_set)1 << TOY_FLOATS;
        break;
    case IR_SELECT:
        *constraint = (struct constraint){ .prefer = 2, .late = 5 };
        break;
    case IR_CALL_INDIRECT:
        *constraint = (struct constraint){ .clobbers = called, .saves = true, .late = 1 };
        break;
    case IR_CALL:
        *constraint = (struct constraint){ .clobbers = called, .saves = true };
        break;
    case IR_RUNTIME: /* another set */
        *constraint = (struct constraint){ .clobbers = called & ~(register_set)1, .saves = true };
        break;
    default:
        break;
    }
}

void toy_target(struct target *target, u32 registers)
{
    register_set some = ((register_set)1 << registers) - 1;
    register_set third = some & ~(some >> registers / 3); /* the highest third survives calls */
    *target = (struct target){
        .integers = some,
        .floats = some << TOY_FLOATS,
        .callee_saved = third | ((some & ~(some >> 1)) << TOY_FLOATS),
        .order_count = 2 * registers,
        .fold = toy_fold,
        .constrain = toy_constrain,
    };
    called = (target->integers | target->floats) & ~target->callee_saved;
    for (u32 n = 0; n < registers; n++) {
        target->order[n] = (u8)n;
        target->order[registers + n] = (u8)(TOY_FLOATS + n);
    }
}
