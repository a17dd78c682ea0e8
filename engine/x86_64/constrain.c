/* What instructions ask of the allocator, and in which registers values would best be. The emitter
 * relies on each line of the former. */
#include "engine/x86_64/features.h"
#include "engine/x86_64/fold.h"
#include "engine/x86_64/registers.h"
#include "engine/x86_64/shape.h"

enum { FIRST = 1, SECOND = 2 }; /* operands, for `prefer`, and as bits for `late` */

/* What commutes is computed in the register of one operand; an address in the other is read after
 * that has been moved there. */
static void constrain_commutative(const struct ir *ir, const struct ir_instruction *i,
                                  struct constraint *c)
{
    c->prefer = FIRST;
    if (is_folded_load(ir, i->b)) {
        c->late = SECOND;
    } else if (is_folded_load(ir, i->a)) {
        c->late = FIRST;
        c->prefer = SECOND;
    } else if (is_constant(ir, i->a)) {
        c->prefer = SECOND;
    }
}

/* ---- Wishes ---- */

static void wish(u8 *wishes, u32 value, u16 place)
{
    if (place != PLACE_NONE && wishes[value] == WISH_NONE)
        wishes[value] = (u8)place;
}

static void wish_arguments(const struct ir *ir, const struct ir_instruction *call, u8 *wishes)
{
    struct passing passing = { 0 };
    bool has_index = call->op == IR_CALL_INDIRECT || call->op == IR_TAIL_CALL_INDIRECT;
    for (u32 n = 0; n + has_index < call->list_count; n++) {
        u32 value = ir->lists[call->list + n];
        wish(wishes, value, passing_argument(&passing, ir->code[value].type));
    }
    if (has_index)
        wishes[ir->lists[call->list + call->list_count - 1]] = RAX;
}

static void wish_results(const struct ir *ir, u32 call, u8 *wishes)
{
    struct passing passing = { 0 };
    u32 end = call + 1;
    while (end < ir->count && ir->code[end].op == IR_RESULT && ir->code[end].a == call)
        end++;
    for (u32 n = call; n < end && ir->code[n].type != IR_NONE; n++) {
        u16 place = passing_result(&passing, ir->code[n].type);
        if (place != PLACE_NONE)
            wishes[n] = (u8)place;
    }
}

static void wish_returned(const struct ir *ir, const struct ir_instruction *i, u8 *wishes)
{
    struct passing passing = { 0 };
    for (u32 n = 0; n < i->list_count; n++) {
        u32 value = ir->lists[i->list + n];
        wish(wishes, value, passing_result(&passing, ir->code[value].type));
    }
}

/* Of the function itself. */
static void wish_own_arguments(const struct ir *ir, u8 *wishes)
{
    struct passing passing = { 0 };
    for (u32 n = 1; ir->code[n].op == IR_ARGUMENT; n++)
        wish(wishes, n, passing_argument(&passing, ir->code[n].type));
}

/* ---- Kinds of instructions ---- */

static void constrain_division(const struct ir *ir, u32 n, struct constraint *c, u8 *wishes)
{
    struct divisor divisor = divisor_of(ir, &ir->code[n]);
    if (divisor.kind == DIVIDE_HIGH)
        wishes[n] = RAX;
    if (divisor.kind == DIVIDE_PLAIN) {
        wishes[n] = divisor.is_remainder ? RDX : RAX;
        wish(wishes, ir->code[n].a, RAX);
    }
    switch (divisor.kind) {
    case DIVIDE_ONE:
        return;
    case DIVIDE_POWER:
    case DIVIDE_MULTIPLY:
        if (divisor.is_signed)
            c->late = FIRST;
        else
            c->prefer = FIRST;
        return;
    default:
        c->late = divisor.kind == DIVIDE_PLAIN ? SECOND : FIRST;
        c->clobbers = REGISTER_BIT(RAX) | REGISTER_BIT(RDX);
        return;
    }
}

static void constrain_shift(const struct ir *ir, const struct ir_instruction *i,
                            struct constraint *c, u8 *wishes)
{
    u32 op = shape_of(i->op).op;
    c->prefer = FIRST;
    if (is_constant(ir, i->b))
        return;
    wish(wishes, i->b, RCX);
    if (op == OPCODE_I32_ROTL || op == OPCODE_I32_ROTR || !x86_64_features()->has_bmi2)
        c->clobbers = REGISTER_BIT(RCX);
}

/* Without AVX floats are computed in the register of the first operand. */
static void constrain_float(const struct ir_instruction *i, struct constraint *c)
{
    u32 op = shape_of(i->op).op;
    if (x86_64_features()->has_avx)
        return;
    c->prefer = FIRST;
    c->late = op == OPCODE_F32_ADD || op == OPCODE_F32_MUL ? 0 : SECOND;
}

/* Its stub keeps all other registers. */
static void constrain_bulk(const struct ir *ir, u32 n, struct constraint *c, u8 *wishes)
{
    static const u8 places[] = { RDI, RSI, RDX };
    c->clobbers = REGISTER_BIT(RDI) | REGISTER_BIT(RSI) | REGISTER_BIT(RDX) | REGISTER_BIT(RAX) |
                  REGISTER_BIT(RCX) | REGISTER_BIT(XMM0 + 8) | REGISTER_BIT(XMM0 + 9);
    for (u32 k = 0; k < BASE_ARRAY_COUNT(places); k++)
        wish(wishes, ir->lists[ir->code[n].list + k], places[k]);
}

static void constrain_call(const struct ir *ir, u32 n, struct constraint *c, u8 *wishes)
{
    c->clobbers = (registers_integer | registers_float) & ~registers_kept;
    c->saves = true;
    if (ir->code[n].op != IR_RUNTIME)
        wish_arguments(ir, &ir->code[n], wishes);
    wish_results(ir, n, wishes);
}

/* ---- Which of them ---- */

enum kind {
    FREE, /* asks for nothing */
    PREFERS_FIRST,
    COMMUTATIVE,
    MULTIPLICATION,
    SUBTRACTION,
    DIVISION,
    SHIFT,
    FLOAT,
    RUNTIME,
    CALL,
    RETURN,
    TAIL_CALL,
    BLOCK,
};

static const u8 kinds[IR_OP_END] = {
    [OPCODE_I32_ADD] = COMMUTATIVE,
    [OPCODE_I32_SUB] = SUBTRACTION,
    [OPCODE_I32_MUL] = MULTIPLICATION,
    [OPCODE_I32_DIV_S ... OPCODE_I32_REM_U] = DIVISION,
    [OPCODE_I32_AND ... OPCODE_I32_XOR] = COMMUTATIVE,
    [OPCODE_I32_SHL ... OPCODE_I32_ROTR] = SHIFT,
    [OPCODE_I64_ADD] = COMMUTATIVE,
    [OPCODE_I64_SUB] = SUBTRACTION,
    [OPCODE_I64_MUL] = MULTIPLICATION,
    [OPCODE_I64_DIV_S ... OPCODE_I64_REM_U] = DIVISION,
    [OPCODE_I64_AND ... OPCODE_I64_XOR] = COMMUTATIVE,
    [OPCODE_I64_SHL ... OPCODE_I64_ROTR] = SHIFT,
    [OPCODE_F32_ABS ... OPCODE_F32_SQRT] = PREFERS_FIRST,
    [OPCODE_F32_ADD ... OPCODE_F32_MAX] = FLOAT,
    [OPCODE_F32_COPYSIGN] = PREFERS_FIRST,
    [OPCODE_F64_ABS ... OPCODE_F64_SQRT] = PREFERS_FIRST,
    [OPCODE_F64_ADD ... OPCODE_F64_MAX] = FLOAT,
    [OPCODE_F64_COPYSIGN] = PREFERS_FIRST,
    [OPCODE_I32_WRAP_I64] = PREFERS_FIRST,
    [OPCODE_I64_EXTEND_I32_U] = PREFERS_FIRST,
    [IR_BLOCK] = BLOCK,
    [IR_SELECT] = PREFERS_FIRST,
    [IR_CALL ... IR_CALL_INDIRECT] = CALL,
    [IR_RUNTIME] = RUNTIME,
    [IR_RETURN] = RETURN,
    [IR_TAIL_CALL ... IR_TAIL_CALL_INDIRECT] = TAIL_CALL,
};

/* What more than registers of its own operands and result is about. */
static BASE_APART void constrain_many(const struct ir *ir, u32 instruction, struct constraint *c,
                                      u8 *wishes)
{
    const struct ir_instruction *i = &ir->code[instruction];
    switch (kinds[i->op]) {
    case DIVISION:
        constrain_division(ir, instruction, c, wishes);
        break;
    case SHIFT:
        constrain_shift(ir, i, c, wishes);
        break;
    case FLOAT:
        constrain_float(i, c);
        break;
    case RUNTIME:
        if (is_bulk(ir, i))
            constrain_bulk(ir, instruction, c, wishes);
        else
            constrain_call(ir, instruction, c, wishes);
        break;
    case CALL:
        constrain_call(ir, instruction, c, wishes);
        break;
    case RETURN:
        wish_returned(ir, i, wishes);
        break;
    case TAIL_CALL:
        wish_arguments(ir, i, wishes);
        break;
    default:
        wish_own_arguments(ir, wishes);
    }
}

void constrain_instruction(const struct ir *ir, u32 instruction, struct constraint *constraint,
                           u8 *wishes)
{
    const struct ir_instruction *i = &ir->code[instruction];
    u32 kind = kinds[i->op];
    if (kind == FREE)
        return;
    if (kind > SUBTRACTION)
        constrain_many(ir, instruction, constraint, wishes);
    else if (kind == COMMUTATIVE || (kind == MULTIPLICATION && !is_immediate(ir, i->b)))
        constrain_commutative(ir, i, constraint);
    else if (kind != MULTIPLICATION)
        *constraint = (struct constraint){ .prefer = FIRST, .late = kind == SUBTRACTION ? SECOND : 0 };
}
