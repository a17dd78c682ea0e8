/* Lowering of what computes and compares: which instruction of a row fits the operands. */
#include "engine/lower_inside.h"

enum row_kind {
    ROW_NONE,
    ROW_COMMUTATIVE,
    ROW_ORDERED,
    ROW_COMPARE,
    ROW_UNARY,
};

/* How an opcode is lowered. */
struct row {
    u8 kind;       /* enum row_kind */
    u8 type;       /* enum lowered_type of the operands */
    u8 result;     /* enum lowered_type */
    u8 comparison; /* enum comparison */
    u16 first;     /* instruction */
};

static const struct row rows[OPCODE_COUNT] = {
#define COMMUTATIVE(opcode, name, type, expression)                                               \
    [OPCODE_##opcode] = { ROW_COMMUTATIVE, LOWERED_##type, LOWERED_##type, 0, I_##name##_ss },
#define ORDERED(opcode, name, type, expression)                                                   \
    [OPCODE_##opcode] = { ROW_ORDERED, LOWERED_##type, LOWERED_##type, 0, I_##name##_ss },
#define CHECKED(opcode, name, type, function) ORDERED(opcode, name, type, function)
#define COMPARE(name, type, expression, swapped, negated)
#define TEST(opcode, name)                                                                        \
    [OPCODE_##opcode] = { ROW_COMPARE, 0, LOWERED_u32, COMPARISON_##name, I_##name##_ss },
#define UNARY(opcode, name, from, to, expression)                                                 \
    [OPCODE_##opcode] = { ROW_UNARY, LOWERED_##from, LOWERED_##to, 0, I_##name##_s },
#define CHECKED_UNARY(opcode, name, from, to, function) UNARY(opcode, name, from, to, function)
#define LOAD(opcode, name, type, stored)
#define LOAD_LIKE(opcode, name)
#define STORE(name, stored)
#define STORE_LIKE(opcode, name)
#include "engine/instruction.def"
#undef COMPARE
#undef TEST
};

struct comparison_row {
    u16 straight; /* instructions */
    u16 branch;
    u8 swapped; /* enum comparison */
    u8 negated;
    u8 type; /* enum lowered_type */
};

static const struct comparison_row comparisons[] = {
#undef COMMUTATIVE
#undef ORDERED
#undef CHECKED
#undef UNARY
#undef CHECKED_UNARY
#define COMMUTATIVE(opcode, name, type, expression)
#define ORDERED(opcode, name, type, expression)
#define CHECKED(opcode, name, type, function)
#define COMPARE(name, type, expression, swapped, negated)                                         \
    [COMPARISON_##name] = { I_##name##_ss, I_br_##name##_ss, COMPARISON_##swapped,                \
                            COMPARISON_##negated, LOWERED_##type },
#define TEST(opcode, name)
#define UNARY(opcode, name, from, to, expression)
#define CHECKED_UNARY(opcode, name, from, to, function)
#include "engine/instruction.def"
};

/* Two operands on their way into an instruction. */
struct pair {
    struct operand a, b;
    enum place place_a, place_b;
};

/* Takes the two uppermost operands; at most one of them stays a constant. */
static struct pair pair_pop(struct lowering *l)
{
    if (operand_at(l, 0)->kind == OPERAND_CONSTANT && operand_at(l, 1)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 2);
    struct pair pair;
    pair.b = lower_pop(l);
    pair.a = lower_pop(l);
    pair.place_a = lower_place(l, &pair.a);
    pair.place_b = lower_place(l, &pair.b);
    return pair;
}

static void pair_swap(struct pair *pair)
{
    *pair = (struct pair){ pair->b, pair->a, pair->place_b, pair->place_a };
}

/* Of operands that may change places, the first is the accumulator if one is, and a constant is
 * the second. True if they did. */
static bool pair_order(struct pair *pair)
{
    bool swap = pair->place_a == PLACE_CONSTANT ||
                (pair->place_b == PLACE_ACCUMULATOR && pair->place_a == PLACE_SLOT);
    if (swap)
        pair_swap(pair);
    return swap;
}

static enum form pair_form(const struct pair *pair)
{
    bool first = pair->place_a == PLACE_ACCUMULATOR;
    if (pair->place_b == PLACE_CONSTANT)
        return first ? FORM_AK : FORM_SK;
    if (pair->place_a == PLACE_CONSTANT)
        return pair->place_b == PLACE_ACCUMULATOR ? FORM_KA : FORM_KS;
    if (first)
        return FORM_AS;
    return pair->place_b == PLACE_ACCUMULATOR ? FORM_SA : FORM_SS;
}

/* The operand words of a pair, as part_numeric.h reads them. */
static void pair_words(const struct pair *pair, enum lowered_type type, union word words[2])
{
    bool is_first_constant = pair->place_a == PLACE_CONSTANT;
    const struct operand *constant = is_first_constant ? &pair->a : &pair->b;
    words[0] = (union word){ .slots = { .a = pair->a.slot, .b = pair->b.slot } };
    words[1].bits = 0;
    if (!is_first_constant && pair->place_b != PLACE_CONSTANT)
        return;
    words[0].slots.a = is_first_constant ? pair->b.slot : pair->a.slot;
    if (type == LOWERED_f64 || type == LOWERED_u64)
        words[1].bits = constant->bits;
    else
        words[0].constant.immediate = (i32)constant->bits;
}

static void lower_binary(struct lowering *l, const struct row *row)
{
    struct pair pair = pair_pop(l);
    if (row->kind == ROW_COMMUTATIVE)
        (void)pair_order(&pair);
    union word words[2];
    pair_words(&pair, row->type, words);
    lower_give(l, row->first + 2u * pair_form(&pair), lowered_class(row->result), words[0],
               words[1]);
}

static void lower_comparison(struct lowering *l, enum comparison comparison)
{
    enum lowered_type type = comparisons[comparison].type;
    struct pair pair = pair_pop(l);
    if (pair_order(&pair))
        comparison = comparisons[comparison].swapped;
    enum form form = pair_form(&pair);
    union word words[2];
    pair_words(&pair, type, words);
    lower_give(l, comparisons[comparison].straight + 2u * form, CLASS_INTEGER, words[0], words[1]);
    l->pending.comparison = (u16)comparison;
    l->pending.form = (u8)form;
}

/* Whether the top operand is the result of a comparison that is still pending. */
static bool comparison_pending(struct lowering *l)
{
    const struct operand *top = operand_at(l, 0);
    return top->kind == OPERAND_TEMPORARY && l->pending.id != I_NONE &&
           l->pending.comparison != COMPARISON_NONE && l->pending.to == top->slot;
}

/* eqz of a comparison is its negation; of another value, a comparison with zero. */
static void lower_zero(struct lowering *l, enum comparison with_zero)
{
    struct pending *pending = &l->pending;
    if (!comparison_pending(l)) {
        lower_constant(l, CLASS_INTEGER, 0);
        lower_comparison(l, with_zero);
        return;
    }
    pending->comparison = comparisons[pending->comparison].negated;
    pending->id = (u16)(comparisons[pending->comparison].straight + 2u * pending->form);
}

static void lower_unary(struct lowering *l, const struct row *row)
{
    struct operand operand = *operand_at(l, 0);
    if (operand.kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    operand = lower_pop(l);
    enum place place = lower_place(l, &operand);
    union word word = { .slots = { .a = operand.slot } };
    lower_give(l, row->first + 2u * (place == PLACE_ACCUMULATOR), lowered_class(row->result), word,
               (union word){ 0 });
}

void lower_numeric(struct lowering *l, enum opcode opcode)
{
    const struct row *row = &rows[opcode];
    if (opcode == OPCODE_I32_EQZ)
        lower_zero(l, COMPARISON_i32_eq);
    else if (opcode == OPCODE_I64_EQZ)
        lower_zero(l, COMPARISON_i64_eq);
    else if (row->kind == ROW_UNARY)
        lower_unary(l, row);
    else if (row->kind == ROW_COMPARE)
        lower_comparison(l, row->comparison);
    else if (opcode != OPCODE_I64_EXTEND_I32_U)
        lower_binary(l, row);
}

/* ---- Conditions of branches ---- */

/* A comparison's operands where its branch has them (see part_numeric.h). */
static void branch_words(const struct pending *pending, enum lowered_type type, union word words[2])
{
    const union word *from = pending->words;
    words[0] = (union word){ .jump = { .a = from[0].slots.a, .b = from[0].slots.b } };
    words[1].bits = 0;
    if (pending->form != FORM_SK && pending->form != FORM_AK)
        return;
    if (type == LOWERED_f64 || type == LOWERED_u64)
        words[1].bits = from[1].bits;
    else
        words[1].bits = (u32)from[0].constant.immediate;
}

/* A comparison with zero is the test of a value. */
static bool is_zero_test(enum comparison comparison, const union word words[2], enum form form)
{
    bool is_equality = comparison == COMPARISON_i32_eq || comparison == COMPARISON_i32_ne ||
                       comparison == COMPARISON_i64_eq || comparison == COMPARISON_i64_ne;
    return is_equality && (form == FORM_SK || form == FORM_AK) && words[1].bits == 0;
}

static u32 zero_test(enum comparison comparison, enum form form)
{
    bool is_wide = comparison == COMPARISON_i64_eq || comparison == COMPARISON_i64_ne;
    bool is_some = comparison == COMPARISON_i32_ne || comparison == COMPARISON_i64_ne;
    return I_br_u32_zero_s + 12u * is_wide + 6u * is_some + 3u * (form == FORM_AK);
}

/* The pending comparison becomes its branch. */
static u32 comparison_branch(struct lowering *l, bool zero, u32 variant)
{
    struct pending *pending = &l->pending;
    (void)lower_pop(l);
    enum comparison comparison = pending->comparison;
    if (zero)
        comparison = comparisons[comparison].negated;
    enum form form = pending->form;
    union word words[2];
    branch_words(pending, comparisons[comparison].type, words);
    u32 id = comparisons[comparison].branch + 3u * form;
    if (is_zero_test(comparison, words, form))
        id = zero_test(comparison, form);
    pending->id = I_NONE;
    l->mirrors[CLASS_INTEGER] = pending->before;
    return lower_write(l, id + variant, words);
}

u32 lower_condition(struct lowering *l, bool zero, u32 variant)
{
    if (comparison_pending(l))
        return comparison_branch(l, zero, variant);
    if (operand_at(l, 0)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    struct operand operand = lower_pop(l);
    enum place place = lower_place(l, &operand);
    u32 id = zero_test(zero ? COMPARISON_i32_eq : COMPARISON_i32_ne,
                       place == PLACE_ACCUMULATOR ? FORM_AK : FORM_SK);
    return lower_emit(l, id + variant, (union word){ .slots = { .a = operand.slot } },
                      (union word){ 0 });
}
