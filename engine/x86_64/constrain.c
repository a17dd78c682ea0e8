/* What instructions ask of the allocator. The emitter relies on each line of it. */
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

static void constrain_division(const struct ir *ir, const struct ir_instruction *i,
                               struct constraint *c)
{
    struct divisor divisor = divisor_of(ir, i);
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
                            struct constraint *c)
{
    u32 op = shape_of(i->op).op;
    c->prefer = FIRST;
    if (is_constant(ir, i->b))
        return;
    if (op == OPCODE_I32_ROTL || op == OPCODE_I32_ROTR || !x86_64_features()->has_bmi2)
        c->clobbers = REGISTER_BIT(RCX);
}

static void constrain_integer(const struct ir *ir, const struct ir_instruction *i,
                              struct constraint *c)
{
    switch (shape_of(i->op).op) {
    case OPCODE_I32_MUL:
        if (is_immediate(ir, i->b))
            return;
        constrain_commutative(ir, i, c);
        return;
    case OPCODE_I32_ADD:
    case OPCODE_I32_AND:
    case OPCODE_I32_OR:
    case OPCODE_I32_XOR:
        constrain_commutative(ir, i, c);
        return;
    case OPCODE_I32_SUB:
        *c = (struct constraint){ .prefer = FIRST, .late = SECOND };
        return;
    case OPCODE_I32_DIV_S:
    case OPCODE_I32_DIV_U:
    case OPCODE_I32_REM_S:
    case OPCODE_I32_REM_U:
        constrain_division(ir, i, c);
        return;
    default:
        constrain_shift(ir, i, c);
        return;
    }
}

/* Without AVX floats are computed in the register of the first operand. */
static void constrain_float(const struct ir_instruction *i, struct constraint *c)
{
    u32 op = shape_of(i->op).op;
    if (op <= OPCODE_F32_SQRT || op == OPCODE_F32_COPYSIGN) {
        c->prefer = FIRST;
        return;
    }
    if (x86_64_features()->has_avx)
        return;
    c->prefer = FIRST;
    c->late = op == OPCODE_F32_ADD || op == OPCODE_F32_MUL ? 0 : SECOND;
}

void constrain_instruction(const struct ir *ir, u32 instruction, struct constraint *constraint)
{
    const struct ir_instruction *i = &ir->code[instruction];
    u32 op = shape_of(i->op).op;
    *constraint = (struct constraint){ 0 };
    if (op >= OPCODE_I32_ADD && op <= OPCODE_I32_ROTR) {
        constrain_integer(ir, i, constraint);
    } else if (op >= OPCODE_F32_ABS && op <= OPCODE_F32_COPYSIGN) {
        constrain_float(i, constraint);
    } else if (op == OPCODE_I64_EXTEND_I32_U || op == OPCODE_I32_WRAP_I64) {
        constraint->prefer = FIRST;
    } else if (op == IR_SELECT) {
        constraint->prefer = FIRST;
    } else if (ir_is_call(i)) {
        constraint->clobbers = (registers_integer | registers_float) & ~registers_kept;
        constraint->saves = true;
    }
}

/* ---- Wishes ---- */

static void wish_arguments(const struct ir *ir, const struct ir_instruction *call, u8 *wishes)
{
    struct passing passing = { 0 };
    bool has_index = call->op == IR_CALL_INDIRECT || call->op == IR_TAIL_CALL_INDIRECT;
    for (u32 n = 0; n + has_index < call->list_count; n++) {
        u32 value = ir->lists[call->list + n];
        u16 place = passing_argument(&passing, ir->code[value].type);
        if (place != PLACE_NONE && wishes[value] == WISH_NONE)
            wishes[value] = (u8)place;
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
        u16 place = passing_result(&passing, ir->code[value].type);
        if (place != PLACE_NONE && wishes[value] == WISH_NONE)
            wishes[value] = (u8)place;
    }
}

static void wish_division(const struct ir *ir, u32 n, u8 *wishes)
{
    struct divisor divisor = divisor_of(ir, &ir->code[n]);
    if (divisor.kind == DIVIDE_HIGH)
        wishes[n] = RAX;
    if (divisor.kind != DIVIDE_PLAIN)
        return;
    wishes[n] = divisor.is_remainder ? RDX : RAX;
    if (wishes[ir->code[n].a] == WISH_NONE)
        wishes[ir->code[n].a] = RAX;
}

void wish_registers(const struct ir *ir, u8 *wishes)
{
    struct passing arguments = { 0 };
    for (u32 n = 1; n < ir->count; n++) {
        const struct ir_instruction *i = &ir->code[n];
        if (i->op == IR_ARGUMENT) {
            u16 place = passing_argument(&arguments, i->type);
            if (place != PLACE_NONE)
                wishes[n] = (u8)place;
        } else if (ir_is_call(i) || i->op >= IR_TAIL_CALL) {
            if (i->op != IR_RUNTIME)
                wish_arguments(ir, i, wishes);
            wish_results(ir, n, wishes);
        } else if (i->op == IR_RETURN) {
            wish_returned(ir, i, wishes);
        } else if (is_division(i->op)) {
            wish_division(ir, n, wishes);
        } else if (shape_of(i->op).op >= OPCODE_I32_SHL && shape_of(i->op).op <= OPCODE_I32_ROTR &&
                   !is_constant(ir, i->b) && wishes[i->b] == WISH_NONE) {
            wishes[i->b] = RCX;
        }
    }
}
