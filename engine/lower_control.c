/* Lowering of blocks and branches. At a label the operands that it takes are in their own slots, and
 * no accumulator is known to have any slot's value. */
#include "engine/lower_inside.h"

static struct label *label_at(struct lowering *l, u32 depth)
{
    return &l->labels[l->label_count - 1 - depth];
}

static u32 label_arity(const struct label *label)
{
    return label->kind == LABEL_LOOP ? label->type.parameter_count : label->type.result_count;
}

/* ---- Targets: a forward branch is a link of its label's list until the label is placed ---- */

static void target_link(struct lowering *l, u32 *list, u32 operand)
{
    l->words[operand].jump.target = (i32)*list;
    *list = operand;
}

static void targets_place(struct lowering *l, u32 list)
{
    while (list != 0) {
        u32 next = (u32)l->words[list].jump.target;
        l->words[list].jump.target = (i32)(l->word_count - list);
        list = next;
    }
}

static void target_label(struct lowering *l, struct label *label, u32 operand)
{
    if (label->kind == LABEL_LOOP)
        l->words[operand].jump.target = (i32)(label->loop - operand);
    else
        target_link(l, &label->fixups, operand);
}

/* Here code from elsewhere arrives. */
static void place_begin(struct lowering *l)
{
    lower_flush(l);
    lower_forget_mirrors(l);
}

static u32 single(struct lowering *l, u32 id, union word word)
{
    return lower_emit(l, id, word, (union word){ 0 });
}

/* Which of a branch's instructions goes to the label: forward, back, or near. On every way from a
 * loop's beginning to code behind it, without an inner loop or a call in between, the register
 * still has the beginning. */
static u32 branch_variant(const struct lowering *l, const struct label *label)
{
    if (label->kind != LABEL_LOOP)
        return 0;
    return l->near_loop == (u32)(label - l->labels) + 1 ? 2 : 1;
}

/* An unconditional branch. */
static void jump(struct lowering *l, struct label *label)
{
    u32 id = I_br + branch_variant(l, label);
    target_label(l, label, single(l, id, (union word){ 0 }));
}

/* ---- Blocks ---- */

/* Both parts of an if find the operands below its condition in their slots. */
static u32 open_if(struct lowering *l, u32 parameters)
{
    lower_settle_locals(l, 1);
    lower_settle_below(l, parameters);
    return lower_condition(l, true, 0);
}

static void open_loop(struct lowering *l)
{
    (void)single(l, I_loop, (union word){ 0 });
    place_begin(l);
    l->near_loop = l->label_count + 1;
}

void lower_block(struct lowering *l, enum label_kind kind, const struct block_type *type)
{
    u32 otherwise = kind == LABEL_IF ? open_if(l, type->parameter_count) : 0;
    lower_settle_locals(l, 0);
    lower_settle_top(l, type->parameter_count);
    if (kind == LABEL_LOOP)
        open_loop(l);
    l->labels[l->label_count++] = (struct label){
        .type = *type,
        .kind = kind,
        .height = l->operand_count - type->parameter_count,
        .loop = l->word_count,
        .otherwise = otherwise,
    };
}

/* The operands are those below the label, and its parameters or results. */
static void stack_reset(struct lowering *l, const struct label *label, const value_type *types,
                        u32 count)
{
    lower_truncate(l, label->height);
    lower_push_results(l, types, count);
}

void lower_else(struct lowering *l, bool reached)
{
    struct label *label = label_at(l, 0);
    if (reached) {
        lower_settle_top(l, label->type.result_count);
        jump(l, label);
    }
    place_begin(l);
    targets_place(l, label->otherwise);
    label->otherwise = 0;
    label->kind = LABEL_BLOCK;
    stack_reset(l, label, label->type.parameters, label->type.parameter_count);
}

void lower_end(struct lowering *l, bool reached)
{
    struct label *label = label_at(l, 0);
    bool is_joined = label->fixups != 0 || label->otherwise != 0;
    if (is_joined || !reached) {
        if (reached)
            lower_settle_top(l, label->type.result_count);
        place_begin(l);
        targets_place(l, label->fixups);
        targets_place(l, label->otherwise);
        stack_reset(l, label, label->type.results, label->type.result_count);
    }
    if (label->kind == LABEL_FUNCTION && (is_joined || reached))
        lower_return(l);
    if (label->kind == LABEL_LOOP)
        l->near_loop = 0;
    l->label_count--;
}

/* ---- Branches ---- */

void lower_unreachable(struct lowering *l)
{
    (void)single(l, I_unreachable, (union word){ 0 });
}

/* Whether the uppermost operands, once settled, have to move for a label. */
static bool must_move(const struct lowering *l, const struct label *label)
{
    u32 arity = label_arity(label);
    return arity != 0 && label->height != l->operand_count - arity;
}

/* Copies settled operands to where the label takes them. */
static void move_settled(struct lowering *l, const struct label *label)
{
    u32 arity = label_arity(label);
    union word word = { .slots = {
                            .a = (u16)operand_home(l, l->operand_count - arity),
                            .to = (u16)operand_home(l, label->height),
                            .b = (u16)arity,
                        } };
    (void)single(l, arity == 1 ? I_copy_slot : I_copy_block, word);
}

void lower_branch(struct lowering *l, u32 depth)
{
    struct label *label = label_at(l, depth);
    u32 arity = label_arity(label);
    if (label->kind == LABEL_FUNCTION) {
        lower_return(l);
        return;
    }
    if (arity == 1) {
        struct operand operand = lower_pop(l);
        lower_move(l, &operand, operand_home(l, label->height));
    } else {
        lower_settle_top(l, arity);
        if (must_move(l, label))
            move_settled(l, label);
    }
    jump(l, label);
}

void lower_branch_if(struct lowering *l, u32 depth)
{
    struct label *label = label_at(l, depth);
    lower_settle_below(l, label_arity(label));
    l->operand_count--;
    bool is_moving = must_move(l, label);
    l->operand_count++;
    u32 variant = is_moving ? 0 : branch_variant(l, label);
    u32 operand = lower_condition(l, is_moving, variant);
    if (!is_moving) {
        target_label(l, label, operand);
        return;
    }
    move_settled(l, label);
    jump(l, label);
    l->words[operand].jump.target = (i32)(l->word_count - operand);
}

/* One word a target behind the instruction. */
void lower_table(struct lowering *l, u32 count, u32 arity)
{
    if (!lower_words(l, count + 16))
        return;
    lower_settle_below(l, arity);
    if (operand_at(l, 0)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    struct operand index = lower_pop(l);
    u32 id = lower_place(l, &index) == PLACE_ACCUMULATOR ? I_br_table_a : I_br_table_s;
    union word word = { .access = { .a = index.slot, .offset = count } };
    l->table_at = single(l, id, word) + 1;
    l->word_count += count + 1;
    l->stubs = 0;
}

/* To a loop, or with operands to move, it goes through a stub behind the table. */
void lower_table_target(struct lowering *l, u32 depth)
{
    if (l->failed)
        return;
    struct label *label = label_at(l, depth);
    u32 target = l->table_at++;
    l->words[target].bits = 0;
    if (label->kind != LABEL_LOOP && !must_move(l, label)) {
        target_link(l, &label->fixups, target);
        return;
    }
    if (label->stub == 0) {
        label->next_stub = l->stubs;
        l->stubs = l->label_count - depth;
    }
    target_link(l, &label->stub, target);
}

void lower_table_end(struct lowering *l)
{
    while (l->stubs != 0 && lower_room(l)) {
        struct label *label = &l->labels[l->stubs - 1];
        l->stubs = label->next_stub;
        targets_place(l, label->stub);
        label->stub = 0;
        if (must_move(l, label))
            move_settled(l, label);
        jump(l, label);
    }
}

/* ---- Returns ---- */

static void return_one(struct lowering *l, union word word)
{
    static const u16 from_slot[CLASS_COUNT] = { I_return_u64_s, I_return_f64_s, I_return_f32_s };
    const struct operand *top = operand_at(l, 0);
    if (top->kind == OPERAND_CONSTANT && top->class != CLASS_INTEGER)
        lower_settle(l, l->operand_count - 1);
    struct operand operand = lower_pop(l);
    u32 id = from_slot[operand.class];
    enum place place = lower_place(l, &operand);
    word.slots.a = operand.slot;
    if (place == PLACE_ACCUMULATOR)
        id++;
    else if (place == PLACE_CONSTANT)
        id = I_return_u64_k;
    (void)lower_emit(l, id, word, (union word){ .bits = operand.bits });
}

void lower_return(struct lowering *l)
{
    u32 count = l->labels[0].type.result_count;
    union word word = { .slots = { .to = (u16)l->header } };
    if (count == 1) {
        return_one(l, word);
    } else if (count == 0) {
        (void)single(l, I_return_none, word);
    } else {
        lower_settle_top(l, count);
        word.slots.a = (u16)operand_home(l, l->operand_count - count);
        (void)lower_emit(l, I_return_block, word, (union word){ .bits = count });
    }
}
