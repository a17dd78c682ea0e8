/* Decides what is computed where it is used. It goes backwards, so that it is known where what
 * would be folded really ends up: at `root`, the instruction that stays. */
#include "engine/x86_64/fold.h"

#include "engine/x86_64/shape.h"

enum {
    /* How far a load may move: so many instructions are looked at. */
    LOAD_DISTANCE_MAX = 24,
    BOUND_DEPTH_MAX = 4,
};

struct folding {
    struct ir *ir;
    u32 first; /* instruction of the block */
    u32 root;  /* the instruction that is being looked at */
};

static const struct ir_instruction *at(const struct folding *f, u32 value)
{
    return &f->ir->code[value];
}

static bool may_fold(const struct folding *f, u32 value)
{
    return at(f, value)->uses == 1 && value >= f->first;
}

static void fold(struct folding *f, u32 value)
{
    f->ir->code[value].folded = 1;
}

/* ---- Addresses ---- */

/* The most that an i32 can be, seen as unsigned, and without wrapping on the way. */
static u64 bound(const struct folding *f, u32 value, u32 depth)
{
    const struct ir_instruction *i = at(f, value);
    if (i->op == IR_CONSTANT)
        return ir_bits(i);
    if (depth == 0 || i->op >= IR_NOTHING)
        return UINT32_MAX;
    switch (i->op) {
    case OPCODE_I32_LOAD8_U:
        return UINT8_MAX;
    case OPCODE_I32_LOAD16_U:
        return UINT16_MAX;
    case OPCODE_I32_AND:
        return u64_min(bound(f, i->a, depth - 1), bound(f, i->b, depth - 1));
    case OPCODE_I32_ADD:
        return u64_min(bound(f, i->a, depth - 1) + bound(f, i->b, depth - 1), UINT32_MAX);
    case OPCODE_I32_SHR_U:
        return is_constant(f->ir, i->b) ? bound(f, i->a, depth - 1) >> (ir_bits(at(f, i->b)) & 31)
                                        : UINT32_MAX;
    case OPCODE_I32_SHL:
        return is_constant(f->ir, i->b)
                   ? u64_min(bound(f, i->a, depth - 1) << (ir_bits(at(f, i->b)) & 31), UINT32_MAX)
                   : UINT32_MAX;
    default:
        return i->op >= OPCODE_I32_EQZ && i->op <= OPCODE_F64_GE ? 1 : UINT32_MAX;
    }
}

/* Into the address of an access: what cannot wrap. */
static void fold_address(struct folding *f, const struct ir_instruction *access)
{
    u32 value = access->a;
    u64 offset = access->c;
    if (access->memory != 0 || offset > INT32_MAX)
        return;
    const struct ir_instruction *i = at(f, value);
    if (i->op == OPCODE_I32_ADD && is_constant(f->ir, i->b) && may_fold(f, value)) {
        u64 added = ir_bits(at(f, i->b));
        if (is_constant(f->ir, i->a) || offset + added > INT32_MAX ||
            bound(f, i->a, BOUND_DEPTH_MAX) + added > UINT32_MAX)
            return;
        fold(f, value);
        value = i->a;
        i = at(f, value);
    }
    if (i->op == OPCODE_I32_SHL && is_scaled(f->ir, i) && may_fold(f, value) &&
        !is_constant(f->ir, i->a) &&
        bound(f, i->a, BOUND_DEPTH_MAX) << ir_bits(at(f, i->b)) <= UINT32_MAX)
        fold(f, value);
}

/* ---- Operands ---- */

/* Whether nothing that acts stands between a load and the root. */
static bool may_move(const struct folding *f, u32 load)
{
    if (f->root - load > LOAD_DISTANCE_MAX)
        return false;
    for (u32 n = load + 1; n < f->root; n++) {
        if (ir_acts(at(f, n)))
            return false;
    }
    return true;
}

static bool fold_load(struct folding *f, u32 value, u32 op)
{
    if (at(f, value)->op != op || !may_fold(f, value) || !may_move(f, value))
        return false;
    fold(f, value);
    fold_address(f, at(f, value));
    return true;
}

/* Conversions that change no bit that is read. */
static void fold_conversion(struct folding *f, u32 value, bool is_wide)
{
    const struct ir_instruction *i = at(f, value);
    u32 op = is_wide ? OPCODE_I64_EXTEND_I32_U : OPCODE_I32_WRAP_I64;
    if (i->op == op && may_fold(f, value) && !is_constant(f->ir, i->a))
        fold(f, value);
}

static void fold_conversions(struct folding *f, const struct ir_instruction *i, bool is_wide)
{
    fold_conversion(f, i->a, is_wide);
    fold_conversion(f, i->b, is_wide);
}

/* One operand of two can be in memory. */
static void fold_either_load(struct folding *f, const struct ir_instruction *i, u32 op)
{
    if (!is_constant(f->ir, i->a) && !is_constant(f->ir, i->b) && i->a != i->b &&
        !fold_load(f, i->b, op))
        (void)fold_load(f, i->a, op);
}

/* ---- Conditions ---- */

static u32 load_op(bool is_wide)
{
    return is_wide ? OPCODE_I64_LOAD : OPCODE_I32_LOAD;
}

static u32 byte_load_op(bool is_wide)
{
    return is_wide ? OPCODE_I64_LOAD8_U : OPCODE_I32_LOAD8_U;
}

/* What is compared with, or tested against, a constant. */
static void fold_beside_constant(struct folding *f, u32 value, u64 constant, bool is_wide)
{
    bool is_short = !is_wide || (i64)constant == (i32)constant;
    if (is_short && fold_load(f, value, load_op(is_wide)))
        return;
    if (constant <= UINT8_MAX)
        (void)fold_load(f, value, byte_load_op(is_wide));
}

static void fold_compared(struct folding *f, const struct ir_instruction *i, bool is_wide)
{
    fold_conversions(f, i, is_wide);
    if (is_constant(f->ir, i->b))
        fold_beside_constant(f, i->a, ir_bits(at(f, i->b)), is_wide);
    else
        fold_either_load(f, i, load_op(is_wide));
}

static void fold_condition(struct folding *f, u32 value);

/* Operands of a comparison that is done as such. */
static void fold_compare(struct folding *f, const struct ir_instruction *i)
{
    bool is_wide = shape_of(i->op).is_wide;
    if (is_float_compare(i->op)) {
        u32 load = is_wide ? OPCODE_F64_LOAD : OPCODE_F32_LOAD;
        if (i->a != i->b)
            (void)fold_load(f, is_turned_compare(i->op) ? i->a : i->b, load);
        return;
    }
    if (!is_eqz(i->op)) {
        fold_compared(f, i, is_wide);
        return;
    }
    const struct ir_instruction *operand = at(f, i->a);
    if (!is_wide && (is_integer_compare(operand->op) || is_float_compare(operand->op))) {
        fold_condition(f, i->a);
    } else if (operand->op == (is_wide ? OPCODE_I64_AND : OPCODE_I32_AND) && may_fold(f, i->a)) {
        fold(f, i->a);
        fold_compared(f, operand, is_wide);
    } else {
        fold_conversion(f, i->a, is_wide);
        fold_beside_constant(f, i->a, 0, is_wide);
    }
}

/* Of a branch or select. */
static void fold_condition(struct folding *f, u32 value)
{
    const struct ir_instruction *i = at(f, value);
    if (!may_fold(f, value))
        return;
    if (is_integer_compare(i->op) || is_float_compare(i->op)) {
        fold(f, value);
        fold_compare(f, i);
    } else if (i->op == OPCODE_I32_AND) {
        fold(f, value);
        fold_compared(f, i, false);
    } else {
        fold_conversion(f, value, false);
        fold_beside_constant(f, value, 0, false);
    }
}

/* ---- Arithmetic ---- */

static void fold_scaled(struct folding *f, const struct ir_instruction *i, u32 op)
{
    for (u32 n = 0; n < 2; n++) {
        u32 value = n == 0 ? i->b : i->a;
        const struct ir_instruction *operand = at(f, value);
        if (operand->op == op && is_scaled(f->ir, operand) && may_fold(f, value) &&
            !is_constant(f->ir, operand->a)) {
            fold(f, value);
            return;
        }
    }
}

/* Whether it has become part of a lea. */
static bool fold_sum(struct folding *f, const struct ir_instruction *i, bool is_wide)
{
    u32 shift = is_wide ? OPCODE_I64_SHL : OPCODE_I32_SHL;
    if (is_immediate(f->ir, i->b)) {
        const struct ir_instruction *inner = at(f, i->a);
        if (inner->op != i->op || !may_fold(f, i->a) || is_constant(f->ir, inner->a) ||
            is_constant(f->ir, inner->b))
            return false;
        fold(f, i->a);
        fold_scaled(f, inner, shift);
        return true;
    }
    if (is_constant(f->ir, i->a) || is_constant(f->ir, i->b))
        return false;
    fold_scaled(f, i, shift);
    return at(f, i->a)->folded || at(f, i->b)->folded;
}

static void fold_arithmetic(struct folding *f, const struct ir_instruction *i)
{
    struct shape shape = shape_of(i->op);
    if (shape.op == OPCODE_I32_ADD && fold_sum(f, i, shape.is_wide))
        return;
    fold_conversions(f, i, shape.is_wide);
    if (shape.op == OPCODE_I32_MUL && is_immediate(f->ir, i->b) &&
        multiplier_of(f->ir, i).kind == MULTIPLY_PLAIN)
        (void)fold_load(f, i->a, load_op(shape.is_wide));
    else if (shape.op == OPCODE_I32_SUB && !is_constant(f->ir, i->a) && i->a != i->b)
        (void)fold_load(f, i->b, load_op(shape.is_wide));
    else if (shape.op != OPCODE_I32_SUB)
        fold_either_load(f, i, load_op(shape.is_wide));
}

static void fold_float(struct folding *f, const struct ir_instruction *i)
{
    struct shape shape = shape_of(i->op);
    u32 load = shape.is_wide ? OPCODE_F64_LOAD : OPCODE_F32_LOAD;
    if (i->a == i->b)
        return;
    bool is_done = fold_load(f, i->b, load);
    if (!is_done && (shape.op == OPCODE_F32_ADD || shape.op == OPCODE_F32_MUL))
        (void)fold_load(f, i->a, load);
}

/* ---- Stores ---- */

static u32 updated_load_op(u32 store)
{
    switch (store) {
    case OPCODE_I32_STORE:
        return OPCODE_I32_LOAD;
    case OPCODE_I64_STORE:
        return OPCODE_I64_LOAD;
    case OPCODE_I32_STORE8:
        return OPCODE_I32_LOAD8_U;
    case OPCODE_I32_STORE16:
        return OPCODE_I32_LOAD16_U;
    default:
        return IR_NOTHING;
    }
}

/* The other operand of an update: a register, or what fits into the instruction. */
static bool may_update_with(const struct folding *f, u32 value, u32 store)
{
    if (!is_constant(f->ir, value))
        return true;
    i32 constant = (i32)ir_bits(at(f, value));
    return store == OPCODE_I32_STORE16 ? constant == (i8)constant : is_immediate(f->ir, value);
}

static bool fold_update(struct folding *f, const struct ir_instruction *store)
{
    const struct ir_instruction *value = at(f, store->b);
    u32 op = shape_of(value->op).op;
    bool is_arithmetic = op == OPCODE_I32_ADD || op == OPCODE_I32_SUB || op == OPCODE_I32_AND ||
                         op == OPCODE_I32_OR || op == OPCODE_I32_XOR;
    if (!is_arithmetic || !may_fold(f, store->b) || value->a == value->b)
        return false;
    for (u32 n = 0; n < (op == OPCODE_I32_SUB ? 1u : 2u); n++) {
        u32 number = n == 0 ? value->a : value->b;
        const struct ir_instruction *load = at(f, number);
        if (load->op != updated_load_op(store->op) || load->a != store->a ||
            load->c != store->c || load->memory != store->memory || !may_fold(f, number) ||
            !may_move(f, number) || !may_update_with(f, n == 0 ? value->b : value->a, store->op))
            continue;
        fold(f, store->b);
        fold(f, number);
        return true;
    }
    return false;
}

static void fold_store(struct folding *f, const struct ir_instruction *store)
{
    const struct ir_instruction *value = at(f, store->b);
    if (fold_update(f, store))
        return;
    fold_address(f, store);
    bool is_reinterpretation =
        (store->op == OPCODE_I32_STORE && value->op == OPCODE_I32_REINTERPRET_F32) ||
        (store->op == OPCODE_I64_STORE && value->op == OPCODE_I64_REINTERPRET_F64) ||
        (store->op == OPCODE_F32_STORE && value->op == OPCODE_F32_REINTERPRET_I32) ||
        (store->op == OPCODE_F64_STORE && value->op == OPCODE_F64_REINTERPRET_I64);
    if (is_reinterpretation && may_fold(f, store->b) && !is_constant(f->ir, value->a))
        fold(f, store->b);
    else if (value->type == IR_I32 || value->type == IR_I64)
        fold_conversion(f, store->b, value->type == IR_I64);
}

/* ---- Instructions ---- */

/* Those of one operand, which may be a load or a conversion that does nothing. */
static void fold_unary_operand(struct folding *f, const struct ir_instruction *i)
{
    switch (i->op) {
    case OPCODE_I64_EXTEND_I32_S:
    case OPCODE_F32_CONVERT_I32_S:
    case OPCODE_F64_CONVERT_I32_S:
        fold_conversion(f, i->a, false);
        (void)fold_load(f, i->a, OPCODE_I32_LOAD);
        break;
    case OPCODE_F32_CONVERT_I64_S:
    case OPCODE_F64_CONVERT_I64_S:
        (void)fold_load(f, i->a, OPCODE_I64_LOAD);
        break;
    case OPCODE_I32_EXTEND8_S:
    case OPCODE_I32_EXTEND16_S:
        fold_conversion(f, i->a, false);
        break;
    case OPCODE_F64_PROMOTE_F32:
        (void)fold_load(f, i->a, OPCODE_F32_LOAD);
        break;
    case OPCODE_F32_DEMOTE_F64:
        (void)fold_load(f, i->a, OPCODE_F64_LOAD);
        break;
    default:
        break;
    }
}

/* What may be folded into an instruction, of those into which something may. */
enum into {
    INTO_NOTHING,
    INTO_LOAD,
    INTO_STORE,
    INTO_COMPARE,
    INTO_ARITHMETIC,
    INTO_SHIFT,
    INTO_FLOAT,
    INTO_UNARY,
    INTO_BRANCH,
    INTO_SELECT,
};

static const u8 intos[IR_OP_END] = {
    [OPCODE_I32_LOAD ... OPCODE_I64_LOAD32_U] = INTO_LOAD,
    [OPCODE_I32_STORE ... OPCODE_I64_STORE32] = INTO_STORE,
    [OPCODE_I32_EQZ ... OPCODE_F64_GE] = INTO_COMPARE,
    [OPCODE_I32_ADD ... OPCODE_I32_MUL] = INTO_ARITHMETIC,
    [OPCODE_I32_AND ... OPCODE_I32_XOR] = INTO_ARITHMETIC,
    [OPCODE_I32_SHL ... OPCODE_I32_ROTR] = INTO_SHIFT,
    [OPCODE_I64_ADD ... OPCODE_I64_MUL] = INTO_ARITHMETIC,
    [OPCODE_I64_AND ... OPCODE_I64_XOR] = INTO_ARITHMETIC,
    [OPCODE_I64_SHL ... OPCODE_I64_ROTR] = INTO_SHIFT,
    [OPCODE_F32_ADD ... OPCODE_F32_DIV] = INTO_FLOAT,
    [OPCODE_F64_ADD ... OPCODE_F64_DIV] = INTO_FLOAT,
    [OPCODE_I64_EXTEND_I32_S] = INTO_UNARY,
    [OPCODE_F32_CONVERT_I32_S] = INTO_UNARY,
    [OPCODE_F32_CONVERT_I64_S] = INTO_UNARY,
    [OPCODE_F32_DEMOTE_F64] = INTO_UNARY,
    [OPCODE_F64_CONVERT_I32_S] = INTO_UNARY,
    [OPCODE_F64_CONVERT_I64_S] = INTO_UNARY,
    [OPCODE_F64_PROMOTE_F32] = INTO_UNARY,
    [OPCODE_I32_EXTEND8_S ... OPCODE_I32_EXTEND16_S] = INTO_UNARY,
    [IR_BRANCH] = INTO_BRANCH,
    [IR_SELECT] = INTO_SELECT,
};

static void fold_into(struct folding *f, const struct ir_instruction *i)
{
    switch (intos[i->op]) {
    case INTO_LOAD:
        fold_address(f, i);
        break;
    case INTO_STORE:
        fold_store(f, i);
        break;
    case INTO_COMPARE:
        fold_compare(f, i);
        break;
    case INTO_ARITHMETIC:
        fold_arithmetic(f, i);
        break;
    case INTO_SHIFT:
        fold_conversions(f, i, shape_of(i->op).is_wide);
        break;
    case INTO_FLOAT:
        fold_float(f, i);
        break;
    case INTO_UNARY:
        fold_unary_operand(f, i);
        break;
    case INTO_BRANCH:
        fold_condition(f, i->a);
        break;
    default:
        fold_condition(f, i->c);
    }
}

void fold_function(struct ir *ir)
{
    for (u32 block = 0; block < ir->block_count; block++) {
        struct folding f = { .ir = ir, .first = ir->blocks[block].first };
        for (f.root = ir->blocks[block].end - 1; f.root > f.first; f.root--) {
            const struct ir_instruction *i = &ir->code[f.root];
            if (ir_is_computed(i) & (intos[i->op] != INTO_NOTHING)) /* one guess */
                fold_into(&f, i);
        }
    }
}
