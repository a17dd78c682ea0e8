/* Computations on floats, by SSE instructions. */
#include "engine/x86_64/emit.h"

static bool is_double(const struct ir_instruction *i)
{
    return i->type == IR_F64;
}

static u32 scalar(const struct ir_instruction *i)
{
    return (is_double(i) ? (u32)PREFIX_F2 : PREFIX_F3) | MAP_0F;
}

/* Of whole registers, which for bit patterns and comparisons is the shorter way. */
static u32 packed(const struct ir_instruction *i)
{
    return (is_double(i) ? (u32)PREFIX_66 : 0) | MAP_0F;
}

static u64 sign_of(const struct ir_instruction *i)
{
    return is_double(i) ? (u64)1 << 63 : 0x8000000080000000u;
}

static void emit_arithmetic(struct emitter *e, const struct ir_instruction *i, u32 code,
                            bool is_commutative)
{
    u32 result = emit_float_result(e);
    u32 first = i->a, second = i->b;
    if (is_commutative && emit_place(e, i->b) == result + XMM) {
        first = i->b;
        second = i->a;
    }
    emit_float_into(e, result, first);
    struct operand_place operand = emit_float_operand(e, second);
    emit_with(e, code | scalar(i), result, &operand);
    emit_float_result_done(e, result);
}

static void emit_root(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_float_result(e);
    struct operand_place operand = emit_float_operand(e, i->a);
    emit_with(e, 0x51 | scalar(i), result, &operand);
    emit_float_result_done(e, result);
}

/* roundss, roundsd: to nearest, down, up, to zero; no exception for what is inexact. */
static void emit_round(struct emitter *e, const struct ir_instruction *i, u8 mode)
{
    enum { QUIET = 8 };
    u32 result = emit_float_result(e);
    u32 operand = emit_float_in_register(e, i->a, SCRATCH_FLOAT);
    x86_registers(&e->as, (is_double(i) ? 0x0B : 0x0A) | MAP_0F3A | PREFIX_66, result, operand);
    x86_byte(&e->as, QUIET | mode);
    emit_float_result_done(e, result);
}

/* and, xor with a pattern that stands twice in the pool. */
static void emit_pattern(struct emitter *e, const struct ir_instruction *i, u32 code, u64 bits)
{
    u32 result = emit_float_result(e);
    emit_float_into(e, result, i->a);
    struct operand_place pattern = { .is_memory = true, .memory = emit_pool_pair(e, bits) };
    emit_with(e, code | packed(i), result, &pattern);
    emit_float_result_done(e, result);
}

/* The sign of the second with the rest of the first. */
static void emit_copysign(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_place(e, e->at) < PLACE_SLOT ? emit_float_result(e) : NO_REGISTER;
    struct operand_place sign = { .is_memory = true, .memory = emit_pool_pair(e, sign_of(i)) };
    struct operand_place rest = { .is_memory = true, .memory = emit_pool_pair(e, ~sign_of(i)) };
    if (result == NO_REGISTER) {
        /* In integers, as there is one float register only. */
        emit_float_into(e, SCRATCH_FLOAT, i->b);
        emit_with(e, 0x54 | packed(i), SCRATCH_FLOAT, &sign);
        x86_registers(&e->as, 0x7E | MAP_0F | PREFIX_66 | WIDE, SCRATCH_FLOAT, SCRATCH);
        emit_float_into(e, SCRATCH_FLOAT, i->a);
        emit_with(e, 0x54 | packed(i), SCRATCH_FLOAT, &rest);
        x86_memory(&e->as, 0x11 | scalar(i), SCRATCH_FLOAT, emit_slot(e, emit_place(e, e->at)), 0);
        x86_memory(&e->as, 0x09 | WIDE, SCRATCH, emit_slot(e, emit_place(e, e->at)), 0);
        return;
    }
    emit_float_into(e, SCRATCH_FLOAT, i->b);
    emit_with(e, 0x54 | packed(i), SCRATCH_FLOAT, &sign);
    emit_float_into(e, result, i->a);
    emit_with(e, 0x54 | packed(i), result, &rest);
    x86_registers(&e->as, 0x56 | packed(i), result, SCRATCH_FLOAT);
    emit_float_result_done(e, result);
}

/* min and max: minsd gives its second operand for equal ones and NaN. Zeros of different signs are
 * equal: their signs are or-ed for the minimum, and-ed for the maximum; adding makes NaN of NaN. */
static void extreme(struct emitter *e, const struct ir_instruction *i, u32 result, u32 second)
{
    bool is_minimum = i->op == OPCODE_F32_MIN || i->op == OPCODE_F64_MIN;
    x86_registers(&e->as, 0x2E | packed(i), result, second);
    u32 differ = x86_jump_short_if(&e->as, COND_NE);
    u32 none = x86_jump_short_if(&e->as, COND_P);
    x86_registers(&e->as, (is_minimum ? 0x56 : 0x54) | packed(i), result, second);
    u32 done = x86_jump_short(&e->as);
    x86_link_short(&e->as, none);
    x86_registers(&e->as, 0x58 | scalar(i), result, second);
    u32 done_too = x86_jump_short(&e->as);
    x86_link_short(&e->as, differ);
    x86_registers(&e->as, (is_minimum ? 0x5D : 0x5F) | scalar(i), result, second);
    x86_link_short(&e->as, done);
    x86_link_short(&e->as, done_too);
}

static bool is_in_register(const struct emitter *e, u32 value)
{
    return emit_place(e, value) < PLACE_SLOT;
}

/* On its way to a slot, the result takes the scratch register, and the other operand needs one: its
 * own or, if need be, the first, which is kept meanwhile. */
static void emit_extreme_to_slot(struct emitter *e, const struct ir_instruction *i)
{
    enum { SPARE = 0 };
    bool is_swapped = !is_in_register(e, i->b) && is_in_register(e, i->a);
    u32 first = is_swapped ? i->b : i->a;
    u32 second = is_swapped ? i->a : i->b;
    emit_float_into(e, SCRATCH_FLOAT, first);
    if (is_in_register(e, second)) {
        extreme(e, i, SCRATCH_FLOAT, emit_place(e, second) - (u32)XMM);
    } else {
        x86_registers(&e->as, 0x7E | MAP_0F | PREFIX_66 | WIDE, SPARE, SCRATCH);
        emit_float_into(e, SPARE, second);
        extreme(e, i, SCRATCH_FLOAT, SPARE);
        x86_registers(&e->as, 0x6E | MAP_0F | PREFIX_66 | WIDE, SPARE, SCRATCH);
    }
    emit_float_result_done(e, SCRATCH_FLOAT);
}

static void emit_extreme(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_float_result(e);
    if (result == SCRATCH_FLOAT) {
        emit_extreme_to_slot(e, i);
        return;
    }
    emit_float_into(e, result, i->a);
    extreme(e, i, result, emit_float_in_register(e, i->b, SCRATCH_FLOAT));
    emit_float_result_done(e, result);
}

/* The rows of f32, to which f64's are the same in the same order. */
static u32 as_single(u32 op)
{
    return op >= OPCODE_F64_ABS ? op - OPCODE_F64_ABS + OPCODE_F32_ABS : op;
}

void emit_float(struct emitter *e, const struct ir_instruction *i)
{
    enum { NEAREST, DOWN, UP, TO_ZERO };
    switch (as_single(i->op)) {
    case OPCODE_F32_ABS:
        emit_pattern(e, i, 0x54, ~sign_of(i));
        break;
    case OPCODE_F32_NEG:
        emit_pattern(e, i, 0x57, sign_of(i));
        break;
    case OPCODE_F32_CEIL:
        emit_round(e, i, UP);
        break;
    case OPCODE_F32_FLOOR:
        emit_round(e, i, DOWN);
        break;
    case OPCODE_F32_TRUNC:
        emit_round(e, i, TO_ZERO);
        break;
    case OPCODE_F32_NEAREST:
        emit_round(e, i, NEAREST);
        break;
    case OPCODE_F32_SQRT:
        emit_root(e, i);
        break;
    case OPCODE_F32_ADD:
        emit_arithmetic(e, i, 0x58, true);
        break;
    case OPCODE_F32_SUB:
        emit_arithmetic(e, i, 0x5C, false);
        break;
    case OPCODE_F32_MUL:
        emit_arithmetic(e, i, 0x59, true);
        break;
    case OPCODE_F32_DIV:
        emit_arithmetic(e, i, 0x5E, false);
        break;
    case OPCODE_F32_MIN:
    case OPCODE_F32_MAX:
        emit_extreme(e, i);
        break;
    default:
        emit_copysign(e, i);
    }
}
