/* Comparisons, and what is chosen by them. */
#include "engine/x86_64/emit.h"

static bool is_float_compare(u32 op)
{
    return op >= OPCODE_F32_EQ && op <= OPCODE_F64_GE;
}

static bool is_eqz(u32 op)
{
    return op == OPCODE_I32_EQZ || op == OPCODE_I64_EQZ;
}

static bool is_compare(u32 op)
{
    return op >= OPCODE_I32_EQZ && op <= OPCODE_F64_GE;
}

static enum condition condition_of(u32 op)
{
    static const u8 conditions[] = { COND_E, COND_NE, COND_L, COND_B, COND_G,
                                     COND_A, COND_LE, COND_BE, COND_GE, COND_AE };
    return op >= OPCODE_I64_EQ ? conditions[op - OPCODE_I64_EQ] : conditions[op - OPCODE_I32_EQ];
}

static bool is_folded_and(const struct emitter *e, u32 value)
{
    const struct ir_instruction *i = emit_get(e, value);
    return i->folded && (i->op == OPCODE_I32_AND || i->op == OPCODE_I64_AND);
}

static u32 wide_of(const struct emitter *e, u32 value)
{
    return emit_get(e, value)->type == IR_I64 ? WIDE : 0;
}

/* test a, b */
static void test_and(struct emitter *e, u32 value)
{
    const struct ir_instruction *i = emit_get(e, value);
    u32 wide = wide_of(e, value);
    u64 bits;
    u32 first = emit_in_register(e, i->a, SCRATCH);
    if (emit_is_constant(e, i->b, &bits) && (wide == 0 || (i64)bits == (i32)bits)) {
        if (bits <= INT8_MAX) {
            x86_registers(&e->as, 0xF6 | BYTE_RM, 0, first);
            x86_byte(&e->as, (u8)bits);
        } else {
            x86_registers(&e->as, 0xF7 | wide, 0, first);
            x86_u32(&e->as, (u32)bits);
        }
        return;
    }
    if (first == SCRATCH && emit_place(e, i->b) >= PLACE_SLOT) {
        struct operand_place second = emit_operand(e, i->b);
        if (second.is_memory)
            emit_with(e, 0x23 | wide, SCRATCH, &second);
        else
            emit_fail(e, STATUS_LIMIT);
        return;
    }
    u32 second = emit_in_register(e, i->b, SCRATCH);
    x86_registers(&e->as, 0x85 | wide, second, first);
}

/* Sets the flags as a comparison of the value with zero does. */
static void test_zero(struct emitter *e, u32 value)
{
    u32 wide = wide_of(e, value);
    if (is_folded_and(e, value)) {
        test_and(e, value);
        return;
    }
    struct operand_place operand = emit_operand(e, value);
    if (operand.is_memory)
        x86_alu_memory_immediate(&e->as, ALU_CMP | wide, operand.memory, 0);
    else
        x86_registers(&e->as, 0x85 | wide, operand.reg, operand.reg);
}

static struct test test_integers(struct emitter *e, const struct ir_instruction *i)
{
    u32 wide = wide_of(e, i->a);
    struct test test = { TEST_FLAG, (u8)condition_of(i->op) };
    u64 bits;
    if (emit_is_constant(e, i->b, &bits) && (wide == 0 || (i64)bits == (i32)bits)) {
        struct operand_place first = emit_operand(e, i->a);
        if (first.is_memory)
            x86_alu_memory_immediate(&e->as, ALU_CMP | wide, first.memory, (i32)bits);
        else if (bits == 0)
            x86_registers(&e->as, 0x85 | wide, first.reg, first.reg);
        else
            x86_alu_immediate(&e->as, ALU_CMP | wide, first.reg, (i32)bits);
        return test;
    }
    u16 first = emit_place(e, i->a);
    if (first < PLACE_SLOT) {
        struct operand_place second = emit_operand(e, i->b);
        emit_with(e, 0x3B | wide, first, &second);
    } else {
        /* The first is in a slot. */
        struct operand_place second = emit_operand(e, i->b);
        if (second.is_memory)
            emit_with(e, 0x8B | wide, SCRATCH, &second);
        u32 reg = second.is_memory ? (u32)SCRATCH : second.reg;
        x86_memory(&e->as, 0x39 | wide, reg, emit_slot(e, first), 0);
    }
    return test;
}

/* Whether the operands change places, so that one condition holds for no NaN. */
static bool is_swapped(u32 op)
{
    return op == OPCODE_F32_LT || op == OPCODE_F32_LE || op == OPCODE_F64_LT || op == OPCODE_F64_LE;
}

static struct test test_floats(struct emitter *e, const struct ir_instruction *i)
{
    bool is_double = i->op >= OPCODE_F64_EQ;
    u32 op = is_double ? i->op - OPCODE_F64_EQ + OPCODE_F32_EQ : i->op;
    u32 first = emit_float_in_register(e, is_swapped(i->op) ? i->b : i->a, SCRATCH_FLOAT);
    struct operand_place second = emit_float_operand(e, is_swapped(i->op) ? i->a : i->b);
    emit_with(e, 0x2E | MAP_0F | (is_double ? (u32)PREFIX_66 : 0), first, &second);
    switch (op) {
    case OPCODE_F32_EQ:
        return (struct test){ TEST_FLOAT_EQUAL, COND_E };
    case OPCODE_F32_NE:
        return (struct test){ TEST_FLOAT_DIFFERENT, COND_NE };
    case OPCODE_F32_LT:
    case OPCODE_F32_GT:
        return (struct test){ TEST_FLAG, COND_A };
    default:
        return (struct test){ TEST_FLAG, COND_AE };
    }
}

struct test emit_test_not(struct test test)
{
    switch (test.kind) {
    case TEST_FLOAT_EQUAL:
        return (struct test){ TEST_FLOAT_DIFFERENT, COND_NE };
    case TEST_FLOAT_DIFFERENT:
        return (struct test){ TEST_FLOAT_EQUAL, COND_E };
    default:
        return (struct test){ TEST_FLAG, test.condition ^ 1 };
    }
}

static struct test test_compare(struct emitter *e, const struct ir_instruction *i)
{
    if (is_float_compare(i->op))
        return test_floats(e, i);
    if (!is_eqz(i->op))
        return test_integers(e, i);
    const struct ir_instruction *operand = emit_get(e, i->a);
    if (operand->folded && is_compare(operand->op))
        return emit_test_not(test_compare(e, operand));
    test_zero(e, i->a);
    return (struct test){ TEST_FLAG, COND_E };
}

struct test emit_test(struct emitter *e, u32 value)
{
    const struct ir_instruction *i = emit_get(e, value);
    if (i->folded && is_compare(i->op))
        return test_compare(e, i);
    test_zero(e, value);
    return (struct test){ TEST_FLAG, COND_NE };
}

/* 0 or 1 in the register, which has been no operand since the flags were set. */
static void set_by(struct emitter *e, u32 reg, struct test test)
{
    x86_registers(&e->as, (0x90u + test.condition) | MAP_0F | BYTE_RM, 0, reg);
    if (test.kind == TEST_FLAG) {
        x86_registers(&e->as, 0xB6 | MAP_0F | BYTE_RM, reg, reg);
        return;
    }
    x86_registers(&e->as, 0xB6 | MAP_0F | BYTE_RM, reg, reg);
    bool equal = test.kind == TEST_FLOAT_EQUAL;
    u32 skip = x86_jump_short_if(&e->as, COND_NP);
    x86_constant(&e->as, reg, equal ? 0 : 1, true);
    x86_link_short(&e->as, skip);
}

void emit_compare(struct emitter *e, const struct ir_instruction *i)
{
    struct test test = test_compare(e, i);
    u32 result = emit_result(e);
    set_by(e, result, test);
    emit_result_done(e, result);
}

/* ---- Selections ---- */

static void cmov(struct emitter *e, enum condition condition, u32 reg, u32 value)
{
    u32 wide = wide_of(e, value);
    u64 bits;
    if (emit_is_constant(e, value, &bits)) {
        x86_constant(&e->as, SCRATCH, bits, true);
        x86_registers(&e->as, (0x40u + condition) | MAP_0F | wide, reg, SCRATCH);
        return;
    }
    struct operand_place operand = emit_operand(e, value);
    emit_with(e, (0x40u + condition) | MAP_0F | wide, reg, &operand);
}

/* The second, unless the test holds. What is in the result's register already comes first. */
static void select_integer(struct emitter *e, const struct ir_instruction *i, struct test test)
{
    u32 result = emit_result(e);
    u32 first = i->b, second = i->a;
    u64 bits;
    bool needs_scratch = result == SCRATCH && emit_is_constant(e, second, &bits);
    if (emit_place(e, i->a) == result || needs_scratch) {
        first = i->a;
        second = i->b;
        test = emit_test_not(test);
        needs_scratch = result == SCRATCH && emit_is_constant(e, second, &bits);
    }
    emit_into(e, result, first, true);
    if (needs_scratch || test.kind != TEST_FLAG) {
        /* Jumps over the move; with two flags, there and back. */
        bool equal = test.kind == TEST_FLOAT_EQUAL;
        u32 skip_parity = equal ? x86_jump_short_if(&e->as, COND_P) : 0;
        u32 take_parity = test.kind == TEST_FLOAT_DIFFERENT ? x86_jump_short_if(&e->as, COND_P) : 0;
        u32 skip = x86_jump_short_if(&e->as, test.condition ^ 1);
        if (take_parity != 0)
            x86_link_short(&e->as, take_parity);
        emit_into(e, result, second, true);
        x86_link_short(&e->as, skip);
        if (skip_parity != 0)
            x86_link_short(&e->as, skip_parity);
    } else {
        cmov(e, test.condition, result, second);
    }
    emit_result_done(e, result);
}

static void select_float(struct emitter *e, const struct ir_instruction *i, struct test test)
{
    u32 result = emit_float_result(e);
    u32 first = i->b, second = i->a;
    if (emit_place(e, i->a) == result + XMM) {
        first = i->a;
        second = i->b;
        test = emit_test_not(test);
    }
    struct operand_place operand = emit_float_operand(e, first);
    if (operand.is_memory || operand.reg != result)
        emit_float_into(e, result, first);
    u32 skip_parity =
        test.kind == TEST_FLOAT_EQUAL ? x86_jump_short_if(&e->as, COND_P) : 0;
    u32 take_parity =
        test.kind == TEST_FLOAT_DIFFERENT ? x86_jump_short_if(&e->as, COND_P) : 0;
    u32 skip = x86_jump_short_if(&e->as, test.condition ^ 1);
    if (take_parity != 0)
        x86_link_short(&e->as, take_parity);
    emit_float_into(e, result, second);
    x86_link_short(&e->as, skip);
    if (skip_parity != 0)
        x86_link_short(&e->as, skip_parity);
    emit_float_result_done(e, result);
}

void emit_select(struct emitter *e, const struct ir_instruction *i)
{
    struct test test = emit_test(e, i->c);
    if (ir_is_float(i->type))
        select_float(e, i, test);
    else
        select_integer(e, i, test);
}
