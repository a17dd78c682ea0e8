/* What x86-64 asks of the compiler's middle: registers, the convention of calls, and what is
 * computed inside something else. */
#include "engine/x86_64/emit.h"
#include "engine/x86_64/features.h"

/* ---- Registers ---- */

#define SET(reg) ((register_set)1 << (reg))
#define FLOAT(number) ((register_set)1 << (XMM + (number)))

static const register_set integers = SET(RAX) | SET(RCX) | SET(RDX) | SET(RBX) | SET(RSI) |
                                     SET(RDI) | SET(RBP) | SET(R8) | SET(R9) | SET(R10) |
                                     SET(R12) | SET(R13);
static const register_set floats = FLOAT(15) - FLOAT(0);
const register_set x86_64_callee_saved = SET(RBX) | SET(RBP) | SET(R10) | SET(R12) | SET(R13) |
                                         FLOAT(10) | FLOAT(11) | FLOAT(12) | FLOAT(13) | FLOAT(14);

/* ---- The convention ---- */

const u8 x86_64_argument_registers[INTEGER_ARGUMENTS] = { RDI, RSI, RDX, RCX, R8, R9 };

u8 convention_type(value_type type)
{
    switch (type) {
    case TYPE_I32:
        return IR_I32;
    case TYPE_F32:
        return IR_F32;
    case TYPE_F64:
        return IR_F64;
    default:
        return IR_I64;
    }
}

u16 convention_argument(struct convention *convention, u8 type)
{
    if (ir_is_float(type) && convention->floats < FLOAT_ARGUMENTS)
        return (u16)(XMM + convention->floats++);
    if (!ir_is_float(type) && convention->integers < INTEGER_ARGUMENTS)
        return x86_64_argument_registers[convention->integers++];
    convention->words++;
    return PLACE_NONE;
}

u16 convention_result(struct convention *convention, u8 type)
{
    static const u8 registers[INTEGER_RESULTS] = { RAX, RDX };
    if (ir_is_float(type) && convention->floats < FLOAT_RESULTS)
        return (u16)(XMM + convention->floats++);
    if (!ir_is_float(type) && convention->integers < INTEGER_RESULTS)
        return registers[convention->integers++];
    convention->words++;
    return PLACE_NONE;
}

/* ---- Wishes ---- */

static void wish_arguments(const struct ir *ir, const struct ir_instruction *i, u8 *wishes)
{
    const u32 *values = ir->lists + i->list;
    bool has_index = i->op == IR_CALL_INDIRECT || i->op == IR_TAIL_CALL_INDIRECT;
    struct convention convention = { 0 };
    for (u32 n = 0; n < i->list_count - has_index; n++) {
        u16 place = convention_argument(&convention, ir->code[values[n]].type);
        if (place != PLACE_NONE)
            wishes[values[n]] = (u8)place;
    }
}

static void wish_returned(const struct ir *ir, const struct ir_instruction *i, u8 *wishes)
{
    const u32 *values = ir->lists + i->list;
    struct convention convention = { 0 };
    for (u32 n = 0; n < i->list_count; n++) {
        u16 place = convention_result(&convention, ir->code[values[n]].type);
        if (place != PLACE_NONE)
            wishes[values[n]] = (u8)place;
    }
}

static void wish_own(const struct ir *ir, u8 *wishes)
{
    struct convention convention = { 0 };
    for (u32 n = 0; n < ir->type->parameter_count; n++) {
        u16 place = convention_argument(&convention, convention_type(ir->type->types[n]));
        if (place != PLACE_NONE)
            wishes[1 + n] = (u8)place;
    }
}

static void wish(const struct ir *ir, u8 *wishes)
{
    for (u32 n = 0; n < ir->count; n++) {
        const struct ir_instruction *i = &ir->code[n];
        if (i->op == IR_RETURN)
            wish_returned(ir, i, wishes);
        else if ((i->op >= IR_CALL && i->op <= IR_CALL_INDIRECT) || i->op >= IR_TAIL_CALL)
            wish_arguments(ir, i, wishes);
        if (ir_is_call(i) && i->type != IR_NONE && wishes[n] == WISH_NONE)
            wishes[n] = ir_is_float(i->type) ? XMM : RAX;
    }
    wish_own(ir, wishes);
}

/* ---- Constraints ---- */

static bool is_compare(u32 op)
{
    return op >= OPCODE_I32_EQZ && op <= OPCODE_F64_GE;
}

static bool is_shift_by_value(const struct ir *ir, const struct ir_instruction *i)
{
    bool is_shift = (i->op >= OPCODE_I32_SHL && i->op <= OPCODE_I32_ROTR) ||
                    (i->op >= OPCODE_I64_SHL && i->op <= OPCODE_I64_ROTR);
    return is_shift && ir->code[i->b].op != IR_CONSTANT;
}

static bool is_rotate(u32 op)
{
    return op == OPCODE_I32_ROTL || op == OPCODE_I32_ROTR || op == OPCODE_I64_ROTL ||
           op == OPCODE_I64_ROTR;
}

static bool is_commutative(u32 op)
{
    switch (op) {
    case OPCODE_I32_ADD:
    case OPCODE_I32_MUL:
    case OPCODE_I32_AND:
    case OPCODE_I32_OR:
    case OPCODE_I32_XOR:
    case OPCODE_I64_ADD:
    case OPCODE_I64_MUL:
    case OPCODE_I64_AND:
    case OPCODE_I64_OR:
    case OPCODE_I64_XOR:
    case OPCODE_F32_ADD:
    case OPCODE_F32_MUL:
    case OPCODE_F64_ADD:
    case OPCODE_F64_MUL:
        return true;
    default:
        return false;
    }
}

enum { FIRST_LATE = 1, SECOND_LATE = 2 };

static void constrain_binary(const struct ir *ir, const struct ir_instruction *i,
                             struct constraint *constraint)
{
    constraint->prefer = 1;
    /* The second is read when the first is in the result's place already. A shift in a scaled
     * addition is read together with the first. */
    const struct ir_instruction *second = &ir->code[i->b];
    if (!is_commutative(i->op) || (second->folded && ir_is_load(second)))
        constraint->late = SECOND_LATE;
}

static void constrain_division(struct constraint *constraint)
{
    constraint->clobbers = SET(RAX) | SET(RDX);
    constraint->late = SECOND_LATE;
}

static bool is_division(u32 op)
{
    return (op >= OPCODE_I32_DIV_S && op <= OPCODE_I32_REM_U) ||
           (op >= OPCODE_I64_DIV_S && op <= OPCODE_I64_REM_U);
}

static void constrain(const struct ir *ir, u32 instruction, struct constraint *constraint)
{
    const struct ir_instruction *i = &ir->code[instruction];
    *constraint = (struct constraint){ 0 };
    if (ir_is_call(i)) {
        constraint->clobbers = (integers | floats) & ~x86_64_callee_saved;
        constraint->saves = true;
        return;
    }
    if (i->op == IR_SELECT)
        constraint->prefer = 1;
    if (i->op >= OPCODE_COUNT || ir_is_load(i) || ir_is_store(i))
        return;
    if (is_division(i->op)) {
        constrain_division(constraint);
    } else if (is_shift_by_value(ir, i)) {
        if (!x86_64_features()->has_bmi2 || is_rotate(i->op))
            constraint->clobbers = SET(RCX);
    } else if (opcode_infos[i->op].signature >= SIGNATURE_first_binary && !is_compare(i->op)) {
        constrain_binary(ir, i, constraint);
    } else {
        constraint->prefer = 1;
    }
}

/* ---- Folding ---- */

struct folding {
    struct ir *ir;
    u32 block_first;
    u32 last_act; /* the last instruction so far that acts, where what is folded into it does */
};

/* Its only use is by an instruction of this block, which is at hand. */
static bool is_single(const struct folding *f, u32 value)
{
    const struct ir_instruction *i = &f->ir->code[value];
    return i->uses == 1 && value > f->block_first && !i->folded;
}

static bool is_load_of(const struct ir_instruction *i, u8 type)
{
    switch (type) {
    case IR_I32:
        return i->op == OPCODE_I32_LOAD;
    case IR_I64:
        return i->op == OPCODE_I64_LOAD;
    case IR_F32:
        return i->op == OPCODE_F32_LOAD;
    default:
        return i->op == OPCODE_F64_LOAD;
    }
}

/* A load of the operand's width becomes a memory operand, if nothing acts between. */
static bool fold_load(struct folding *f, u32 value, u32 user)
{
    struct ir_instruction *i = &f->ir->code[value];
    if (!ir_is_load(i) || !is_load_of(i, i->type) || !is_single(f, value) || f->last_act != value)
        return false;
    i->folded = true;
    f->last_act = user;
    return true;
}

static bool is_integer_compare(u32 op)
{
    return op >= OPCODE_I32_EQZ && op <= OPCODE_I64_GE_U;
}

static bool fits_immediate(const struct ir *ir, u32 value)
{
    const struct ir_instruction *i = &ir->code[value];
    return i->op == IR_CONSTANT && (i->type == IR_I32 || (i64)i->bits == (i32)i->bits);
}

/* What a branch or selection depends on: a comparison, or the test of some bits. */
static void fold_condition(struct folding *f, u32 value, u32 user)
{
    struct ir_instruction *i = &f->ir->code[value];
    bool is_and = i->op == OPCODE_I32_AND || i->op == OPCODE_I64_AND;
    if (!is_single(f, value) || (!is_compare(i->op) && !is_and))
        return;
    /* What acts in it must not come after what acts behind it. */
    bool acts = f->ir->code[i->a].folded || (!is_and && f->ir->code[i->b].folded);
    if (is_and) {
        const struct ir_instruction *second = &f->ir->code[i->b];
        if (second->folded || (second->op == IR_CONSTANT && !fits_immediate(f->ir, i->b)))
            return;
    } else if (acts && f->last_act != value) {
        return;
    }
    i->folded = true;
    if (acts)
        f->last_act = user;
}

static void fold_compare(struct folding *f, const struct ir_instruction *i, u32 number)
{
    if (i->op == OPCODE_I32_EQZ || i->op == OPCODE_I64_EQZ) {
        const struct ir_instruction *operand = &f->ir->code[i->a];
        if (operand->op == OPCODE_I32_AND || operand->op == OPCODE_I64_AND)
            fold_condition(f, i->a, number);
        else
            (void)fold_load(f, i->a, number);
    } else if (is_integer_compare(i->op)) {
        if (fits_immediate(f->ir, i->b))
            (void)fold_load(f, i->a, number);
        else if (f->ir->code[i->b].op != IR_CONSTANT)
            (void)fold_load(f, i->b, number);
    }
}

/* base + (index << 1, 2 or 3) */
static void fold_scale(struct folding *f, struct ir_instruction *i)
{
    for (u32 n = 0; n < 2; n++) {
        u32 value = n == 0 ? i->b : i->a;
        u32 other = n == 0 ? i->a : i->b;
        struct ir_instruction *shift = &f->ir->code[value];
        u16 op = i->op == OPCODE_I32_ADD ? OPCODE_I32_SHL : OPCODE_I64_SHL;
        if (shift->op != op || !is_single(f, value) || f->ir->code[other].op == IR_CONSTANT)
            continue;
        const struct ir_instruction *count = &f->ir->code[shift->b];
        if (count->op != IR_CONSTANT || count->bits == 0 || count->bits > 3)
            continue;
        shift->folded = true;
        i->a = other;
        i->b = value;
        return;
    }
}

static bool takes_memory(u32 op)
{
    switch (op) {
    case OPCODE_I32_SUB:
    case OPCODE_I64_SUB:
    case OPCODE_F32_SUB:
    case OPCODE_F32_DIV:
    case OPCODE_F64_SUB:
    case OPCODE_F64_DIV:
        return true;
    default:
        return is_commutative(op);
    }
}

static void fold_operands(struct folding *f, struct ir_instruction *i, u32 number)
{
    if (is_compare(i->op)) {
        fold_compare(f, i, number);
        return;
    }
    if (!takes_memory(i->op))
        return;
    bool may_swap = is_commutative(i->op) && f->ir->code[i->b].op != IR_CONSTANT;
    if (fold_load(f, i->b, number))
        return;
    if (may_swap && fold_load(f, i->a, number)) {
        u32 first = i->a;
        i->a = i->b;
        i->b = first;
    } else if (i->op == OPCODE_I32_ADD || i->op == OPCODE_I64_ADD) {
        fold_scale(f, i);
    }
}

static void fold_one(struct folding *f, u32 number)
{
    struct ir_instruction *i = &f->ir->code[number];
    if (i->uses == 0 && !ir_acts(i))
        return;
    if (i->op == IR_BRANCH || i->op == IR_SELECT)
        fold_condition(f, i->op == IR_BRANCH ? i->a : i->c, number);
    else if (i->op < OPCODE_COUNT && !ir_is_load(i) && !ir_is_store(i))
        fold_operands(f, i, number);
    if (ir_acts(i))
        f->last_act = number;
}

static void fold(struct ir *ir)
{
    for (u32 b = 0; b < ir->block_count; b++) {
        struct folding folding = { ir, ir->blocks[b].first, IR_NO_VALUE };
        for (u32 n = ir->blocks[b].first; n < ir->blocks[b].end; n++)
            fold_one(&folding, n);
    }
}

/* ---- The structure ---- */

static void emit_lazy(u8 *code, u32 function)
{
    u8 room[3 * TARGET_LAZY_BYTES] = { 0 };
    struct assembler as = { room, room, room + sizeof(room), false };
    x86_constant(&as, SCRATCH, function, true);
    x86_memory(&as, 0xFF, 4, x86_at(EXECUTION, (i32)offsetof(struct execution, natives.lazy)), 0);
    BASE_ASSERT(x86_position(&as) <= TARGET_LAZY_BYTES);
    __builtin_memcpy(code, room, TARGET_LAZY_BYTES);
}

const struct target compile_target = {
    .integers = SET(RAX) | SET(RCX) | SET(RDX) | SET(RBX) | SET(RSI) | SET(RDI) | SET(RBP) |
                SET(R8) | SET(R9) | SET(R10) | SET(R12) | SET(R13),
    .floats = FLOAT(15) - FLOAT(0),
    .callee_saved = SET(RBX) | SET(RBP) | SET(R10) | SET(R12) | SET(R13) | FLOAT(10) | FLOAT(11) |
                    FLOAT(12) | FLOAT(13) | FLOAT(14),
    .few = SET(RAX) | SET(RCX) | SET(RSI) | SET(RBX) | FLOAT(0) | FLOAT(1) | FLOAT(2) | FLOAT(10),
    .order = { RAX, RCX, RDX, RSI, RDI, R8, R9, RBX, RBP, R10, R12, R13,
               XMM, XMM + 1, XMM + 2, XMM + 3, XMM + 4, XMM + 5, XMM + 6, XMM + 7, XMM + 8, XMM + 9,
               XMM + 10, XMM + 11, XMM + 12, XMM + 13, XMM + 14 },
    .order_count = 27,
    .fold = fold,
    .constrain = constrain,
    .wish = wish,
    .integer_arguments = INTEGER_ARGUMENTS,
    .float_arguments = FLOAT_ARGUMENTS,
    .integer_results = INTEGER_RESULTS,
    .float_results = FLOAT_RESULTS,
    .emitter_create = emitter_create,
    .emitter_destroy = emitter_destroy,
    .emit = emit_run,
    .emit_lazy = emit_lazy,
};
