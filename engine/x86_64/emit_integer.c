/* Integer arithmetic but for division. */
#include "engine/x86_64/emit.h"

enum alu alu_of(u32 op)
{
    switch (shape_of(op).op) {
    case OPCODE_I32_ADD:
        return ALU_ADD;
    case OPCODE_I32_SUB:
        return ALU_SUB;
    case OPCODE_I32_AND:
        return ALU_AND;
    case OPCODE_I32_OR:
        return ALU_OR;
    default:
        return ALU_XOR;
    }
}

/* ---- Sums, by lea ---- */

/* In the scratch register, for what is not in registers. */
static void sum_by_parts(struct emitter *e, const struct sum *sum, u32 wide)
{
    struct rm scratch = rm_register(SCRATCH);
    integer_to(e, wide, sum->index, SCRATCH);
    if (sum->scale != 0)
        encode_shift_immediate(&e->as, SHIFT_SHL, wide, scratch, sum->scale);
    encode_alu(&e->as, ALU_ADD, wide, SCRATCH, rm_of(e, sum->base));
    if (sum->displacement != 0)
        encode_alu_immediate(&e->as, ALU_ADD, wide, scratch, sum->displacement);
    result_done(e, SCRATCH);
}

static void sum_by_lea(struct emitter *e, const struct sum *sum, u32 wide)
{
    u32 result = result_register(e);
    u32 base = register_of(e, sum->base);
    u32 index = register_of(e, sum->index);
    bool is_plain = sum->scale == 0 && sum->displacement == 0;
    if (is_plain && result == base) {
        encode_alu(&e->as, ALU_ADD, wide, result, rm_register(index));
    } else if (is_plain && result == index) {
        encode_alu(&e->as, ALU_ADD, wide, result, rm_register(base));
    } else {
        struct rm rm = { (u8)base, (u8)index, sum->scale & 3, true, sum->displacement };
        encode(&e->as, FORM_LEA | wide, result, rm);
    }
    result_done(e, result);
}

/* Whether the instruction has been done. */
static bool sum_emit(struct emitter *e, const struct ir_instruction *i, u32 wide)
{
    if (is_folded_load(e->ir, i->a) || is_folded_load(e->ir, i->b) || is_constant(e->ir, i->a))
        return false;
    bool is_folded = ir_at(e, i->a)->folded || ir_at(e, i->b)->folded;
    if (is_constant(e->ir, i->b) && !is_immediate(e->ir, i->b))
        return false;
    struct sum sum = sum_of(e->ir, i);
    u32 result = result_register(e);
    u32 base = register_of(e, sum.base);
    if (sum.index == IR_NO_VALUE) {
        if (base == NO_REGISTER || base == result)
            return false;
        encode(&e->as, FORM_LEA | wide, result, rm_at(base, sum.displacement));
        result_done(e, result);
        return true;
    }
    if (base != NO_REGISTER && register_of(e, sum.index) != NO_REGISTER)
        sum_by_lea(e, &sum, wide);
    else if (is_folded)
        sum_by_parts(e, &sum, wide);
    else
        return false;
    return true;
}

/* ---- Two operands ---- */

static bool is_commutative(u32 op)
{
    return shape_of(op).op != OPCODE_I32_SUB;
}

/* reg = reg op value */
static void apply(struct emitter *e, const struct ir_instruction *i, u32 reg, u32 value)
{
    struct shape shape = shape_of(i->op);
    u32 wide = shape.is_wide ? WIDE : 0;
    if (shape.op == OPCODE_I32_MUL)
        encode(&e->as, FORM_IMUL | wide, reg, rm_of(e, value));
    else if (is_immediate(e->ir, value))
        encode_alu_immediate(&e->as, alu_of(i->op), wide, rm_register(reg),
                             (i32)ir_bits(ir_at(e, value)));
    else
        encode_alu(&e->as, alu_of(i->op), wide, reg, rm_of(e, value));
}

/* In the slot where the first operand is, if the result's is the same. */
static bool apply_in_slot(struct emitter *e, const struct ir_instruction *i)
{
    u32 place = e->allocation->places[e->instruction];
    u32 reg = register_of(e, i->b);
    u32 wide = wide_of(i->type);
    if (place == PLACE_NONE || place < PLACE_SLOT || e->allocation->places[i->a] != place ||
        shape_of(i->op).op == OPCODE_I32_MUL)
        return false;
    struct rm rm = rm_of_place(e, place);
    if (is_immediate(e->ir, i->b))
        encode_alu_immediate(&e->as, alu_of(i->op), wide, rm, (i32)ir_bits(ir_at(e, i->b)));
    else if (reg != NO_REGISTER)
        encode_alu_store(&e->as, alu_of(i->op), wide, rm, reg);
    else
        return false;
    return true;
}

/* A mask of 8, 16 or 32 bits is an extension with zeros: a copy besides. */
static bool mask_emit(struct emitter *e, const struct ir_instruction *i)
{
    u64 mask = ir_bits(ir_at(e, i->b));
    u32 form = FORM_MOVZX_8;
    if (shape_of(i->op).op != OPCODE_I32_AND || !is_constant(e->ir, i->b) ||
        is_constant(e->ir, i->a))
        return false;
    if (mask == UINT16_MAX)
        form = FORM_MOVZX_16;
    else if (mask == UINT32_MAX)
        form = FORM_MOV;
    else if (mask != UINT8_MAX)
        return false;
    u32 result = result_register(e);
    encode(&e->as, form, result, rm_of(e, i->a));
    result_done(e, result);
    return true;
}

/* Whether the second operand should be the one that is computed in. */
static bool is_better_turned(const struct emitter *e, const struct ir_instruction *i, u32 result)
{
    if (!is_commutative(i->op))
        return false;
    if (is_constant(e->ir, i->a))
        return true;
    if (result == SCRATCH && (rm_needs_scratch(e, i->a) || rm_needs_scratch(e, i->b)))
        return rm_needs_scratch(e, i->b);
    if (is_folded_load(e->ir, i->a))
        return true;
    return register_of(e, i->b) == result;
}

void emit_binary(struct emitter *e, const struct ir_instruction *i)
{
    u32 wide = wide_of(i->type);
    if (mask_emit(e, i) || apply_in_slot(e, i) ||
        (shape_of(i->op).op == OPCODE_I32_ADD && sum_emit(e, i, wide)))
        return;
    u32 result = result_register(e);
    if (!is_commutative(i->op) && result == SCRATCH && rm_needs_scratch(e, i->b)) {
        integer_to(e, wide, i->b, SCRATCH);
        encode(&e->as, FORM_GROUP_F7 | wide, DIGIT_NEG, rm_register(SCRATCH));
        if (is_immediate(e->ir, i->a))
            encode_alu_immediate(&e->as, ALU_ADD, wide, rm_register(SCRATCH),
                                 (i32)ir_bits(ir_at(e, i->a)));
        else
            encode_alu(&e->as, ALU_ADD, wide, SCRATCH, rm_of(e, i->a));
        result_done(e, SCRATCH);
        return;
    }
    bool is_turned = is_better_turned(e, i, result);
    u32 first = is_turned ? i->b : i->a;
    u32 second = is_turned ? i->a : i->b;
    BASE_ASSERT(register_of(e, second) != result || register_of(e, first) == result);
    integer_to(e, wide, first, result);
    apply(e, i, result, second);
    if (shape_of(i->op).op != OPCODE_I32_MUL && e->allocation->places[e->instruction] == result)
        flags_set(e);
    result_done(e, result);
}

void emit_multiply(struct emitter *e, const struct ir_instruction *i)
{
    if (!is_immediate(e->ir, i->b)) {
        emit_binary(e, i);
        return;
    }
    u32 wide = wide_of(i->type);
    u32 result = result_register(e);
    struct multiplier multiplier = multiplier_of(e->ir, i);
    if (multiplier.kind == MULTIPLY_PLAIN) {
        encode_imul_immediate(&e->as, wide, result, rm_of(e, i->a), (i32)ir_bits(ir_at(e, i->b)));
        result_done(e, result);
        return;
    }
    if (multiplier.kind == MULTIPLY_LEA) {
        u32 reg = integer_in(e, wide, i->a, SCRATCH);
        struct rm rm = { (u8)reg, (u8)reg, multiplier.scale & 3, true, 0 };
        encode(&e->as, FORM_LEA | wide, result, rm);
    } else if (multiplier.shift != 0) {
        integer_to(e, wide, i->a, result);
    } else {
        encode(&e->as, FORM_MOV | wide, result, rm_of(e, i->a));
    }
    if (multiplier.shift != 0)
        encode_shift_immediate(&e->as, SHIFT_SHL, wide, rm_register(result), multiplier.shift);
    result_done(e, result);
}

/* ---- Shifts ---- */

static enum shift shift_of(u32 op)
{
    switch (shape_of(op).op) {
    case OPCODE_I32_SHL:
        return SHIFT_SHL;
    case OPCODE_I32_SHR_S:
        return SHIFT_SAR;
    case OPCODE_I32_SHR_U:
        return SHIFT_SHR;
    case OPCODE_I32_ROTL:
        return SHIFT_ROL;
    default:
        return SHIFT_ROR;
    }
}

static void shift_by_constant(struct emitter *e, const struct ir_instruction *i)
{
    u32 wide = wide_of(i->type);
    u32 bits = wide != 0 ? 64 : 32;
    u32 count = (u32)ir_bits(ir_at(e, i->b)) & (bits - 1);
    enum shift shift = shift_of(i->op);
    u32 result = result_register(e);
    bool is_rotation = shift == SHIFT_ROL || shift == SHIFT_ROR;
    u32 reg = register_of(e, i->a);
    if (is_rotation && e->features.has_bmi2 && reg != result) {
        const u32 reg_vector[2] = { result, 0 };
        u32 right = shift == SHIFT_ROR ? count : (bits - count) & (bits - 1);
        encode_vex_immediate(&e->as, FORM_RORX | wide, reg_vector, rm_of(e, i->a), right);
    } else if (shift == SHIFT_SHL && count == 1 && reg != NO_REGISTER) {
        struct rm rm = { (u8)reg, (u8)reg, 0, true, 0 };
        if (reg == result)
            encode_alu(&e->as, ALU_ADD, wide, reg, rm_register(reg));
        else
            encode(&e->as, FORM_LEA | wide, result, rm);
    } else if (count == 0) {
        encode(&e->as, FORM_MOV | wide, result, rm_of(e, i->a));
    } else {
        integer_to(e, wide, i->a, result);
        encode_shift_immediate(&e->as, shift, wide, rm_register(result), count);
    }
    result_done(e, result);
}

/* The count in cl. Where the result is in that register or in that of the count, it is computed in
 * the scratch register. */
static void shift_by_cl(struct emitter *e, const struct ir_instruction *i)
{
    u32 wide = wide_of(i->type);
    u32 result = result_register(e);
    u32 count = register_of(e, i->b);
    u32 reg = result == RCX || result == count ? (u32)SCRATCH : result;
    integer_to(e, wide, i->a, reg);
    integer_to(e, 0, i->b, RCX);
    encode(&e->as, SHIFT_BY_CL | wide, shift_of(i->op), rm_register(reg));
    result_done(e, reg);
}

void emit_shift(struct emitter *e, const struct ir_instruction *i)
{
    enum shift shift = shift_of(i->op);
    if (is_constant(e->ir, i->b)) {
        shift_by_constant(e, i);
        return;
    }
    if (!e->features.has_bmi2 || shift == SHIFT_ROL || shift == SHIFT_ROR) {
        shift_by_cl(e, i);
        return;
    }
    u32 form = FORM_SHRX;
    if (shift == SHIFT_SHL)
        form = FORM_SHLX;
    else if (shift == SHIFT_SAR)
        form = FORM_SARX;
    u32 result = result_register(e);
    u32 count = integer_in(e, 0, i->b, SCRATCH);
    encode_vex(&e->as, form | wide_of(i->type), result, count, rm_of(e, i->a));
    result_done(e, result);
}

/* ---- One operand ---- */

/* bsr and bsf say by a flag that there is no bit, and then leave anything. */
static void count_by_scan(struct emitter *e, const struct ir_instruction *i, u32 result)
{
    bool is_leading = shape_of(i->op).op == OPCODE_I32_CLZ;
    u32 wide = shape_of(i->op).is_wide ? WIDE : 0;
    u32 bits = wide != 0 ? 64 : 32;
    u32 none = is_leading ? 2 * bits - 1 : bits;
    struct rm rm = rm_of(e, i->a);
    struct rm otherwise = result == SCRATCH ? pool_item(e, none) : rm_register(SCRATCH);
    if (result != SCRATCH)
        encode_constant(&e->as, SCRATCH, none);
    encode(&e->as, (is_leading ? FORM_BSR : FORM_BSF) | wide, result, rm);
    encode(&e->as, (FORM_CMOV + COND_E) | wide, result, otherwise);
    if (is_leading)
        encode_alu_immediate(&e->as, ALU_XOR, 0, rm_register(result), (i32)(bits - 1));
}

/* Bits are counted in pairs, in fours, in bytes, and the bytes are summed up by a multiplication.
 * Two registers are needed: with the scratch one for the result another is borrowed, and kept in
 * the float scratch register. */
static void count_by_sums(struct emitter *e, const struct ir_instruction *i, u32 result)
{
    const u64 pairs = 0x5555555555555555, fours = 0x3333333333333333, bytes = 0x0F0F0F0F0F0F0F0F;
    const u64 ones = 0x0101010101010101;
    struct assembler *as = &e->as;
    u32 reg = result == SCRATCH ? (u32)RAX : result;
    integer_to(e, shape_of(i->op).is_wide ? WIDE : 0, i->a, result);
    if (result == SCRATCH) {
        float_form(e, FORM_MOVD | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(reg));
        encode_move(as, WIDE, reg, SCRATCH);
    } else {
        encode_move(as, WIDE, SCRATCH, reg);
    }
    encode_shift_immediate(as, SHIFT_SHR, WIDE, rm_register(SCRATCH), 1);
    encode_alu(as, ALU_AND, WIDE, SCRATCH, pool_item(e, pairs));
    encode_alu(as, ALU_SUB, WIDE, reg, rm_register(SCRATCH));
    encode_move(as, WIDE, SCRATCH, reg);
    encode_shift_immediate(as, SHIFT_SHR, WIDE, rm_register(SCRATCH), 2);
    encode_alu(as, ALU_AND, WIDE, SCRATCH, pool_item(e, fours));
    encode_alu(as, ALU_AND, WIDE, reg, pool_item(e, fours));
    encode_alu(as, ALU_ADD, WIDE, reg, rm_register(SCRATCH));
    encode_move(as, WIDE, SCRATCH, reg);
    encode_shift_immediate(as, SHIFT_SHR, WIDE, rm_register(SCRATCH), 4);
    encode_alu(as, ALU_ADD, WIDE, reg, rm_register(SCRATCH));
    encode_alu(as, ALU_AND, WIDE, reg, pool_item(e, bytes));
    encode(as, FORM_IMUL | WIDE, reg, pool_item(e, ones));
    encode_shift_immediate(as, SHIFT_SHR, WIDE, rm_register(reg), 56);
    if (result == SCRATCH) {
        encode_move(as, WIDE, SCRATCH, reg);
        float_form(e, FORM_MOVD_STORE | WIDE, FLOAT_SCRATCH, NO_REGISTER, rm_register(reg));
    }
}

void emit_count(struct emitter *e, const struct ir_instruction *i)
{
    struct shape shape = shape_of(i->op);
    u32 wide = shape.is_wide ? WIDE : 0;
    u32 result = result_register(e);
    if (shape.op == OPCODE_I32_POPCNT && !e->features.has_popcnt)
        count_by_sums(e, i, result);
    else if (shape.op == OPCODE_I32_POPCNT)
        encode(&e->as, FORM_POPCNT | wide, result, rm_of(e, i->a));
    else if (shape.op == OPCODE_I32_CLZ && e->features.has_lzcnt)
        encode(&e->as, FORM_LZCNT | wide, result, rm_of(e, i->a));
    else if (shape.op == OPCODE_I32_CTZ && e->features.has_bmi1)
        encode(&e->as, FORM_TZCNT | wide, result, rm_of(e, i->a));
    else
        count_by_scan(e, i, result);
    result_done(e, result);
}

void emit_extend(struct emitter *e, const struct ir_instruction *i)
{
    u32 form;
    switch (i->op) {
    case OPCODE_I32_EXTEND8_S:
        form = FORM_MOVSX_8;
        break;
    case OPCODE_I32_EXTEND16_S:
        form = FORM_MOVSX_16;
        break;
    case OPCODE_I64_EXTEND8_S:
        form = FORM_MOVSX_8 | WIDE;
        break;
    case OPCODE_I64_EXTEND16_S:
        form = FORM_MOVSX_16 | WIDE;
        break;
    default:
        form = FORM_MOVSX_32;
        break;
    }
    u32 result = result_register(e);
    encode(&e->as, form, result, rm_of(e, i->a));
    result_done(e, result);
}

/* Between 32 and 64 bits without a sign. What is of 32 has zero above already. */
void emit_copy(struct emitter *e, const struct ir_instruction *i)
{
    const u16 *places = e->allocation->places;
    bool is_cut = i->op == OPCODE_I32_WRAP_I64;
    if (!is_cut && !is_constant(e->ir, i->a) && places[i->a] == places[e->instruction])
        return;
    u32 result = result_register(e);
    if (!is_cut && register_of(e, i->a) != NO_REGISTER && result == SCRATCH)
        result = register_of(e, i->a);
    else
        encode(&e->as, FORM_MOV, result, rm_of(e, i->a));
    result_done(e, result);
}
