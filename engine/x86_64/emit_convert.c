/* Conversions. Those from floats to integers take a fast way that is wrong out of range, and look
 * whether it was; what is to be done then is behind the function. */
#include "engine/x86_64/emit.h"

enum {
    TO_INTEGER = 0x2C | MAP_0F,   /* cvttss2si */
    FROM_INTEGER = 0x2A | MAP_0F, /* cvtsi2ss */
};

static u32 scalar_of(u8 type)
{
    return type == IR_F64 ? PREFIX_F2 : PREFIX_F3;
}

static u32 packed_of(u8 type)
{
    return (type == IR_F64 ? (u32)PREFIX_66 : 0) | MAP_0F;
}

/* ---- From integers ---- */

static void from_signed(struct emitter *e, const struct ir_instruction *i, u32 wide)
{
    u32 result = emit_float_result(e);
    struct operand_place operand = emit_operand(e, i->a);
    x86_registers(&e->as, 0x57 | MAP_0F, result, result); /* or it would wait for what was there */
    emit_with(e, FROM_INTEGER | scalar_of(i->type) | wide, result, &operand);
    emit_float_result_done(e, result);
}

/* From 2^63 on: half of it, with the lowest bit kept for the rounding, and twice that. */
static void from_unsigned_64(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_float_result(e);
    u32 form = FROM_INTEGER | scalar_of(i->type) | WIDE;
    emit_into(e, SCRATCH, i->a, false);
    x86_registers(&e->as, 0x57 | MAP_0F, result, result);
    x86_registers(&e->as, 0x85 | WIDE, SCRATCH, SCRATCH);
    u32 large = x86_jump_short_if(&e->as, COND_S);
    x86_registers(&e->as, form, result, SCRATCH);
    u32 done = x86_jump_short(&e->as);
    x86_link_short(&e->as, large);
    x86_shift_immediate(&e->as, SHIFT_SHR | WIDE, SCRATCH, 1);
    u32 even = x86_jump_short_if(&e->as, COND_AE);
    x86_alu_immediate(&e->as, ALU_OR | WIDE, SCRATCH, 1);
    x86_link_short(&e->as, even);
    x86_registers(&e->as, form, result, SCRATCH);
    x86_registers(&e->as, 0x58 | MAP_0F | scalar_of(i->type), result, result);
    x86_link_short(&e->as, done);
    emit_float_result_done(e, result);
}

/* ---- To integers ---- */

struct kind {
    bool is_64;
    bool is_unsigned;
    bool is_saturating;
};

static struct kind kind_of(u32 op)
{
    bool is_saturating = op >= OPCODE_I32_TRUNC_SAT_F32_S;
    u32 first = is_saturating ? (u32)OPCODE_I32_TRUNC_SAT_F32_S : (u32)OPCODE_I32_TRUNC_F32_S;
    if (!is_saturating && op >= OPCODE_I64_TRUNC_F32_S)
        first = OPCODE_I64_TRUNC_F32_S - 4; /* two others stand between them */
    u32 number = op - first;
    return (struct kind){ number >= 4, number % 2 != 0, is_saturating };
}

/* What cvttsd2si gives out of range is the least number: one less than that overflows. An unsigned
 * 32-bit result comes by way of 64 bits. */
static void to_integer(struct emitter *e, const struct ir_instruction *i)
{
    struct kind kind = kind_of(i->op);
    u8 from = emit_get(e, i->a)->type;
    u32 result = emit_result(e);
    u32 operand = emit_float_in_register(e, i->a, SCRATCH_FLOAT);
    u32 wide = kind.is_64 || kind.is_unsigned ? WIDE : 0;
    x86_registers(&e->as, TO_INTEGER | scalar_of(from) | wide, result, operand);
    enum condition condition = COND_O;
    if (!kind.is_unsigned) {
        x86_alu_immediate(&e->as, ALU_CMP | wide, result, 1);
    } else if (kind.is_64) {
        x86_registers(&e->as, 0x85 | WIDE, result, result);
        condition = COND_S;
    } else if (result != SCRATCH) {
        emit_copy(e, SCRATCH, result);
        x86_shift_immediate(&e->as, SHIFT_SHR | WIDE, SCRATCH, 32);
        condition = COND_NE;
    } else {
        /* Rotations leave the zero flag alone. */
        x86_shift_immediate(&e->as, SHIFT_ROR | WIDE, SCRATCH, 32);
        x86_registers(&e->as, 0x85, SCRATCH, SCRATCH);
        x86_shift_immediate(&e->as, SHIFT_ROR | WIDE, SCRATCH, 32);
        condition = COND_NE;
    }
    struct cold *cold = emit_cold(e, COLD_CONVERT, x86_jump_if(&e->as, condition), operand);
    cold->result = (u8)result;
    cold->back = x86_position(&e->as);
    emit_result_done(e, result);
}

static void compare_with(struct emitter *e, const struct cold *cold, u8 type, f64 value)
{
    f32 single = (f32)value;
    u64 bits = 0;
    if (type == IR_F64)
        __builtin_memcpy(&bits, &value, sizeof(value));
    else
        __builtin_memcpy(&bits, &single, sizeof(single));
    struct operand_place constant = { .is_memory = true, .memory = emit_pool(e, bits) };
    emit_with(e, 0x2E | packed_of(type), cold->detail, &constant);
}

static void go_back(struct emitter *e, const struct cold *cold)
{
    x86_link(&e->as, x86_jump(&e->as), cold->back);
}

/* With condition, the result is that constant. */
static void back_with(struct emitter *e, const struct cold *cold, enum condition condition, u64 bits)
{
    u32 skip = x86_jump_short_if(&e->as, condition ^ 1);
    x86_constant(&e->as, cold->result, bits, true);
    go_back(e, cold);
    x86_link_short(&e->as, skip);
}

/* The least number may be right: if the value is that number or, where floats are finer than
 * integers, less than one below it. */
static void back_if_least(struct emitter *e, const struct cold *cold, struct kind kind, u8 from)
{
    if (kind.is_64 || from == IR_F32) {
        compare_with(e, cold, from, kind.is_64 ? -9223372036854775808.0 : -2147483648.0);
        u32 skip = x86_jump_short_if(&e->as, COND_NE);
        go_back(e, cold);
        x86_link_short(&e->as, skip);
        return;
    }
    compare_with(e, cold, from, -2147483647.0);
    u32 skip = x86_jump_short_if(&e->as, COND_AE);
    compare_with(e, cold, from, -2147483649.0);
    u32 skip_too = x86_jump_short_if(&e->as, COND_BE);
    go_back(e, cold);
    x86_link_short(&e->as, skip);
    x86_link_short(&e->as, skip_too);
}

/* From 2^63 on: what is above it, and the highest bit. Jumps on with the sign set if it is too
 * large. */
static void large_unsigned(struct emitter *e, const struct cold *cold, u8 from)
{
    f64 bound = 9223372036854775808.0;
    f32 single = 9223372036854775808.0f;
    u64 bits = 0;
    if (from == IR_F64)
        __builtin_memcpy(&bits, &bound, sizeof(bound));
    else
        __builtin_memcpy(&bits, &single, sizeof(single));
    struct operand_place constant = { .is_memory = true, .memory = emit_pool(e, bits) };
    emit_float_copy(e, SCRATCH_FLOAT, cold->detail);
    emit_with(e, 0x5C | MAP_0F | scalar_of(from), SCRATCH_FLOAT, &constant);
    x86_registers(&e->as, TO_INTEGER | scalar_of(from) | WIDE, SCRATCH, SCRATCH_FLOAT);
    x86_registers(&e->as, 0x85 | WIDE, SCRATCH, SCRATCH);
    u32 too_large = x86_jump_short_if(&e->as, COND_S);
    x86_registers(&e->as, 0xBA | MAP_0F | WIDE, 7, SCRATCH); /* btc */
    x86_byte(&e->as, 63);
    emit_copy(e, cold->result, SCRATCH);
    go_back(e, cold);
    x86_link_short(&e->as, too_large);
}

static void cold_saturating(struct emitter *e, const struct cold *cold, struct kind kind, u8 from)
{
    u64 most = kind.is_64 ? INT64_MAX : INT32_MAX;
    u64 least = kind.is_64 ? (u64)INT64_MIN : (u32)INT32_MIN;
    x86_registers(&e->as, 0x2E | packed_of(from), cold->detail, cold->detail);
    back_with(e, cold, COND_P, 0);
    compare_with(e, cold, from, 0.0);
    if (!kind.is_unsigned) {
        back_with(e, cold, COND_A, most);
        x86_constant(&e->as, cold->result, least, false);
        go_back(e, cold);
        return;
    }
    back_with(e, cold, COND_B, 0);
    if (kind.is_64)
        large_unsigned(e, cold, from);
    x86_constant(&e->as, cold->result, kind.is_64 ? UINT64_MAX : UINT32_MAX, false);
    go_back(e, cold);
}

void emit_cold_convert(struct emitter *e, const struct cold *cold)
{
    const struct ir_instruction *i = emit_get(e, cold->instruction);
    struct kind kind = kind_of(i->op);
    u8 from = emit_get(e, i->a)->type;
    if (kind.is_saturating) {
        cold_saturating(e, cold, kind, from);
        return;
    }
    x86_registers(&e->as, 0x2E | packed_of(from), cold->detail, cold->detail);
    emit_trap_if(e, COND_P, TRAP_INVALID_CONVERSION);
    if (!kind.is_unsigned) {
        back_if_least(e, cold, kind, from);
    } else if (kind.is_64) {
        compare_with(e, cold, from, 0.0);
        emit_trap_if(e, COND_B, TRAP_INTEGER_OVERFLOW);
        large_unsigned(e, cold, from);
    }
    emit_trap_if(e, COND_O, TRAP_INTEGER_OVERFLOW);
    emit_trap_if(e, COND_NO, TRAP_INTEGER_OVERFLOW);
}

/* ---- Between floats, and of bits ---- */

static void between_floats(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_float_result(e);
    struct operand_place operand = emit_float_operand(e, i->a);
    emit_with(e, 0x5A | MAP_0F | scalar_of(emit_get(e, i->a)->type), result, &operand);
    emit_float_result_done(e, result);
}

static void bits_of_float(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_result(e);
    u32 operand = emit_float_in_register(e, i->a, SCRATCH_FLOAT);
    u32 wide = i->type == IR_I64 ? WIDE : 0;
    x86_registers(&e->as, 0x7E | MAP_0F | PREFIX_66 | wide, operand, result);
    emit_result_done(e, result);
}

static void float_of_bits(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_float_result(e);
    u32 operand = emit_in_register(e, i->a, SCRATCH);
    u32 wide = i->type == IR_F64 ? WIDE : 0;
    x86_registers(&e->as, 0x6E | MAP_0F | PREFIX_66 | wide, result, operand);
    emit_float_result_done(e, result);
}

void emit_convert(struct emitter *e, const struct ir_instruction *i)
{
    switch (i->op) {
    case OPCODE_F32_CONVERT_I32_S:
    case OPCODE_F64_CONVERT_I32_S:
        from_signed(e, i, 0);
        break;
    case OPCODE_F32_CONVERT_I64_S:
    case OPCODE_F64_CONVERT_I64_S:
        from_signed(e, i, WIDE);
        break;
    case OPCODE_F32_CONVERT_I32_U:
    case OPCODE_F64_CONVERT_I32_U:
        from_signed(e, i, WIDE); /* zero above the 32 bits */
        break;
    case OPCODE_F32_CONVERT_I64_U:
    case OPCODE_F64_CONVERT_I64_U:
        from_unsigned_64(e, i);
        break;
    case OPCODE_F32_DEMOTE_F64:
    case OPCODE_F64_PROMOTE_F32:
        between_floats(e, i);
        break;
    case OPCODE_I32_REINTERPRET_F32:
    case OPCODE_I64_REINTERPRET_F64:
        bits_of_float(e, i);
        break;
    case OPCODE_F32_REINTERPRET_I32:
    case OPCODE_F64_REINTERPRET_I64:
        float_of_bits(e, i);
        break;
    default:
        to_integer(e, i);
    }
}
