/* The operand stack of lowering, the instruction held back, and writing. */
#include "engine/lower_inside.h"
#include "engine/stretch.h"

enum {
    FIRST_WORDS = 4096,
    FRAME_SPARE = 4, /* entering a frame may zero three slots more than its locals */
};

/* ---- Memory ---- */

static bool room(struct lowering *l, void **items, u32 *capacity, usize need, usize item_size)
{
    if (need <= *capacity)
        return true;
    if (!stretch(l->source, items, capacity, need, item_size))
        l->failed = true;
    return !l->failed;
}

bool lower_words(struct lowering *l, u32 count)
{
    return room(l, (void **)&l->words, &l->word_capacity, (usize)l->word_count + count,
                sizeof(*l->words)) &&
           room(l, (void **)&l->written, &l->written_capacity, (usize)l->written_count + count,
                sizeof(*l->written));
}

static bool operands_room(struct lowering *l, usize count)
{
    return room(l, (void **)&l->operands, &l->operand_capacity, l->operand_count + count,
                sizeof(*l->operands));
}

bool lower_room_make(struct lowering *l)
{
    return !l->failed && lower_words(l, STEP_WORDS) && operands_room(l, STEP_OPERANDS) &&
           room(l, (void **)&l->labels, &l->label_capacity, l->label_count + 1u,
                sizeof(*l->labels));
}

enum status lower_create(struct lowering *lowering, const struct module *module)
{
    *lowering = (struct lowering){
        .module = module,
        .source = module->arena.source,
    };
    bool is_there = lower_words(lowering, FIRST_WORDS) && lower_room(lowering);
    return is_there ? STATUS_OK : STATUS_NO_MEMORY;
}

void lower_destroy(struct lowering *l)
{
    stretch_give(l->source, l->words, l->word_capacity, sizeof(*l->words));
    stretch_give(l->source, l->written, l->written_capacity, sizeof(*l->written));
    stretch_give(l->source, l->operands, l->operand_capacity, sizeof(*l->operands));
    stretch_give(l->source, l->labels, l->label_capacity, sizeof(*l->labels));
    stretch_give(l->source, l->local_newest, l->local_capacity, sizeof(*l->local_newest));
}

/* ---- Writing ---- */

static u32 write_at(struct lowering *l, u32 id, const union word words[2], u32 offset)
{
    u32 at = l->word_count;
    if (at <= l->sought)
        l->sought_offset = offset;
    l->written[l->written_count++] = (struct written){ .word = at, .id = (u16)id };
    l->words[at].handler = instruction_handlers[id];
    l->words[at + 1] = words[0];
    l->words[at + 2] = words[1];
    l->word_count = at + 1 + instruction_words[id];
    return at + 1;
}

u32 lower_write(struct lowering *l, u32 id, const union word words[2])
{
    return write_at(l, id, words, l->offset);
}

void lower_flush(struct lowering *l)
{
    struct pending *pending = &l->pending;
    if (pending->id == I_NONE)
        return;
    u32 id = pending->id;
    if (pending->gives) {
        id += pending->keep;
        pending->words[0].slots.to = pending->to;
    }
    pending->id = I_NONE;
    (void)write_at(l, id, pending->words, pending->offset);
}

u32 lower_emit(struct lowering *l, u32 id, union word first, union word second)
{
    lower_flush(l);
    return lower_write(l, id, (union word[2]){ first, second });
}

void lower_give(struct lowering *l, u32 id, enum value_class class, union word first,
                union word second)
{
    lower_flush(l);
    u32 home = operand_home(l, l->operand_count);
    u32 before = l->mirrors[class];
    l->pending = (struct pending){
        .id = (u16)id,
        .class = (u8)class,
        .gives = true,
        .keep = true,
        .to = (u16)home,
        .home = (u16)home,
        .before = before == home ? NO_SLOT : before,
        .offset = l->offset,
        .words = { first, second },
    };
    lower_push_temporary(l, class);
    l->mirrors[class] = home;
}

void lower_forget_mirrors(struct lowering *l)
{
    for (u32 i = 0; i < CLASS_COUNT; i++)
        l->mirrors[i] = NO_SLOT;
}

/* ---- Operands ---- */

/* Accumulators that had the value of that slot have it no more. */
void lower_push_temporary(struct lowering *l, enum value_class class)
{
    u32 home = operand_home(l, l->operand_count);
    lower_slot_written(l, home);
    lower_push(l, (struct operand){
                      .kind = OPERAND_TEMPORARY,
                      .class = (u8)class,
                      .slot = (u16)home,
                  });
}

void lower_push_results(struct lowering *l, const value_type *types, u32 count)
{
    if (!operands_room(l, count))
        return;
    for (u32 i = 0; i < count; i++)
        lower_push_temporary(l, value_class_of(types[i]));
}

void lower_truncate(struct lowering *l, u32 count)
{
    while (l->operand_count > count)
        (void)lower_pop(l);
}

/* Writes a copy of the operand to a slot. */
static void copy_write(struct lowering *l, const struct operand *operand, u32 to)
{
    static const u16 from_accumulator[CLASS_COUNT] = { I_copy_u64, I_copy_f64, I_copy_f32 };
    union word words[2] = { { .slots = { .a = operand->slot, .to = (u16)to } } };
    u32 id = I_copy_slot;
    if (operand->kind == OPERAND_CONSTANT) {
        bool is_short = (u64)(i64)(i32)operand->bits == operand->bits;
        id = is_short ? I_set_short : I_set_long;
        words[0].slots.to = (u16)to;
        words[1].bits = operand->bits;
        if (is_short)
            words[0].constant.immediate = (i32)operand->bits;
    } else if (l->mirrors[operand->class] == operand->slot) {
        id = from_accumulator[operand->class];
    }
    lower_write(l, id, words);
    lower_slot_written(l, to);
}

/* What is pending may run after a copy if it neither gives what is copied nor reads or writes where
 * the copy goes; its operands, but for locals, are in slots from its own upwards. */
static bool copy_may_pass(const struct lowering *l, const struct operand *operand, u32 to)
{
    const struct pending *pending = &l->pending;
    if (operand->kind != OPERAND_CONSTANT && pending->gives && pending->to == operand->slot)
        return false;
    bool is_local_read = operand->kind == OPERAND_LOCAL && l->mirrors[operand->class] == operand->slot;
    return to < pending->home && to >= l->temporary && !is_local_read;
}

void lower_move(struct lowering *l, const struct operand *operand, u32 to)
{
    struct pending *pending = &l->pending;
    bool is_pending = operand->kind == OPERAND_TEMPORARY && pending->id != I_NONE &&
                      pending->gives && pending->to == operand->slot;
    if (is_pending) {
        lower_slot_written(l, to);
        pending->to = (u16)to;
        pending->keep = true;
        l->mirrors[pending->class] = to;
        return;
    }
    if (operand->kind != OPERAND_CONSTANT && operand->slot == to)
        return;
    lower_flush(l);
    bool is_mirrored = operand->kind == OPERAND_TEMPORARY &&
                       l->mirrors[operand->class] == operand->slot;
    copy_write(l, operand, to);
    if (is_mirrored)
        l->mirrors[operand->class] = to; /* where the value was is not read again */
}

void lower_settle(struct lowering *l, u32 index)
{
    struct operand *operand = &l->operands[index];
    u32 home = operand_home(l, index);
    if (operand->kind == OPERAND_TEMPORARY)
        return;
    if (l->pending.id != I_NONE && !copy_may_pass(l, operand, home))
        lower_flush(l);
    copy_write(l, operand, home);
    if (operand->kind == OPERAND_LOCAL)
        l->local_operands--;
    operand->kind = OPERAND_TEMPORARY;
    operand->slot = (u16)home;
}

/* Settles an operand that is the newest one of its local, but perhaps for the top one. */
static void settle_newest(struct lowering *l, u32 index)
{
    const struct operand *operand = &l->operands[index];
    struct operand *top = operand_at(l, 0);
    if (operand->kind == OPERAND_LOCAL) {
        u32 *link = &l->local_newest[operand->slot];
        if (operand != top && *link == l->operand_count)
            link = &top->older;
        *link = operand->older;
    }
    lower_settle(l, index);
}

/* From the top down: so each local's operand is the newest one when it is its turn. */
static void settle_range(struct lowering *l, u32 from, u32 count)
{
    if (!lower_words(l, 3 * count + STEP_WORDS))
        return;
    for (u32 i = 1; i <= count; i++)
        settle_newest(l, from - i);
}

void lower_settle_top(struct lowering *l, u32 count)
{
    settle_range(l, l->operand_count, count);
}

void lower_settle_below(struct lowering *l, u32 count)
{
    settle_range(l, l->operand_count - 1, count);
}

void lower_settle_locals(struct lowering *l, u32 spared)
{
    bool is_spared_local = spared != 0 && operand_at(l, 0)->kind == OPERAND_LOCAL;
    if (!lower_words(l, 2 * l->local_operands + STEP_WORDS))
        return;
    for (u32 index = l->operand_count - spared; l->local_operands != is_spared_local; index--)
        if (l->operands[index - 1].kind == OPERAND_LOCAL)
            settle_newest(l, index - 1);
}

/* ---- Locals ---- */

void lower_local_get(struct lowering *l, u32 local, enum value_class class)
{
    struct operand operand = {
        .kind = OPERAND_LOCAL,
        .class = (u8)class,
        .slot = (u16)local,
        .older = l->local_newest[local],
    };
    lower_push(l, operand);
    l->local_newest[local] = l->operand_count;
    l->local_operands++;
}

/* Operands that are the local get its value now, before it changes. */
static void local_settle(struct lowering *l, u32 local)
{
    while (l->local_newest[local] != 0) {
        u32 index = l->local_newest[local] - 1;
        l->local_newest[local] = l->operands[index].older;
        if (!lower_words(l, STEP_WORDS))
            return;
        lower_settle(l, index);
    }
}

void lower_local_set(struct lowering *l, u32 local)
{
    struct operand operand = lower_pop(l);
    local_settle(l, local);
    lower_move(l, &operand, local);
}

void lower_local_tee(struct lowering *l, u32 local)
{
    enum value_class class = operand_at(l, 0)->class;
    lower_local_set(l, local);
    lower_local_get(l, local, class);
}

void lower_drop(struct lowering *l)
{
    struct operand operand = lower_pop(l);
    if (operand.kind == OPERAND_TEMPORARY && l->pending.id != I_NONE && l->pending.gives &&
        l->pending.to == operand.slot)
        l->pending.keep = false;
}

void lower_constant(struct lowering *l, enum value_class class, u64 bits)
{
    lower_push(l, (struct operand){
                      .kind = OPERAND_CONSTANT,
                      .class = (u8)class,
                      .bits = bits,
                  });
}

/* ---- Bodies ---- */

/* Behind the locals, and behind where results go. */
static u32 header_slot(const struct function_type *type, u32 local_count)
{
    return local_count > type->result_count ? local_count : type->result_count;
}

void lower_begin(struct lowering *l, const struct function_type *type, u32 local_count)
{
    if (!room(l, (void **)&l->local_newest, &l->local_capacity, local_count,
              sizeof(*l->local_newest)))
        return;
    l->word_count = 0;
    l->written_count = 0;
    l->operand_count = 0;
    l->operand_peak = 0;
    l->local_operands = 0;
    l->label_count = 0;
    l->pending.id = I_NONE;
    l->local_count = local_count;
    l->header = header_slot(type, local_count);
    l->temporary = l->header + HEADER_SLOTS;
    l->near_loop = 0;
    lower_forget_mirrors(l);
    struct block_type block = {
        .results = type->types + type->parameter_count,
        .result_count = type->result_count,
    };
    lower_block(l, LABEL_FUNCTION, &block);
}

u32 lower_frame_slots(const struct lowering *l)
{
    return l->temporary + l->operand_peak + FRAME_SPARE;
}

u32 lower_frame_slots_of(const struct function_type *type, u32 local_count, u32 operand_peak)
{
    return header_slot(type, local_count) + HEADER_SLOTS + operand_peak + FRAME_SPARE;
}
