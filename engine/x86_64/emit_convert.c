/* Conversions between integers and floats. cvttsd2si gives the least integer for what does not fit,
 * and that alone is looked at in line. */
#include "engine/x86_64/emit.h"

#define BITS_OF_F32(exponent) ((u64)(127 + (exponent)) << 23)
#define BITS_OF_F64(exponent) ((u64)(1023 + (exponent)) << 52)

/* ---- Floats to integers ---- */

struct truncation {
    u8 from; /* enum ir_type */
    bool is_wide;
    bool is_unsigned;
    bool is_saturating;
};

static struct truncation truncation_of(u32 op)
{
    bool is_saturating = op >= OPCODE_I32_TRUNC_SAT_F32_S;
    u32 number;
    if (is_saturating)
        number = op - OPCODE_I32_TRUNC_SAT_F32_S;
    else if (op >= OPCODE_I64_TRUNC_F32_S)
        number = op - OPCODE_I64_TRUNC_F32_S + 4;
    else
        number = op - OPCODE_I32_TRUNC_F32_S;
    return (struct truncation){
        .from = (number & 2) != 0 ? IR_F64 : IR_F32,
        .is_wide = (number & 4) != 0,
        .is_unsigned = (number & 1) != 0,
        .is_saturating = is_saturating,
    };
}

/* 2^exponent, or less than zero by that much. */
static struct rm power(struct emitter *e, u8 type, u32 exponent, bool is_negative)
{
    u64 bits = type == IR_F64 ? BITS_OF_F64(exponent) | (u64)is_negative << 63
                              : BITS_OF_F32(exponent) | (u64)is_negative << 31;
    return pool_item(e, bits);
}

static void compare_float(struct emitter *e, u8 type, u32 reg, struct rm rm)
{
    float_form(e, type == IR_F64 ? FORM_COMPARE_DOUBLE : FORM_COMPARE, reg, NO_REGISTER, rm);
}

static void truncate_to(struct emitter *e, const struct truncation *t, u32 wide, u32 result,
                        u32 from)
{
    float_form(e, form_of_type(FORM_TRUNCATE, t->from) | wide, result, NO_REGISTER,
               rm_register(from));
}

/* What is not greater than zero, or no number, gives zero; else the most there is. */
static void saturate_unsigned(struct emitter *e, const struct truncation *t, u32 from,
                              const struct cold *cold)
{
    u32 result = cold->b;
    encode_alu(&e->as, ALU_XOR, 0, result, rm_register(result));
    compare_float(e, t->from, from, pool_item(e, 0));
    encode_jump_back(&e->as, COND_BE, cold->back);
    encode_constant(&e->as, result, t->is_wide ? UINT64_MAX : UINT32_MAX);
}

/* The least integer is there already. */
static void saturate_signed(struct emitter *e, const struct truncation *t, const struct cold *cold)
{
    u32 result = cold->b;
    compare_float(e, t->from, cold->a, pool_item(e, 0));
    u32 to_nan = encode_jump_short(&e->as, COND_P);
    encode_jump_back(&e->as, COND_BE, cold->back);
    encode_constant(&e->as, result, t->is_wide ? INT64_MAX : INT32_MAX);
    encode_jump_back(&e->as, COND_ALWAYS, cold->back);
    encode_link_short(&e->as, to_nan);
    encode_constant(&e->as, result, 0);
}

static void signed_cold(struct emitter *e, const struct cold *cold)
{
    struct truncation t = truncation_of(ir_at(e, cold->instruction)->op);
    if (t.is_saturating) {
        saturate_signed(e, &t, cold);
    } else if (t.from == IR_F64 && !t.is_wide) {
        u64 below = 0xC1E0000000200000; /* -2^31 - 1 */
        compare_float(e, t.from, cold->a, pool_item(e, below));
        trap_if(e, COND_P, TRAP_INVALID_CONVERSION);
        trap_if(e, COND_BE, TRAP_INTEGER_OVERFLOW);
        compare_float(e, t.from, cold->a, pool_item(e, 0));
        trap_if(e, COND_A, TRAP_INTEGER_OVERFLOW);
    } else {
        compare_float(e, t.from, cold->a, power(e, t.from, t.is_wide ? 63 : 31, true));
        trap_if(e, COND_P, TRAP_INVALID_CONVERSION);
        trap_if(e, COND_NE, TRAP_INTEGER_OVERFLOW);
    }
}

static void u32_cold(struct emitter *e, const struct cold *cold)
{
    struct truncation t = truncation_of(ir_at(e, cold->instruction)->op);
    if (t.is_saturating) {
        saturate_unsigned(e, &t, cold->a, cold);
        return;
    }
    compare_float(e, t.from, cold->a, rm_register(cold->a));
    trap_if(e, COND_P, TRAP_INVALID_CONVERSION);
    trap_emit(e, TRAP_INTEGER_OVERFLOW);
}

/* From 2^63 on the number is converted without that bit, which is then added. */
static void u64_cold(struct emitter *e, const struct cold *cold)
{
    struct truncation t = truncation_of(ir_at(e, cold->instruction)->op);
    struct rm result = rm_register(cold->b);
    float_move(e, FLOAT_SCRATCH, cold->a);
    float_form(e, form_of_type(FORM_SUB, t.from), FLOAT_SCRATCH, FLOAT_SCRATCH,
               power(e, t.from, 63, false));
    truncate_to(e, &t, WIDE, cold->b, FLOAT_SCRATCH);
    encode(&e->as, FORM_TEST | WIDE, cold->b, result);
    u32 to_rest = encode_jump_short(&e->as, COND_NS);
    if (t.is_saturating) {
        saturate_unsigned(e, &t, FLOAT_SCRATCH, cold);
        encode_jump_back(&e->as, COND_ALWAYS, cold->back);
    } else {
        compare_float(e, t.from, FLOAT_SCRATCH, rm_register(FLOAT_SCRATCH));
        trap_if(e, COND_P, TRAP_INVALID_CONVERSION);
        trap_emit(e, TRAP_INTEGER_OVERFLOW);
    }
    encode_link_short(&e->as, to_rest);
    encode_immediate(&e->as, FORM_BIT_IMMEDIATE | WIDE, DIGIT_BTC, result, 63);
}

void emit_truncate(struct emitter *e, const struct ir_instruction *i)
{
    struct truncation t = truncation_of(i->op);
    u32 result = result_register(e);
    u32 from = float_in(e, t.from, i->a, FLOAT_SCRATCH);
    struct cold *cold;
    truncate_to(e, &t, t.is_wide || t.is_unsigned ? WIDE : 0, result, from);
    if (!t.is_unsigned) {
        encode_alu_immediate(&e->as, ALU_CMP, t.is_wide ? WIDE : 0, rm_register(result), 1);
        cold = cold_add(e, COND_O, signed_cold);
    } else if (t.is_wide) {
        encode(&e->as, FORM_TEST | WIDE, result, rm_register(result));
        cold = cold_add(e, COND_S, u64_cold);
    } else {
        encode_alu(&e->as, ALU_CMP, WIDE, result, pool_item(e, UINT32_MAX));
        cold = cold_add(e, COND_A, u32_cold);
    }
    cold->a = (u8)from;
    cold->b = (u8)result;
    cold_back(e, cold);
    result_done(e, result);
}

/* ---- Integers to floats ---- */

/* The conversion keeps the upper part of its result's register: that must not be waited for. */
static void convert_to(struct emitter *e, u32 form, u32 result, struct rm rm)
{
    float_form(e, FORM_XORPS, result, result, rm_register(result));
    float_form(e, form, result, result, rm);
}

/* What is above 2^63 is halved; the lowest bit stays there if it was, for rounding. */
static void convert_u64_cold(struct emitter *e, const struct cold *cold)
{
    u8 type = ir_at(e, cold->instruction)->type;
    struct rm scratch = rm_register(SCRATCH);
    if (cold->a != SCRATCH)
        encode_move(&e->as, WIDE, SCRATCH, cold->a);
    encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, scratch, 1);
    u32 skip = encode_jump_short(&e->as, COND_AE);
    encode_alu_immediate(&e->as, ALU_OR, WIDE, scratch, 1);
    encode_link_short(&e->as, skip);
    convert_to(e, form_of_type(FORM_CONVERT_INTEGER, type) | WIDE, cold->b, scratch);
    float_form(e, form_of_type(FORM_ADD, type), cold->b, cold->b, rm_register(cold->b));
}

static void convert_u64(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = result_register(e);
    u32 from = integer_in(e, WIDE, i->a, SCRATCH);
    encode(&e->as, FORM_TEST | WIDE, from, rm_register(from));
    struct cold *cold = cold_add(e, COND_S, convert_u64_cold);
    cold->a = (u8)from;
    cold->b = (u8)result;
    convert_to(e, form_of_type(FORM_CONVERT_INTEGER, i->type) | WIDE, result, rm_register(from));
    cold_back(e, cold);
    result_done(e, result);
}

void emit_convert_integer(struct emitter *e, const struct ir_instruction *i)
{
    if (i->op == OPCODE_F32_CONVERT_I64_U || i->op == OPCODE_F64_CONVERT_I64_U) {
        convert_u64(e, i);
        return;
    }
    bool is_narrow = i->op == OPCODE_F32_CONVERT_I32_S || i->op == OPCODE_F64_CONVERT_I32_S;
    u32 result = result_register(e);
    u32 form = form_of_type(FORM_CONVERT_INTEGER, i->type) | (is_narrow ? 0 : WIDE);
    convert_to(e, form, result, rm_of(e, i->a));
    result_done(e, result);
}

/* ---- Between floats, and bits ---- */

void emit_convert_float(struct emitter *e, const struct ir_instruction *i)
{
    u8 from = i->op == OPCODE_F64_PROMOTE_F32 ? IR_F32 : IR_F64;
    u32 form = form_of_type(FORM_CONVERT_FLOAT, from);
    u32 result = result_register(e);
    u32 reg = register_of(e, i->a);
    if (reg == NO_REGISTER) {
        convert_to(e, form, result, rm_of(e, i->a));
    } else {
        if (!e->features.has_avx)
            float_move(e, result, reg);
        float_form(e, form, result, e->features.has_avx ? reg : result,
                   rm_register(e->features.has_avx ? reg : result));
    }
    result_done(e, result);
}

void emit_reinterpret(struct emitter *e, const struct ir_instruction *i)
{
    bool is_wide = i->type == IR_I64 || i->type == IR_F64;
    u32 wide = is_wide ? WIDE : 0;
    u32 result = result_register(e);
    struct rm rm = rm_of(e, i->a);
    if (rm.is_memory && ir_is_float(i->type))
        float_load(e, i->type, result, rm);
    else if (rm.is_memory)
        encode(&e->as, FORM_MOV | wide, result, rm);
    else if (ir_is_float(i->type))
        float_form(e, FORM_MOVD | wide, result, NO_REGISTER, rm);
    else
        float_form(e, FORM_MOVD_STORE | wide, rm.base, NO_REGISTER, rm_register(result));
    result_done(e, result);
}
