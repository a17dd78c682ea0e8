/* Division and remainder. By constants as in: Granlund, Montgomery, "Division by Invariant Integers
 * using Multiplication"; Robison, "N-Bit Unsigned Division Via N-Bit Multiply-Add". */
#include "engine/x86_64/emit.h"

/* ---- By div and idiv ---- */

/* The least number by -1 does not fit, and idiv does not even give its remainder. */
static void by_minus_one(struct emitter *e, const struct cold *cold)
{
    const struct ir_instruction *i = ir_at(e, cold->instruction);
    u32 wide = wide_of(i->type);
    if (divisor_of(e->ir, i).is_remainder) {
        encode_alu(&e->as, ALU_XOR, 0, RDX, rm_register(RDX));
    } else {
        integer_to(e, wide, i->a, RAX);
        encode(&e->as, FORM_GROUP_F7 | wide, DIGIT_NEG, rm_register(RAX));
        trap_if(e, COND_O, TRAP_INTEGER_OVERFLOW);
    }
}

static void divide_plain(struct emitter *e, const struct ir_instruction *i,
                         const struct divisor *divisor)
{
    u32 wide = divisor->is_wide ? WIDE : 0;
    struct rm rm = rm_register(SCRATCH);
    if (is_constant(e->ir, i->b))
        encode_constant(&e->as, SCRATCH, ir_bits(ir_at(e, i->b)));
    else
        rm = rm_of(e, i->b);
    if (rm.is_memory)
        encode_alu_immediate(&e->as, ALU_CMP, wide, rm, 0);
    else
        encode(&e->as, FORM_TEST | wide, rm.base, rm);
    trap_if(e, COND_E, TRAP_INTEGER_DIVIDE_BY_ZERO);
    struct cold *cold = NULL;
    if (divisor->is_signed) {
        encode_alu_immediate(&e->as, ALU_CMP, wide, rm, -1);
        cold = cold_add(e, COND_E, by_minus_one);
    }
    integer_to(e, wide, i->a, RAX);
    if (divisor->is_signed)
        encode_plain(&e->as, FORM_CDQ | wide);
    else
        encode_alu(&e->as, ALU_XOR, 0, RDX, rm_register(RDX));
    encode(&e->as, FORM_GROUP_F7 | wide, divisor->is_signed ? DIGIT_IDIV : DIGIT_DIV, rm);
    cold_back(e, cold);
    result_done(e, divisor->is_remainder ? RDX : RAX);
}

/* ---- By powers of two ---- */

/* The result is the first operand less the scratch register. */
static void scratch_from_first(struct emitter *e, const struct ir_instruction *i)
{
    u32 wide = wide_of(i->type);
    u32 result = result_register(e);
    if (result != SCRATCH) {
        integer_to(e, wide, i->a, result);
        encode_alu(&e->as, ALU_SUB, wide, result, rm_register(SCRATCH));
    } else {
        encode(&e->as, FORM_GROUP_F7 | wide, DIGIT_NEG, rm_register(SCRATCH));
        encode_alu(&e->as, ALU_ADD, wide, SCRATCH, rm_of(e, i->a));
    }
    result_done(e, result);
}

static void power_unsigned(struct emitter *e, const struct ir_instruction *i,
                           const struct divisor *divisor, u32 log)
{
    u32 wide = wide_of(i->type);
    u32 result = result_register(e);
    struct rm rm = rm_register(result);
    integer_to(e, wide, i->a, result);
    if (!divisor->is_remainder) {
        encode_shift_immediate(&e->as, SHIFT_SHR, wide, rm, log);
    } else if (log <= 31) {
        encode_alu_immediate(&e->as, ALU_AND, wide, rm, (i32)(divisor->size - 1));
    } else {
        encode_shift_immediate(&e->as, SHIFT_SHL, wide, rm, 64 - log);
        encode_shift_immediate(&e->as, SHIFT_SHR, wide, rm, 64 - log);
    }
    result_done(e, result);
}

/* What is below zero is rounded up: the scratch register becomes it and divisor - 1, or just what
 * it is from zero on. */
static void power_bias(struct emitter *e, const struct ir_instruction *i, u32 log)
{
    u32 wide = wide_of(i->type);
    u32 bits = wide != 0 ? 64 : 32;
    u32 reg = register_of(e, i->a);
    struct rm scratch = rm_register(SCRATCH);
    if (reg != NO_REGISTER && log > 1 && log <= 30) {
        encode(&e->as, FORM_TEST | wide, reg, rm_register(reg));
        encode(&e->as, FORM_LEA | wide, SCRATCH, rm_at(reg, (i32)((1u << log) - 1)));
        encode(&e->as, (FORM_CMOV + COND_NS) | wide, SCRATCH, rm_register(reg));
        return;
    }
    integer_to(e, wide, i->a, SCRATCH);
    if (log > 1)
        encode_shift_immediate(&e->as, SHIFT_SAR, wide, scratch, bits - 1);
    encode_shift_immediate(&e->as, SHIFT_SHR, wide, scratch, bits - log);
    encode_alu(&e->as, ALU_ADD, wide, SCRATCH, rm_of(e, i->a));
}

static void power_signed(struct emitter *e, const struct ir_instruction *i,
                         const struct divisor *divisor, u32 log)
{
    u32 wide = wide_of(i->type);
    struct rm scratch = rm_register(SCRATCH);
    power_bias(e, i, log);
    if (!divisor->is_remainder) {
        encode_shift_immediate(&e->as, SHIFT_SAR, wide, scratch, log);
        if (divisor->is_negative)
            encode(&e->as, FORM_GROUP_F7 | wide, DIGIT_NEG, scratch);
        result_done(e, SCRATCH);
        return;
    }
    if (log <= 31) {
        encode_alu_immediate(&e->as, ALU_AND, wide, scratch, (i32)-(i64)divisor->size);
    } else {
        encode_shift_immediate(&e->as, SHIFT_SHR, wide, scratch, log);
        encode_shift_immediate(&e->as, SHIFT_SHL, wide, scratch, log);
    }
    scratch_from_first(e, i);
}

/* ---- 32 bits by others: a product of 64 bits ---- */

static u32 log2_of(u64 number)
{
    return 63 - (u32)__builtin_clzll(number);
}

/* The quotient, in a register that is not the first operand's. Either a factor that is rounded up is
 * near enough or, of the next number, one that is rounded down. */
static void quotient_unsigned(struct emitter *e, const struct ir_instruction *i, u64 size,
                              u32 quotient)
{
    u32 log = log2_of(size);
    u64 power = (u64)1 << (32 + log);
    u64 factor = power / size;
    u64 rest = power % size;
    if (size - rest <= (u64)1 << log) {
        encode_constant(&e->as, quotient, factor + 1);
        encode(&e->as, FORM_IMUL | WIDE, quotient, rm_of(e, i->a));
    } else {
        u32 reg = register_of(e, i->a);
        if (reg == NO_REGISTER) {
            integer_to(e, WIDE, i->a, quotient);
            reg = quotient;
        }
        encode(&e->as, FORM_LEA | WIDE, quotient, rm_at(reg, 1));
        encode(&e->as, FORM_IMUL | WIDE, quotient, pool_item(e, factor));
    }
    encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, rm_register(quotient), 32 + log);
}

/* The product with a factor that is rounded up, in the scratch register: gives how far that has to
 * be shifted to be the quotient, rounded down. */
static u32 product_signed(struct emitter *e, const struct ir_instruction *i, u64 size)
{
    u32 log = log2_of(size);
    u32 shift = 31 + log;
    u64 factor = ((u64)1 << shift) / size + 1;
    if (factor * size - ((u64)1 << shift) > (u64)1 << log) {
        shift++;
        factor = ((u64)1 << shift) / size + 1;
    }
    encode(&e->as, FORM_MOVSX_32, SCRATCH, rm_of(e, i->a));
    if (factor <= INT32_MAX)
        encode_imul_immediate(&e->as, WIDE, SCRATCH, rm_register(SCRATCH), (i32)factor);
    else
        encode(&e->as, FORM_IMUL | WIDE, SCRATCH, pool_item(e, factor));
    return shift;
}

/* The quotient in its own place. What is below zero has been rounded down, so one is added. */
static void quotient_signed(struct emitter *e, const struct ir_instruction *i,
                            const struct divisor *divisor)
{
    u32 shift = product_signed(e, i, divisor->size);
    struct rm result = rm_of_place(e, e->allocation->places[e->instruction]);
    encode(&e->as, FORM_MOV_STORE | WIDE, SCRATCH, result);
    encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, result, 63);
    encode_shift_immediate(&e->as, SHIFT_SAR, WIDE, rm_register(SCRATCH), shift);
    encode_alu_store(&e->as, ALU_ADD, 0, result, SCRATCH);
    if (divisor->is_negative && !divisor->is_remainder)
        encode(&e->as, FORM_GROUP_F7, DIGIT_NEG, result);
}

static void divide_multiply(struct emitter *e, const struct ir_instruction *i,
                            const struct divisor *divisor)
{
    struct rm quotient = rm_register(SCRATCH);
    if (divisor->is_signed) {
        quotient_signed(e, i, divisor);
        quotient = rm_of_place(e, e->allocation->places[e->instruction]);
    } else {
        u32 result = result_register(e);
        if (divisor->is_remainder || result == register_of(e, i->a))
            result = SCRATCH;
        quotient_unsigned(e, i, divisor->size, result);
        if (!divisor->is_remainder)
            result_done(e, result);
    }
    if (!divisor->is_remainder)
        return;
    encode_imul_immediate(&e->as, 0, SCRATCH, quotient, (i32)divisor->size);
    scratch_from_first(e, i);
}

/* ---- 64 bits by others: the high half of a product ---- */

/* high * 2^64 / divisor, for high < divisor. */
static u64 divide_long(u64 high, u64 divisor, u64 *rest)
{
    u64 quotient = 0;
    for (u32 n = 0; n < 64; n++) {
        bool is_over = high >> 63 != 0;
        high <<= 1;
        quotient <<= 1;
        if (is_over || high >= divisor) {
            high -= divisor;
            quotient |= 1;
        }
    }
    *rest = high;
    return quotient;
}

static void multiply_high(struct emitter *e, const struct ir_instruction *i, u64 factor, u32 digit)
{
    encode_constant(&e->as, RAX, factor);
    encode(&e->as, FORM_GROUP_F7 | WIDE, digit, rm_of(e, i->a));
}

/* Gives the register of the quotient. */
static u32 high_unsigned(struct emitter *e, const struct ir_instruction *i, u64 size)
{
    u32 log = log2_of(size);
    u64 rest;
    u64 factor = divide_long((u64)1 << log, size, &rest);
    if (size - rest <= (u64)1 << log) {
        multiply_high(e, i, factor + 1, DIGIT_MUL);
        encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, rm_register(RDX), log);
        return RDX;
    }
    /* A factor of 65 bits, the highest of which is 1; the rest is less than half of the size. */
    multiply_high(e, i, 2 * factor + 1, DIGIT_MUL);
    integer_to(e, WIDE, i->a, RAX);
    encode_alu(&e->as, ALU_SUB, WIDE, RAX, rm_register(RDX));
    encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, rm_register(RAX), 1);
    encode_alu(&e->as, ALU_ADD, WIDE, RAX, rm_register(RDX));
    encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, rm_register(RAX), log);
    return RAX;
}

static u32 high_signed(struct emitter *e, const struct ir_instruction *i,
                       const struct divisor *divisor)
{
    u64 size = divisor->size;
    u32 log = log2_of(size);
    u64 rest;
    u32 shift = log - 1;
    u64 factor = divide_long((u64)1 << shift, size, &rest) + 1;
    bool is_near = size - rest <= (u64)1 << log;
    if (!is_near) {
        shift++;
        factor = divide_long((u64)1 << shift, size, &rest) + 1;
    }
    multiply_high(e, i, factor, DIGIT_IMUL);
    if (!is_near) /* the factor was taken for one below zero */
        encode_alu(&e->as, ALU_ADD, WIDE, RDX, rm_of(e, i->a));
    if (shift != 0)
        encode_shift_immediate(&e->as, SHIFT_SAR, WIDE, rm_register(RDX), shift);
    encode_move(&e->as, WIDE, RAX, RDX);
    encode_shift_immediate(&e->as, SHIFT_SHR, WIDE, rm_register(RAX), 63);
    encode_alu(&e->as, ALU_ADD, WIDE, RAX, rm_register(RDX));
    if (divisor->is_negative && !divisor->is_remainder)
        encode(&e->as, FORM_GROUP_F7 | WIDE, DIGIT_NEG, rm_register(RAX));
    return RAX;
}

static void divide_high(struct emitter *e, const struct ir_instruction *i,
                        const struct divisor *divisor)
{
    u32 quotient = divisor->is_signed ? high_signed(e, i, divisor)
                                      : high_unsigned(e, i, divisor->size);
    if (!divisor->is_remainder) {
        result_done(e, quotient);
        return;
    }
    if (divisor->size <= INT32_MAX)
        encode_imul_immediate(&e->as, WIDE, SCRATCH, rm_register(quotient), (i32)divisor->size);
    else {
        encode_constant(&e->as, SCRATCH, divisor->size);
        encode(&e->as, FORM_IMUL | WIDE, SCRATCH, rm_register(quotient));
    }
    scratch_from_first(e, i);
}

/* ---- All ---- */

static void divide_one(struct emitter *e, const struct ir_instruction *i,
                       const struct divisor *divisor)
{
    u32 wide = wide_of(i->type);
    u32 result = result_register(e);
    if (divisor->is_remainder)
        encode_constant(&e->as, result, 0);
    else
        integer_to(e, wide, i->a, result);
    if (divisor->is_negative && !divisor->is_remainder)
        encode(&e->as, FORM_GROUP_F7 | wide, DIGIT_NEG, rm_register(result));
    result_done(e, result);
}

void emit_division(struct emitter *e, const struct ir_instruction *i)
{
    struct divisor divisor = divisor_of(e->ir, i);
    switch (divisor.kind) {
    case DIVIDE_ONE:
        divide_one(e, i, &divisor);
        return;
    case DIVIDE_POWER:
        if (divisor.is_signed)
            power_signed(e, i, &divisor, log2_of(divisor.size));
        else
            power_unsigned(e, i, &divisor, log2_of(divisor.size));
        return;
    case DIVIDE_MULTIPLY:
        divide_multiply(e, i, &divisor);
        return;
    case DIVIDE_HIGH:
        divide_high(e, i, &divisor);
        return;
    default:
        divide_plain(e, i, &divisor);
        return;
    }
}
