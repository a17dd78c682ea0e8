/* Comparisons, and what is chosen by them. */
#include "engine/x86_64/emit.h"

struct condition condition_not(struct condition condition)
{
    static const enum parity opposite[] = { PARITY_NONE, PARITY_OR, PARITY_AND };
    return (struct condition){ condition.code ^ 1, opposite[condition.parity] };
}

static struct condition plain(enum code_condition code)
{
    return (struct condition){ code, PARITY_NONE };
}

/* ---- Flags ---- */

static bool is_byte_load(const struct emitter *e, u32 value)
{
    const struct ir_instruction *i = ir_at(e, value);
    return i->folded && (i->op == OPCODE_I32_LOAD8_U || i->op == OPCODE_I64_LOAD8_U);
}

/* All flags are needed if more than equality is asked for. */
static void compare_with_zero(struct emitter *e, u32 value, u32 wide, bool is_for_equality)
{
    u32 reg = register_of(e, value);
    if (is_for_equality && e->flags_value == value && e->flags_at == position(&e->as))
        return;
    if (reg != NO_REGISTER)
        encode(&e->as, FORM_TEST | wide, reg, rm_register(reg));
    else if (is_byte_load(e, value))
        encode_alu_narrow(&e->as, ALU_CMP, BYTE_RM, rm_of(e, value), 0);
    else
        encode_alu_immediate(&e->as, ALU_CMP, wide, rm_of(e, value), 0);
}

/* Neither has to be in a register, and one may be a folded load. The form is of `cmp` or `test`. */
static void compare_values(struct emitter *e, const struct ir_instruction *i, u32 form, u32 wide)
{
    u32 a = register_of(e, i->a);
    u32 b = register_of(e, i->b);
    if (b != NO_REGISTER) {
        encode(&e->as, form | wide, b, rm_of(e, i->a));
    } else if (a != NO_REGISTER) {
        u32 turned = form == FORM_TEST ? form : form | 2;
        encode(&e->as, turned | wide, a, rm_of(e, i->b));
    } else if (is_folded_load(e->ir, i->a)) {
        u32 turned = form == FORM_TEST ? form : form | 2;
        integer_to(e, wide, i->a, SCRATCH);
        encode(&e->as, turned | wide, SCRATCH, rm_of(e, i->b));
    } else {
        integer_to(e, wide, i->b, SCRATCH);
        encode(&e->as, form | wide, SCRATCH, rm_of(e, i->a));
    }
}

static void test_values(struct emitter *e, const struct ir_instruction *i)
{
    u32 wide = wide_of(i->type);
    if (is_byte_load(e, i->a))
        encode_immediate(&e->as, FORM_TEST_IMMEDIATE_8, 0, rm_of(e, i->a),
                         ir_bits(ir_at(e, i->b)));
    else if (is_immediate(e->ir, i->b))
        encode_test_immediate(&e->as, wide, rm_of(e, i->a), (i32)ir_bits(ir_at(e, i->b)));
    else
        compare_values(e, i, FORM_TEST, wide);
}

static struct condition eqz_flags(struct emitter *e, const struct ir_instruction *i)
{
    const struct ir_instruction *operand = ir_at(e, i->a);
    if (operand->folded && (is_integer_compare(operand->op) || is_float_compare(operand->op)))
        return condition_not(condition_emit(e, i->a));
    if (operand->folded && shape_of(operand->op).op == OPCODE_I32_AND)
        test_values(e, operand);
    else
        compare_with_zero(e, i->a, i->op == OPCODE_I64_EQZ ? WIDE : 0, true);
    return plain(COND_E);
}

static enum code_condition code_of(u32 op, bool is_unsigned)
{
    static const u8 codes[] = {
        [OPCODE_I32_EQ - OPCODE_I32_EQ] = COND_E,    [OPCODE_I32_NE - OPCODE_I32_EQ] = COND_NE,
        [OPCODE_I32_LT_S - OPCODE_I32_EQ] = COND_L,  [OPCODE_I32_LT_U - OPCODE_I32_EQ] = COND_B,
        [OPCODE_I32_GT_S - OPCODE_I32_EQ] = COND_G,  [OPCODE_I32_GT_U - OPCODE_I32_EQ] = COND_A,
        [OPCODE_I32_LE_S - OPCODE_I32_EQ] = COND_LE, [OPCODE_I32_LE_U - OPCODE_I32_EQ] = COND_BE,
        [OPCODE_I32_GE_S - OPCODE_I32_EQ] = COND_GE, [OPCODE_I32_GE_U - OPCODE_I32_EQ] = COND_AE,
    };
    u32 narrow = shape_of(op).op;
    if (is_unsigned && narrow >= OPCODE_I32_LT_S)
        narrow = OPCODE_I32_LT_U + (narrow - OPCODE_I32_LT_S) / 2 * 2;
    return codes[narrow - OPCODE_I32_EQ];
}

static struct condition integer_flags(struct emitter *e, const struct ir_instruction *i)
{
    enum { CMP_STORE = ALU_CMP << 3 | 1 };
    u32 wide = shape_of(i->op).is_wide ? WIDE : 0;
    bool is_byte = is_byte_load(e, i->a);
    u64 bits = ir_bits(ir_at(e, i->b));
    if (is_byte)
        encode_alu_narrow(&e->as, ALU_CMP, BYTE_RM, rm_of(e, i->a), (i8)bits);
    else if (is_constant(e->ir, i->b) && bits == 0)
        compare_with_zero(e, i->a, wide, code_of(i->op, false) / 2 == COND_E / 2);
    else if (is_immediate(e->ir, i->b))
        encode_alu_immediate(&e->as, ALU_CMP, wide, rm_of(e, i->a), (i32)bits);
    else
        compare_values(e, i, CMP_STORE, wide);
    return plain(code_of(i->op, is_byte));
}

/* ucomis sets the flags like an unsigned comparison, all of them if one is NaN. */
static struct condition float_flags(struct emitter *e, const struct ir_instruction *i)
{
    struct shape shape = shape_of(i->op);
    bool is_turned = is_turned_compare(i->op);
    u8 type = shape.is_wide ? IR_F64 : IR_F32;
    u32 first = is_turned ? i->b : i->a;
    u32 second = is_turned ? i->a : i->b;
    u32 reg = float_in(e, type, first, FLOAT_SCRATCH);
    float_form(e, shape.is_wide ? FORM_COMPARE_DOUBLE : FORM_COMPARE, reg, NO_REGISTER,
               rm_of(e, second));
    switch (shape.op) {
    case OPCODE_F32_EQ:
        return (struct condition){ COND_E, PARITY_AND };
    case OPCODE_F32_NE:
        return (struct condition){ COND_NE, PARITY_OR };
    case OPCODE_F32_LT:
    case OPCODE_F32_GT:
        return plain(COND_A);
    default:
        return plain(COND_AE);
    }
}

static struct condition compare_flags(struct emitter *e, const struct ir_instruction *i)
{
    if (is_eqz(i->op))
        return eqz_flags(e, i);
    return is_float_compare(i->op) ? float_flags(e, i) : integer_flags(e, i);
}

struct condition condition_emit(struct emitter *e, u32 value)
{
    const struct ir_instruction *i = ir_at(e, value);
    if (i->folded && (is_integer_compare(i->op) || is_float_compare(i->op)))
        return compare_flags(e, i);
    if (i->folded && i->op == OPCODE_I32_AND)
        test_values(e, i);
    else
        compare_with_zero(e, value, 0, true);
    return plain(COND_NE);
}

/* ---- As a value ---- */

/* Whether a value, or what is folded into it, is read from this register. */
static bool reads_register(const struct emitter *e, u32 value, u32 reg)
{
    const struct ir_instruction *i = ir_at(e, value);
    if (!i->folded)
        return e->allocation->places[value] == reg;
    u32 small[IR_OPERANDS_MAX];
    u32 count;
    const u32 *operands = ir_operands(e->ir, i, small, &count);
    for (u32 n = 0; n < count; n++) {
        if (reads_register(e, operands[n], reg))
            return true;
    }
    return false;
}

void emit_compare(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = result_register(e);
    bool is_cleared = result != SCRATCH && !reads_register(e, i->a, result) &&
                      (is_eqz(i->op) || !reads_register(e, i->b, result));
    if (is_cleared)
        encode_alu(&e->as, ALU_XOR, 0, result, rm_register(result));
    struct condition condition = compare_flags(e, i);
    u32 code = condition.code;
    if (condition.parity != PARITY_NONE)
        code = condition.parity == PARITY_AND ? COND_NP : COND_P;
    encode(&e->as, FORM_SET + code, 0, rm_register(result));
    if (!is_cleared)
        encode(&e->as, FORM_MOVZX_8, result, rm_register(result));
    if (condition.parity != PARITY_NONE)
        encode(&e->as, FORM_CMOV + COND_NE, result, pool_item(e, condition.parity == PARITY_OR));
    result_done(e, result);
}

/* ---- Select ---- */

struct choice {
    struct condition condition;
    u32 chosen; /* if it holds */
    u32 otherwise;
};

static void choice_turn(struct choice *choice)
{
    u32 chosen = choice->chosen;
    choice->condition = condition_not(choice->condition);
    choice->chosen = choice->otherwise;
    choice->otherwise = chosen;
}

/* result = otherwise; if it holds, result = chosen. So the result must not be where that is. */
static void select_integer(struct emitter *e, struct choice choice, u8 type)
{
    u32 wide = wide_of(type);
    u32 result = result_register(e);
    bool is_turnable = choice.condition.parity == PARITY_NONE;
    if (choice.condition.parity == PARITY_AND)
        choice_turn(&choice);
    if (is_turnable && (register_of(e, choice.chosen) == result ||
                        (is_constant(e->ir, choice.chosen) &&
                         register_of(e, choice.otherwise) != result)))
        choice_turn(&choice);
    struct rm chosen = rm_register(SCRATCH);
    bool is_moved = is_constant(e->ir, choice.chosen) || register_of(e, choice.chosen) == result;
    if (is_moved && result != SCRATCH)
        integer_to(e, wide, choice.chosen, SCRATCH);
    else
        chosen = rm_of(e, choice.chosen);
    integer_to(e, wide, choice.otherwise, result);
    encode(&e->as, (FORM_CMOV + choice.condition.code) | wide, result, chosen);
    if (choice.condition.parity == PARITY_OR)
        encode(&e->as, (FORM_CMOV + COND_P) | wide, result, chosen);
    result_done(e, result);
}

static void select_float(struct emitter *e, struct choice choice, u8 type)
{
    u32 result = result_register(e);
    u32 skip_parity = 0;
    if (choice.condition.parity == PARITY_OR ||
        (choice.condition.parity == PARITY_NONE && register_of(e, choice.chosen) == result))
        choice_turn(&choice);
    u32 chosen = register_of(e, choice.chosen);
    if (chosen == result && register_of(e, choice.otherwise) != result) {
        float_move(e, FLOAT_SCRATCH, chosen);
        chosen = FLOAT_SCRATCH;
    }
    float_to(e, type, choice.otherwise, result);
    u32 skip = encode_jump_short(&e->as, choice.condition.code ^ 1);
    if (choice.condition.parity == PARITY_AND)
        skip_parity = encode_jump_short(&e->as, COND_P);
    if (chosen != NO_REGISTER)
        float_move(e, result, chosen);
    else
        float_to(e, type, choice.chosen, result);
    encode_link_short(&e->as, skip);
    if (skip_parity != 0)
        encode_link_short(&e->as, skip_parity);
    result_done(e, result);
}

void emit_select(struct emitter *e, const struct ir_instruction *i)
{
    struct choice choice = { condition_emit(e, i->c), i->a, i->b };
    if (ir_is_float(i->type))
        select_float(e, choice, i->type);
    else
        select_integer(e, choice, i->type);
}
