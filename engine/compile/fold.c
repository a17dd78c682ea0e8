/* Computations that need not be done, or that are simpler than they look. */
#include "engine/compile/build.h"

#include "engine/compile/evaluate.h"

/* ---- One operand ---- */

static u32 pure_unary(struct builder *b, u32 opcode, u32 a)
{
    return number_value(
        b,
        (struct ir_form){ .op = (u16)opcode, .type = (u8)evaluate_type(opcode), .a = a }, 0);
}

/* Bits that a value may have set: what loads and masks leave. */
static u64 possible_bits(const struct builder *b, u32 value)
{
    const struct ir_instruction *i = builder_value(b, value);
    switch (i->op) {
    case IR_CONSTANT:
        return ir_bits(i);
    case OPCODE_I32_LOAD8_U:
    case OPCODE_I64_LOAD8_U:
        return UINT8_MAX;
    case OPCODE_I32_LOAD16_U:
    case OPCODE_I64_LOAD16_U:
        return UINT16_MAX;
    case OPCODE_I32_AND:
    case OPCODE_I64_AND:
        if (builder_value(b, i->b)->op == IR_CONSTANT)
            return ir_bits(builder_value(b, i->b));
        break;
    case OPCODE_I64_EXTEND_I32_U:
    case OPCODE_I64_LOAD32_U:
        return UINT32_MAX;
    default:
        break;
    }
    if (i->op <= OPCODE_F64_GE && i->op >= OPCODE_I32_EQZ)
        return 1;
    return i->type == IR_I32 ? UINT32_MAX : UINT64_MAX;
}

/* The opposite of a comparison, where there is one. */
static u32 fold_not(struct builder *b, u32 a)
{
    const struct ir_instruction i = *builder_value(b, a);
    if (i.op < OPCODE_COUNT && evaluate_negated(i.op) != 0)
        return number_value(b,
                            (struct ir_form){ .op = (u16)evaluate_negated(i.op),
                                                      .type = IR_I32,
                                                      .a = i.a,
                                                      .b = i.b },
                            0);
    return IR_NO_VALUE;
}

/* What one unary instruction after another comes to, or IR_NO_VALUE. */
static u32 fold_pair(struct builder *b, u32 opcode, u32 a)
{
    const struct ir_instruction *i = builder_value(b, a);
    switch (opcode) {
    case OPCODE_I32_EQZ:
        return fold_not(b, a);
    case OPCODE_I32_WRAP_I64:
        if (i->op == OPCODE_I64_EXTEND_I32_U || i->op == OPCODE_I64_EXTEND_I32_S)
            return i->a;
        return IR_NO_VALUE;
    case OPCODE_I32_REINTERPRET_F32:
        return i->op == OPCODE_F32_REINTERPRET_I32 ? i->a : IR_NO_VALUE;
    case OPCODE_I64_REINTERPRET_F64:
        return i->op == OPCODE_F64_REINTERPRET_I64 ? i->a : IR_NO_VALUE;
    default:
        return IR_NO_VALUE;
    }
}

u32 fold_unary(struct builder *b, u32 opcode, u32 a)
{
    u64 bits, result;
    if (fold_constant(b, a, &bits) && evaluate(opcode, bits, 0, &result))
        return builder_constant(b, evaluate_type(opcode), result);
    u32 pair = fold_pair(b, opcode, a);
    return pair != IR_NO_VALUE ? pair : pure_unary(b, opcode, a);
}

/* ---- Two operands ---- */

static bool is_64(u32 opcode)
{
    return opcode >= OPCODE_I64_ADD && opcode <= OPCODE_I64_ROTR;
}

/* The opcode of an i64 computation as that of i32. */
static u32 narrow(u32 opcode)
{
    return is_64(opcode) ? opcode - OPCODE_I64_ADD + OPCODE_I32_ADD : opcode;
}

/* `x op k` for a constant k with which it is x, or always the same: else IR_NO_VALUE. */
static u32 fold_neutral(struct builder *b, u32 opcode, u32 x, u64 k)
{
    bool wide = is_64(opcode);
    u64 ones = wide ? UINT64_MAX : UINT32_MAX;
    u64 shift = k & (wide ? 63 : 31);
    switch (narrow(opcode)) {
    case OPCODE_I32_ADD:
    case OPCODE_I32_SUB:
    case OPCODE_I32_OR:
    case OPCODE_I32_XOR:
        return k == 0 ? x : IR_NO_VALUE;
    case OPCODE_I32_SHL:
    case OPCODE_I32_SHR_S:
    case OPCODE_I32_SHR_U:
    case OPCODE_I32_ROTL:
    case OPCODE_I32_ROTR:
        return shift == 0 ? x : IR_NO_VALUE;
    case OPCODE_I32_MUL:
        if (k == 0)
            return builder_constant(b, wide ? IR_I64 : IR_I32, 0);
        return k == 1 ? x : IR_NO_VALUE;
    case OPCODE_I32_DIV_S:
    case OPCODE_I32_DIV_U:
        return k == 1 ? x : IR_NO_VALUE;
    case OPCODE_I32_REM_S:
        return k == 1 || k == ones ? builder_constant(b, wide ? IR_I64 : IR_I32, 0) : IR_NO_VALUE;
    case OPCODE_I32_AND:
        if (k == 0)
            return builder_constant(b, wide ? IR_I64 : IR_I32, 0);
        return k == ones || (possible_bits(b, x) & ~k) == 0 ? x : IR_NO_VALUE;
    default:
        return IR_NO_VALUE;
    }
}

/* (x op k1) op k2 as x op (k1 op k2). */
static u32 fold_chain(struct builder *b, u32 opcode, u32 x, u64 k)
{
    const struct ir_instruction *i = builder_value(b, x);
    u32 base = narrow(opcode);
    bool is_chain = base == OPCODE_I32_ADD || base == OPCODE_I32_AND || base == OPCODE_I32_OR ||
                    base == OPCODE_I32_XOR || base == OPCODE_I32_MUL;
    u64 inner, result;
    if (!is_chain || i->op != opcode || !fold_constant(b, i->b, &inner) ||
        !evaluate(opcode, inner, k, &result))
        return IR_NO_VALUE;
    return fold_binary(b, opcode, i->a, builder_constant(b, is_64(opcode) ? IR_I64 : IR_I32, result));
}

/* `x op x`. */
static u32 fold_same(struct builder *b, u32 opcode, u32 x)
{
    enum ir_type type = is_64(opcode) ? IR_I64 : IR_I32;
    switch (narrow(opcode)) {
    case OPCODE_I32_AND:
    case OPCODE_I32_OR:
        return x;
    case OPCODE_I32_SUB:
    case OPCODE_I32_XOR:
        return builder_constant(b, type, 0);
    default:
        return IR_NO_VALUE;
    }
}

/* Division by a power of two, of what has no sign: a shift, or a mask. */
static u32 fold_power(struct builder *b, u32 opcode, u32 x, u64 k)
{
    enum ir_type type = is_64(opcode) ? IR_I64 : IR_I32;
    u32 offset = is_64(opcode) ? OPCODE_I64_ADD - OPCODE_I32_ADD : 0;
    if (k == 0 || (k & (k - 1)) != 0)
        return IR_NO_VALUE;
    if (narrow(opcode) == OPCODE_I32_REM_U)
        return fold_binary(b, OPCODE_I32_AND + offset, x, builder_constant(b, type, k - 1));
    u64 shift = (u64)__builtin_ctzll(k);
    return fold_binary(b, OPCODE_I32_SHR_U + offset, x, builder_constant(b, type, shift));
}

/* A subtraction of a constant is an addition, which folds into addresses and chains; a comparison
 * of an i32 with zero has an instruction of its own. */
static u32 fold_form(struct builder *b, u32 opcode, u32 x, u64 k)
{
    switch (opcode) {
    case OPCODE_I32_SUB:
        return fold_binary(b, OPCODE_I32_ADD, x, builder_constant(b, IR_I32, (u32)-k));
    case OPCODE_I64_SUB:
        return fold_binary(b, OPCODE_I64_ADD, x, builder_constant(b, IR_I64, -k));
    case OPCODE_I32_DIV_U:
    case OPCODE_I64_DIV_U:
    case OPCODE_I32_REM_U:
    case OPCODE_I64_REM_U:
        return fold_power(b, opcode, x, k);
    case OPCODE_I32_EQ:
        return k == 0 ? fold_unary(b, OPCODE_I32_EQZ, x) : IR_NO_VALUE;
    case OPCODE_I64_EQ:
        return k == 0 ? fold_unary(b, OPCODE_I64_EQZ, x) : IR_NO_VALUE;
    default:
        return IR_NO_VALUE;
    }
}

/* With a divisor that is neither 0 nor -1 nothing traps, and no instruction of a machine does. */
static u32 division_bits(u32 opcode, bool is_constant, u64 k)
{
    u32 base = narrow(opcode);
    if (!is_constant || k == 0 || base < OPCODE_I32_DIV_S || base > OPCODE_I32_REM_U)
        return 0;
    bool is_minus_one = k == (is_64(opcode) ? UINT64_MAX : UINT32_MAX);
    bool is_signed = base == OPCODE_I32_DIV_S || base == OPCODE_I32_REM_S;
    return is_signed && is_minus_one ? 0 : IR_NEVER_TRAPS;
}

static u32 fold_with_constant(struct builder *b, u32 opcode, u32 x, u64 k)
{
    u32 value = fold_neutral(b, opcode, x, k);
    if (value == IR_NO_VALUE)
        value = fold_chain(b, opcode, x, k);
    return value != IR_NO_VALUE ? value : fold_form(b, opcode, x, k);
}

u32 fold_binary(struct builder *b, u32 opcode, u32 a, u32 b_value)
{
    u64 a_bits, b_bits, result;
    bool is_a = fold_constant(b, a, &a_bits);
    bool is_b = fold_constant(b, b_value, &b_bits);
    if (is_a && is_b && evaluate(opcode, a_bits, b_bits, &result))
        return builder_constant(b, evaluate_type(opcode), result);
    if (is_a && !is_b && evaluate_swapped(opcode) != 0)
        return fold_binary(b, evaluate_swapped(opcode), b_value, a);
    u32 folded = IR_NO_VALUE;
    if (is_b)
        folded = fold_with_constant(b, opcode, a, b_bits);
    else if (a == b_value)
        folded = fold_same(b, opcode, a);
    if (folded != IR_NO_VALUE)
        return folded;
    return number_value(b,
                        (struct ir_form){ .op = (u16)opcode,
                                                  .type = (u8)evaluate_type(opcode),
                                                  .a = a,
                                                  .b = b_value,
                                                  .c = division_bits(opcode, is_b, b_bits) },
                        0);
}

u32 fold_select(struct builder *b, u32 a, u32 b_value, u32 condition)
{
    u64 bits;
    if (fold_constant(b, condition, &bits))
        return (u32)bits != 0 ? a : b_value;
    if (a == b_value)
        return a;
    return number_value(b,
                        (struct ir_form){ .op = IR_SELECT,
                                                  .type = builder_value(b, a)->type,
                                                  .a = a,
                                                  .b = b_value,
                                                  .c = condition },
                        0);
}
