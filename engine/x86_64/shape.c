#include "engine/x86_64/shape.h"

const u8 shape_distances[UINT8_MAX + 1] = {
    [OPCODE_I64_EQZ ... OPCODE_I64_GE_U] = OPCODE_I64_EQZ - OPCODE_I32_EQZ,
    [OPCODE_F64_EQ ... OPCODE_F64_GE] = OPCODE_F64_EQ - OPCODE_F32_EQ,
    [OPCODE_I64_CLZ ... OPCODE_I64_ROTR] = OPCODE_I64_CLZ - OPCODE_I32_CLZ,
    [OPCODE_F64_ABS ... OPCODE_F64_COPYSIGN] = OPCODE_F64_ABS - OPCODE_F32_ABS,
};

struct sum sum_of(const struct ir *ir, const struct ir_instruction *i)
{
    struct sum sum = { .index = IR_NO_VALUE };
    if (is_immediate(ir, i->b)) {
        sum.displacement = (i32)ir_bits(&ir->code[i->b]);
        sum.base = i->a;
        if (!ir->code[i->a].folded || shape_of(ir->code[i->a].op).op != OPCODE_I32_ADD)
            return sum;
        i = &ir->code[i->a];
    }
    sum.base = i->a;
    sum.index = i->b;
    for (u32 n = 0; n < 2; n++) {
        const struct ir_instruction *index = &ir->code[sum.index];
        if (index->folded && is_scaled(ir, index)) {
            sum.scale = (u8)ir_bits(&ir->code[index->b]);
            sum.index = index->a;
            return sum;
        }
        u32 other = sum.base;
        sum.base = sum.index;
        sum.index = other;
    }
    return sum;
}

struct multiplier multiplier_of(const struct ir *ir, const struct ir_instruction *i)
{
    struct multiplier multiplier = { MULTIPLY_PLAIN, 0, 0 };
    if (!is_constant(ir, i->b) || ir_bits(&ir->code[i->b]) == 0)
        return multiplier;
    u64 factor = ir_bits(&ir->code[i->b]);
    u32 shift = (u32)__builtin_ctzll(factor);
    u64 odd = factor >> shift;
    multiplier.shift = (u8)shift;
    if (odd == 1)
        multiplier.kind = MULTIPLY_SHIFT;
    else if (odd == 3 || odd == 5 || odd == 9)
        multiplier.kind = MULTIPLY_LEA;
    multiplier.scale = (u8)(odd == 9 ? 3 : odd / 2);
    return multiplier;
}

struct divisor divisor_of(const struct ir *ir, const struct ir_instruction *i)
{
    struct shape shape = shape_of(i->op);
    struct divisor d = {
        .is_signed = shape.op == OPCODE_I32_DIV_S || shape.op == OPCODE_I32_REM_S,
        .is_remainder = shape.op == OPCODE_I32_REM_S || shape.op == OPCODE_I32_REM_U,
        .is_wide = shape.is_wide,
    };
    if ((i->c & IR_NEVER_TRAPS) == 0 || !is_constant(ir, i->b))
        return d;
    u64 bits = ir_bits(&ir->code[i->b]);
    i64 value = d.is_wide ? (i64)bits : (i32)bits;
    d.is_negative = d.is_signed && value < 0;
    d.size = d.is_negative ? -(u64)value : bits;
    if (d.size == 1)
        d.kind = DIVIDE_ONE;
    else if ((d.size & (d.size - 1)) == 0)
        d.kind = DIVIDE_POWER;
    else
        d.kind = d.is_wide ? DIVIDE_HIGH : DIVIDE_MULTIPLY;
    return d;
}

bool is_update(const struct ir *ir, const struct ir_instruction *store, u32 *other)
{
    const struct ir_instruction *value = &ir->code[store->b];
    if (!ir_is_store(store) || !value->folded)
        return false;
    switch (shape_of(value->op).op) {
    case OPCODE_I32_ADD:
    case OPCODE_I32_SUB:
    case OPCODE_I32_AND:
    case OPCODE_I32_OR:
    case OPCODE_I32_XOR:
        *other = is_folded_load(ir, value->a) ? value->b : value->a;
        return true;
    default:
        return false;
    }
}
