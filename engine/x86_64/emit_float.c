/* Float arithmetic. */
#include "engine/x86_64/emit.h"

/* ---- Addition and its like ---- */

static u32 form_of_binary(u32 op, u8 type)
{
    static const u32 forms[] = {
        [OPCODE_F32_ADD - OPCODE_F32_ADD] = FORM_ADD, [OPCODE_F32_SUB - OPCODE_F32_ADD] = FORM_SUB,
        [OPCODE_F32_MUL - OPCODE_F32_ADD] = FORM_MUL, [OPCODE_F32_DIV - OPCODE_F32_ADD] = FORM_DIV,
        [OPCODE_F32_MIN - OPCODE_F32_ADD] = FORM_MIN, [OPCODE_F32_MAX - OPCODE_F32_ADD] = FORM_MAX,
    };
    return form_of_type(forms[shape_of(op).op - OPCODE_F32_ADD], type);
}

/* result = first op second; without AVX the second must not be in the result's register, unless the
 * first is too. */
static void apply(struct emitter *e, u32 form, u8 type, const u32 operands[2])
{
    u32 result = result_register(e);
    if (e->features.has_avx) {
        u32 first = float_in(e, type, operands[0], FLOAT_SCRATCH);
        float_form(e, form, result, first, rm_of(e, operands[1]));
        return;
    }
    BASE_ASSERT(register_of(e, operands[1]) != result || register_of(e, operands[0]) == result);
    float_to(e, type, operands[0], result);
    float_form(e, form, result, result, rm_of(e, operands[1]));
}

void emit_float_binary(struct emitter *e, const struct ir_instruction *i)
{
    u32 op = shape_of(i->op).op;
    bool is_commutative = op == OPCODE_F32_ADD || op == OPCODE_F32_MUL;
    u32 operands[2] = { i->a, i->b };
    bool is_second_better =
        is_folded_load(e->ir, i->a) ||
        (register_of(e, i->b) != NO_REGISTER &&
         (register_of(e, i->a) == NO_REGISTER || register_of(e, i->b) == result_register(e)));
    if (is_commutative && !is_folded_load(e->ir, i->b) && is_second_better) {
        operands[0] = i->b;
        operands[1] = i->a;
    }
    apply(e, form_of_binary(i->op, i->type), i->type, operands);
    result_done(e, result_register(e));
}

/* ---- Minimum and maximum ---- */

/* Equal operands may be zeros of two signs, which minsd does not look at. */
static void extreme_of_equal(struct emitter *e, const struct ir_instruction *i, u32 reg)
{
    bool is_minimum = shape_of(i->op).op == OPCODE_F32_MIN;
    u32 wide = i->type == IR_F64 ? WIDE : 0;
    u32 result = result_register(e);
    struct rm rm = rm_of(e, i->b);
    if (rm.is_memory) {
        float_form(e, FORM_MOVD_STORE | wide, reg, NO_REGISTER, rm_register(SCRATCH));
        encode_alu(&e->as, is_minimum ? ALU_OR : ALU_AND, wide, SCRATCH, rm);
        float_form(e, FORM_MOVD | wide, result, NO_REGISTER, rm_register(SCRATCH));
        return;
    }
    if (!e->features.has_avx)
        float_move(e, result, reg);
    float_form(e, is_minimum ? FORM_ORPS : FORM_ANDPS, result, e->features.has_avx ? reg : result,
               rm);
}

/* Nothing has been changed yet when it comes here. */
static void extreme_cold(struct emitter *e, const struct cold *cold)
{
    const struct ir_instruction *i = ir_at(e, cold->instruction);
    const u32 operands[2] = { i->a, i->b };
    u32 to_nan = encode_jump_short(&e->as, COND_P);
    extreme_of_equal(e, i, cold->a);
    encode_jump_back(&e->as, COND_ALWAYS, cold->back);
    encode_link_short(&e->as, to_nan);
    apply(e, form_of_type(FORM_ADD, i->type), i->type, operands);
}

void emit_float_extreme(struct emitter *e, const struct ir_instruction *i)
{
    const u32 operands[2] = { i->a, i->b };
    u32 form = i->type == IR_F64 ? FORM_COMPARE_DOUBLE : FORM_COMPARE;
    u32 first = float_in(e, i->type, i->a, FLOAT_SCRATCH);
    float_form(e, form, first, NO_REGISTER, rm_of(e, i->b));
    struct cold *cold = cold_add(e, COND_E, extreme_cold);
    cold->a = (u8)first;
    apply(e, form_of_binary(i->op, i->type), i->type, operands);
    cold_back(e, cold);
    result_done(e, result_register(e));
}

/* ---- Signs ---- */

static struct rm sign_mask(struct emitter *e, u8 type, bool is_sign)
{
    u64 sign = type == IR_F64 ? (u64)1 << 63 : 0x8000000080000000;
    return pool_pair(e, is_sign ? sign : ~sign);
}

/* reg = value op mask */
static void mask_to(struct emitter *e, u32 form, u32 value, u32 reg, struct rm mask)
{
    u8 type = ir_at(e, value)->type;
    u32 from = reg;
    if (e->features.has_avx)
        from = float_in(e, type, value, reg);
    else
        float_to(e, type, value, reg);
    float_form(e, form, reg, from, mask);
}

/* A result that goes to a slot is put together there, when both operands have been read. */
static void copy_sign_to_slot(struct emitter *e, const struct ir_instruction *i)
{
    struct rm slot = rm_of_place(e, e->allocation->places[e->instruction]);
    mask_to(e, FORM_ANDPS, i->b, FLOAT_SCRATCH, sign_mask(e, i->type, true));
    float_form(e, FORM_MOVD_STORE | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(SCRATCH));
    mask_to(e, FORM_ANDPS, i->a, FLOAT_SCRATCH, sign_mask(e, i->type, false));
    integer_store(e, slot, SCRATCH);
    float_form(e, FORM_MOVD_STORE | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(SCRATCH));
    encode_alu_store(&e->as, ALU_OR, WIDE, slot, SCRATCH);
}

void emit_float_sign(struct emitter *e, const struct ir_instruction *i)
{
    u32 op = shape_of(i->op).op;
    u32 result = result_register(e);
    if (op == OPCODE_F32_COPYSIGN && result == FLOAT_SCRATCH) {
        copy_sign_to_slot(e, i);
        return;
    }
    if (op == OPCODE_F32_ABS) {
        mask_to(e, FORM_ANDPS, i->a, result, sign_mask(e, i->type, false));
    } else if (op == OPCODE_F32_NEG) {
        mask_to(e, FORM_XORPS, i->a, result, sign_mask(e, i->type, true));
    } else {
        mask_to(e, FORM_ANDPS, i->b, FLOAT_SCRATCH, sign_mask(e, i->type, true));
        mask_to(e, FORM_ANDPS, i->a, result, sign_mask(e, i->type, false));
        float_form(e, FORM_ORPS, result, result, rm_register(FLOAT_SCRATCH));
    }
    result_done(e, result);
}

/* ---- Roots and rounding ---- */

/* What roundsd is to do, without a flag for an inexact result. */
static u32 rounding_of(u32 op)
{
    enum { NEAREST = 8, DOWN = 9, UP = 10, TO_ZERO = 11 };
    switch (shape_of(op).op) {
    case OPCODE_F32_NEAREST:
        return NEAREST;
    case OPCODE_F32_FLOOR:
        return DOWN;
    case OPCODE_F32_CEIL:
        return UP;
    default:
        return TO_ZERO;
    }
}

/* Keeps its operand's sign, so that -0.5 becomes -0. The operand is in the float scratch register,
 * or in the slot that the result goes to. */
static void round_sign(struct emitter *e, u8 type, u32 result, struct rm operand)
{
    u32 wide = type == IR_F64 ? WIDE : 0;
    u32 below = type == IR_F64 ? 63 : 31;
    if (!operand.is_memory) {
        float_form(e, FORM_ANDPS, FLOAT_SCRATCH, FLOAT_SCRATCH, sign_mask(e, type, true));
        float_form(e, FORM_ORPS, result, result, operand);
        return;
    }
    encode(&e->as, FORM_MOV | wide, SCRATCH, operand);
    float_store(e, type, operand, result);
    encode_shift_immediate(&e->as, SHIFT_SHR, wide, rm_register(SCRATCH), below);
    encode_shift_immediate(&e->as, SHIFT_SHL, wide, rm_register(SCRATCH), below);
    encode_alu_store(&e->as, ALU_OR, wide, operand, SCRATCH);
}

/* It was cut off on the wrong side: one up or down. */
static void round_correct(struct emitter *e, const struct ir_instruction *i, u32 result,
                          struct rm operand)
{
    bool is_floor = shape_of(i->op).op == OPCODE_F32_FLOOR;
    bool is_wide = i->type == IR_F64;
    u64 one = is_wide ? 0x3FF0000000000000 : 0x3F800000;
    u64 sign = is_wide ? (u64)1 << 63 : 0x80000000;
    float_form(e, is_wide ? FORM_COMPARE_DOUBLE : FORM_COMPARE, result, NO_REGISTER, operand);
    u32 skip = encode_jump_short(&e->as, is_floor ? COND_BE : COND_AE);
    float_form(e, form_of_type(FORM_ADD, i->type), result, result,
               pool_item(e, is_floor ? one | sign : one));
    encode_link_short(&e->as, skip);
}

/* It does not fit 64 bits: it has no fraction, or is no number, which has to be a quiet one. */
static void round_cold(struct emitter *e, const struct cold *cold)
{
    u8 type = ir_at(e, cold->instruction)->type;
    float_form(e, form_of_type(FORM_ADD, type), FLOAT_SCRATCH, FLOAT_SCRATCH, pool_item(e, 0));
    result_done(e, FLOAT_SCRATCH);
}

/* Without an instruction for it: to an integer of 64 bits and back. */
static void round_by_integer(struct emitter *e, const struct ir_instruction *i)
{
    u32 op = shape_of(i->op).op;
    u32 result = result_register(e);
    struct rm operand = rm_register(FLOAT_SCRATCH);
    u32 form = op == OPCODE_F32_NEAREST ? FORM_TO_NEAREST : FORM_TRUNCATE;
    float_to(e, i->type, i->a, FLOAT_SCRATCH);
    if (result == FLOAT_SCRATCH) {
        operand = rm_of_place(e, e->allocation->places[e->instruction]);
        float_store(e, i->type, operand, FLOAT_SCRATCH);
    }
    float_form(e, form_of_type(form, i->type) | WIDE, SCRATCH, NO_REGISTER,
               rm_register(FLOAT_SCRATCH));
    encode_alu_immediate(&e->as, ALU_CMP, WIDE, rm_register(SCRATCH), 1);
    struct cold *cold = cold_add(e, COND_O, round_cold);
    float_form(e, FORM_XORPS, result, result, rm_register(result));
    float_form(e, form_of_type(FORM_CONVERT_INTEGER, i->type) | WIDE, result, result,
               rm_register(SCRATCH));
    if (op == OPCODE_F32_FLOOR || op == OPCODE_F32_CEIL)
        round_correct(e, i, result, operand);
    round_sign(e, i->type, result, operand);
    cold_back(e, cold);
}

/* The upper part of the result comes from a register that has to be waited for anyway. */
void emit_float_unary(struct emitter *e, const struct ir_instruction *i)
{
    bool is_root = shape_of(i->op).op == OPCODE_F32_SQRT;
    if (!is_root && !e->features.has_avx && !e->features.has_sse41) {
        round_by_integer(e, i);
        return;
    }
    u32 result = result_register(e);
    u32 from = result;
    if (e->features.has_avx)
        from = float_in(e, i->type, i->a, result);
    else
        float_to(e, i->type, i->a, result);
    const u32 reg_vector[2] = { result, from };
    u32 form = i->type == IR_F64 ? FORM_ROUND_DOUBLE : FORM_ROUND;
    if (is_root)
        float_form(e, form_of_type(FORM_SQRT, i->type), result, from, rm_register(from));
    else if (e->features.has_avx)
        encode_vex_immediate(&e->as, form, reg_vector, rm_register(from), rounding_of(i->op));
    else
        encode_immediate(&e->as, form, result, rm_register(from), rounding_of(i->op));
    result_done(e, result);
}
