/* Integer computations. */
#include "engine/x86_64/emit.h"

static bool is_64(const struct ir_instruction *i)
{
    return i->type == IR_I64;
}

static u32 wide(const struct ir_instruction *i)
{
    return is_64(i) ? WIDE : 0;
}

static bool fits_immediate(const struct ir_instruction *i, u64 bits)
{
    return !is_64(i) || (i64)bits == (i32)bits;
}

/* ---- Two operands, the result in place of the first ---- */

/* The opcode with the register first, and the number of the form with an immediate. */
struct alu {
    u16 form;
    u8 operation;
    bool is_commutative;
};

static const struct alu *alu_of(u32 op)
{
    static const struct alu alus[] = {
        [OPCODE_I32_ADD] = { 0x03, ALU_ADD, true },  [OPCODE_I64_ADD] = { 0x03, ALU_ADD, true },
        [OPCODE_I32_SUB] = { 0x2B, ALU_SUB, false }, [OPCODE_I64_SUB] = { 0x2B, ALU_SUB, false },
        [OPCODE_I32_AND] = { 0x23, ALU_AND, true },  [OPCODE_I64_AND] = { 0x23, ALU_AND, true },
        [OPCODE_I32_OR] = { 0x0B, ALU_OR, true },    [OPCODE_I64_OR] = { 0x0B, ALU_OR, true },
        [OPCODE_I32_XOR] = { 0x33, ALU_XOR, true },  [OPCODE_I64_XOR] = { 0x33, ALU_XOR, true },
    };
    return op < BASE_ARRAY_COUNT(alus) && alus[op].form != 0 ? &alus[op] : NULL;
}

static void emit_alu_immediate(struct emitter *e, const struct ir_instruction *i,
                               const struct alu *alu, i32 immediate)
{
    u32 result = emit_result(e);
    u16 first = emit_place(e, i->a);
    if (alu->operation == ALU_ADD && first < PLACE_SLOT && first != result) {
        x86_memory(&e->as, 0x8D | wide(i), result, x86_at((u8)first, immediate), 0);
    } else if (alu->operation == ALU_AND && immediate == UINT8_MAX && first < PLACE_SLOT) {
        x86_registers(&e->as, 0xB6 | MAP_0F | BYTE_RM, result, first);
    } else {
        emit_into(e, result, i->a, false);
        x86_alu_immediate(&e->as, alu->operation | wide(i), result, immediate);
    }
    emit_result_done(e, result);
}

/* With the result on its way to a slot, the scratch register is all there is: the second operand goes
 * there first if reading it might need that register. */
static void emit_alu_reversed(struct emitter *e, const struct ir_instruction *i,
                              const struct alu *alu, const u32 values[2])
{
    struct operand_place second = emit_operand(e, values[1]);
    u64 bits;
    emit_with(e, 0x8B | wide(i), SCRATCH, &second);
    if (!alu->is_commutative)
        x86_registers(&e->as, 0xF7 | wide(i), 3, SCRATCH);
    if (!emit_is_constant(e, values[0], &bits)) {
        struct operand_place first = emit_operand(e, values[0]);
        emit_with(e, (alu->is_commutative ? alu->form : 0x03u) | wide(i), SCRATCH, &first);
    } else if (alu->is_commutative || !fits_immediate(i, bits)) {
        emit_fail(e, STATUS_LIMIT); /* constants of commutative operations are second */
    } else {
        x86_alu_immediate(&e->as, ALU_ADD | wide(i), SCRATCH, (i32)bits);
    }
}

/* The first operand into the result's register, then the operation with the second, which is not
 * there. */
static void emit_alu_operands(struct emitter *e, const struct ir_instruction *i,
                              const struct alu *alu, const u32 values[2])
{
    u32 result = emit_result(e);
    u64 bits;
    bool is_constant = emit_is_constant(e, values[1], &bits);
    if (result == SCRATCH && (is_constant || emit_get(e, values[1])->folded)) {
        emit_alu_reversed(e, i, alu, values);
    } else if (is_constant) {
        emit_into(e, result, values[0], false);
        x86_constant(&e->as, SCRATCH, bits, false);
        x86_registers(&e->as, alu->form | wide(i), result, SCRATCH);
    } else {
        emit_into(e, result, values[0], false);
        struct operand_place second = emit_operand(e, values[1]);
        emit_with(e, alu->form | wide(i), result, &second);
    }
    emit_result_done(e, result);
}

static bool is_lea(const struct emitter *e, const struct ir_instruction *i)
{
    u16 first = emit_place(e, i->a), second = emit_place(e, i->b);
    u32 result = emit_result(e);
    return (i->op == OPCODE_I32_ADD || i->op == OPCODE_I64_ADD) && first < PLACE_SLOT &&
           second < PLACE_SLOT && result != first && result != second;
}

static bool is_scaled(const struct emitter *e, u32 value)
{
    const struct ir_instruction *i = emit_get(e, value);
    return i->folded && (i->op == OPCODE_I32_SHL || i->op == OPCODE_I64_SHL);
}

/* a + (b << k) */
static void emit_scaled_add(struct emitter *e, const struct ir_instruction *i)
{
    const struct ir_instruction *shift = emit_get(e, i->b);
    u32 result = emit_result(e);
    struct x86_memory sum = { .scale = (u8)emit_get(e, shift->b)->bits };
    u16 base = emit_place(e, i->a);
    u16 index = emit_place(e, shift->a);
    if (base >= PLACE_SLOT && index >= PLACE_SLOT) {
        /* Only one scratch register: shift first, then add the other. */
        emit_into(e, SCRATCH, shift->a, false);
        x86_shift_immediate(&e->as, SHIFT_SHL | wide(i), SCRATCH, sum.scale);
        x86_memory(&e->as, 0x03 | wide(i), SCRATCH, emit_slot(e, base), 0);
        emit_result_done(e, SCRATCH);
        return;
    }
    sum.base = (u8)emit_in_register(e, i->a, SCRATCH);
    sum.index = (u8)emit_in_register(e, shift->a, SCRATCH);
    x86_memory(&e->as, 0x8D | wide(i), result, sum, 0);
    emit_result_done(e, result);
}

static void emit_alu(struct emitter *e, const struct ir_instruction *i, const struct alu *alu)
{
    u64 bits;
    u32 values[2] = { i->a, i->b };
    u32 result = emit_result(e);
    if (emit_is_constant(e, i->b, &bits) && fits_immediate(i, bits)) {
        emit_alu_immediate(e, i, alu, (i32)bits);
        return;
    }
    if (is_scaled(e, i->b)) {
        emit_scaled_add(e, i);
        return;
    }
    if (is_lea(e, i)) {
        struct x86_memory sum = { (u8)emit_place(e, i->a), (u8)emit_place(e, i->b), 0, 0 };
        x86_memory(&e->as, 0x8D | wide(i), result, sum, 0);
        emit_result_done(e, result);
        return;
    }
    if (alu->is_commutative && emit_place(e, i->b) == result) {
        values[0] = i->b;
        values[1] = i->a;
    }
    emit_alu_operands(e, i, alu, values);
}

static void emit_multiply(struct emitter *e, const struct ir_instruction *i)
{
    u64 bits;
    u32 result = emit_result(e);
    if (emit_is_constant(e, i->b, &bits) && fits_immediate(i, bits)) {
        struct operand_place first = emit_operand(e, i->a);
        bool is_byte = (i32)bits >= INT8_MIN && (i32)bits <= INT8_MAX;
        if (first.is_memory)
            x86_memory(&e->as, (is_byte ? 0x6B : 0x69) | wide(i), result, first.memory,
                       is_byte ? 1 : 4);
        else
            x86_registers(&e->as, (is_byte ? 0x6B : 0x69) | wide(i), result, first.reg);
        if (is_byte)
            x86_byte(&e->as, (u8)bits);
        else
            x86_u32(&e->as, (u32)bits);
        emit_result_done(e, result);
        return;
    }
    static const struct alu multiply = { 0xAF | MAP_0F, 0, true };
    u32 values[2] = { i->a, i->b };
    if (emit_place(e, i->b) == result) {
        values[0] = i->b;
        values[1] = i->a;
    }
    emit_alu_operands(e, i, &multiply, values);
}

/* ---- Shifts ---- */

static u32 shift_of(u32 op)
{
    switch (op) {
    case OPCODE_I32_SHL:
    case OPCODE_I64_SHL:
        return SHIFT_SHL;
    case OPCODE_I32_SHR_S:
    case OPCODE_I64_SHR_S:
        return SHIFT_SAR;
    case OPCODE_I32_SHR_U:
    case OPCODE_I64_SHR_U:
        return SHIFT_SHR;
    case OPCODE_I32_ROTL:
    case OPCODE_I64_ROTL:
        return SHIFT_ROL;
    default:
        return SHIFT_ROR;
    }
}

/* shlx, sarx and shrx take the count from any register, and change no flags. */
static void emit_shift_x(struct emitter *e, const struct ir_instruction *i, u32 shift)
{
    u32 prefix = shift == SHIFT_SHL ? PREFIX_66 : shift == SHIFT_SAR ? PREFIX_F3 : PREFIX_F2;
    u32 result = emit_result(e);
    u16 first = emit_place(e, i->a), count = emit_place(e, i->b);
    if (first >= PLACE_SLOT && count >= PLACE_SLOT) {
        emit_into(e, result, i->a, false);
        emit_into(e, SCRATCH, i->b, false);
        x86_vex(&e->as, 0xF7 | MAP_0F38 | prefix | wide(i), (const u32[]){ result, SCRATCH },
                result);
    } else {
        u32 operand = emit_in_register(e, i->a, SCRATCH);
        u32 number = emit_in_register(e, i->b, SCRATCH);
        x86_vex(&e->as, 0xF7 | MAP_0F38 | prefix | wide(i), (const u32[]){ result, number },
                operand);
    }
    emit_result_done(e, result);
}

/* By cl, in the scratch register. The allocator has left rcx alone, unless `keeps`. */
static void emit_shift_cl(struct emitter *e, const struct ir_instruction *i, u32 shift, bool keeps)
{
    enum { TO_FLOAT = 0x6E | MAP_0F | PREFIX_66 | WIDE, FROM_FLOAT = 0x7E | MAP_0F | PREFIX_66 | WIDE };
    if (keeps)
        x86_registers(&e->as, TO_FLOAT, SCRATCH_FLOAT, RCX);
    emit_into(e, SCRATCH, i->a, false);
    emit_into(e, RCX, i->b, false);
    x86_registers(&e->as, 0xD3 | wide(i), shift, SCRATCH);
    if (keeps)
        x86_registers(&e->as, FROM_FLOAT, SCRATCH_FLOAT, RCX);
    emit_result_done(e, SCRATCH);
}

static void emit_shift(struct emitter *e, const struct ir_instruction *i)
{
    u64 bits;
    u32 shift = shift_of(i->op);
    bool rotates = shift == SHIFT_ROL || shift == SHIFT_ROR;
    if (emit_is_constant(e, i->b, &bits)) {
        u32 result = emit_result(e);
        emit_into(e, result, i->a, false);
        x86_shift_immediate(&e->as, shift | wide(i), result, (u8)(bits & (is_64(i) ? 63 : 31)));
        emit_result_done(e, result);
        return;
    }
    bool both_in_slots = emit_place(e, i->a) >= PLACE_SLOT && emit_place(e, i->b) >= PLACE_SLOT &&
                         emit_result(e) == SCRATCH;
    if (!e->has_bmi2 || rotates)
        emit_shift_cl(e, i, shift, false);
    else if (both_in_slots)
        emit_shift_cl(e, i, shift, true);
    else
        emit_shift_x(e, i, shift);
}

/* ---- One operand ---- */

/* Where the instruction that counts zeros is missing: bsr and bsf say nothing about zero. */
static void emit_scan(struct emitter *e, const struct ir_instruction *i, bool leading)
{
    struct operand_place operand = emit_operand(e, i->a);
    emit_with(e, (leading ? 0xBD : 0xBC) | MAP_0F | wide(i), SCRATCH, &operand);
    u32 skip = x86_jump_short_if(&e->as, COND_NE);
    u32 bits = is_64(i) ? 64 : 32;
    x86_constant(&e->as, SCRATCH, leading ? 2 * bits - 1 : bits, false);
    x86_link_short(&e->as, skip);
    if (leading)
        x86_alu_immediate(&e->as, ALU_XOR | wide(i), SCRATCH, (i32)bits - 1);
    emit_result_done(e, SCRATCH);
}

static void emit_unary(struct emitter *e, const struct ir_instruction *i, u32 form)
{
    u32 result = emit_result(e);
    struct operand_place operand = emit_operand(e, i->a);
    emit_with(e, form, result, &operand);
    emit_result_done(e, result);
}

/* The operand in a register, as byte registers of memory operands would be read otherwise. */
static void emit_extend(struct emitter *e, const struct ir_instruction *i, u32 form)
{
    u32 result = emit_result(e);
    u32 operand = emit_in_register(e, i->a, SCRATCH);
    x86_registers(&e->as, form, result, operand);
    emit_result_done(e, result);
}

static void emit_count(struct emitter *e, const struct ir_instruction *i)
{
    switch (i->op) {
    case OPCODE_I32_CLZ:
    case OPCODE_I64_CLZ:
        if (e->has_lzcnt)
            emit_unary(e, i, 0xBD | MAP_0F | PREFIX_F3 | wide(i));
        else
            emit_scan(e, i, true);
        break;
    case OPCODE_I32_CTZ:
    case OPCODE_I64_CTZ:
        if (e->has_bmi1)
            emit_unary(e, i, 0xBC | MAP_0F | PREFIX_F3 | wide(i));
        else
            emit_scan(e, i, false);
        break;
    default:
        emit_unary(e, i, 0xB8 | MAP_0F | PREFIX_F3 | wide(i));
    }
}

/* A move that has narrow zeros above: also where the registers are the same, for i32.wrap_i64. */
static void emit_wrap(struct emitter *e, const struct ir_instruction *i)
{
    u32 result = emit_result(e);
    u16 from = emit_place(e, i->a);
    if (from < PLACE_SLOT)
        x86_registers(&e->as, 0x8B, result, from);
    else
        x86_memory(&e->as, 0x8B, result, emit_slot(e, from), 0);
    emit_result_done(e, result);
}

void emit_integer(struct emitter *e, const struct ir_instruction *i)
{
    const struct alu *alu = alu_of(i->op);
    if (alu != NULL) {
        emit_alu(e, i, alu);
        return;
    }
    switch (i->op) {
    case OPCODE_I32_MUL:
    case OPCODE_I64_MUL:
        emit_multiply(e, i);
        break;
    case OPCODE_I32_EXTEND8_S:
        emit_extend(e, i, 0xBE | MAP_0F | BYTE_RM);
        break;
    case OPCODE_I32_EXTEND16_S:
        emit_extend(e, i, 0xBF | MAP_0F);
        break;
    case OPCODE_I64_EXTEND8_S:
        emit_extend(e, i, 0xBE | MAP_0F | BYTE_RM | WIDE);
        break;
    case OPCODE_I64_EXTEND16_S:
        emit_extend(e, i, 0xBF | MAP_0F | WIDE);
        break;
    case OPCODE_I64_EXTEND32_S:
    case OPCODE_I64_EXTEND_I32_S:
        emit_extend(e, i, 0x63 | WIDE);
        break;
    case OPCODE_I64_EXTEND_I32_U:
    case OPCODE_I32_WRAP_I64:
        emit_wrap(e, i);
        break;
    case OPCODE_I32_CLZ:
    case OPCODE_I32_CTZ:
    case OPCODE_I32_POPCNT:
    case OPCODE_I64_CLZ:
    case OPCODE_I64_CTZ:
    case OPCODE_I64_POPCNT:
        emit_count(e, i);
        break;
    default:
        emit_shift(e, i);
    }
}

/* ---- Division: rax and rdx have been left alone, and the divisor is in neither ---- */

static bool is_signed(u32 op)
{
    return op == OPCODE_I32_DIV_S || op == OPCODE_I64_DIV_S || op == OPCODE_I32_REM_S ||
           op == OPCODE_I64_REM_S;
}

static bool is_remainder(u32 op)
{
    return op == OPCODE_I32_REM_S || op == OPCODE_I64_REM_S || op == OPCODE_I32_REM_U ||
           op == OPCODE_I64_REM_U;
}

static void divide_signed(struct emitter *e, const struct ir_instruction *i, u32 divisor)
{
    struct cold *cold = NULL;
    if ((i->bits & IR_NEVER_TRAPS) == 0) {
        x86_alu_immediate(&e->as, ALU_CMP | wide(i), divisor, -1);
        cold = emit_cold(e, COLD_DIVIDE, x86_jump_if(&e->as, COND_E), 0);
    }
    x86_room(&e->as);
    if (is_64(i))
        x86_byte(&e->as, 0x48);
    x86_byte(&e->as, 0x99); /* cdq, cqo */
    x86_registers(&e->as, 0xF7 | wide(i), 7, divisor);
    if (cold != NULL)
        cold->back = x86_position(&e->as);
}

void emit_divide(struct emitter *e, const struct ir_instruction *i)
{
    emit_into(e, RAX, i->a, false);
    u32 divisor = emit_in_register(e, i->b, SCRATCH);
    if ((i->bits & IR_NEVER_TRAPS) == 0) {
        x86_registers(&e->as, 0x85 | wide(i), divisor, divisor);
        emit_trap_if(e, COND_E, TRAP_INTEGER_DIVIDE_BY_ZERO);
    }
    if (is_signed(i->op)) {
        divide_signed(e, i, divisor);
    } else {
        x86_registers(&e->as, 0x31, RDX, RDX);
        x86_registers(&e->as, 0xF7 | wide(i), 6, divisor);
    }
    emit_result_done(e, is_remainder(i->op) ? RDX : RAX);
}

/* Divided by -1: the result is the opposite, which may not exist; nothing remains. */
void emit_cold_divide(struct emitter *e, const struct cold *cold)
{
    const struct ir_instruction *i = emit_get(e, cold->instruction);
    if (is_remainder(i->op)) {
        x86_registers(&e->as, 0x31, RDX, RDX);
    } else {
        x86_registers(&e->as, 0xF7 | wide(i), 3, RAX);
        emit_trap_if(e, COND_O, TRAP_INTEGER_OVERFLOW);
    }
    x86_link(&e->as, x86_jump(&e->as), cold->back);
}
