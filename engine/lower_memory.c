/* Lowering of selections, of accesses to memory and globals, and of what the runtime does. */
#include "engine/lower_inside.h"

/* ---- Selections ---- */

/* Bits of a constant that a selection's extra word can hold beside what else is in it. */
static bool is_short(const struct operand *operand)
{
    return operand->kind == OPERAND_CONSTANT && operand->bits <= UINT32_MAX;
}

/* Both values of a selection are in slots or, if they are integers, constants. */
static u32 select_settle(struct lowering *l, enum value_class class, union word *constant)
{
    static const u16 of_slots[CLASS_COUNT] = { I_select_u64_ss_s, I_select_f64_ss_s,
                                               I_select_f32_ss_s };
    const struct operand *first = operand_at(l, 2);
    const struct operand *second = operand_at(l, 1);
    if (class == CLASS_INTEGER && is_short(first) && is_short(second)) {
        *constant = (union word){ .indices = { (u32)first->bits, (u32)second->bits } };
        return I_select_u64_kk_s;
    }
    if (class != CLASS_INTEGER || second->kind == OPERAND_CONSTANT) {
        if (first->kind == OPERAND_CONSTANT)
            lower_settle(l, l->operand_count - 3);
    }
    if (class == CLASS_INTEGER && second->kind == OPERAND_CONSTANT) {
        constant->bits = second->bits;
        return I_select_u64_sk_s;
    }
    if (class == CLASS_INTEGER && first->kind == OPERAND_CONSTANT) {
        constant->bits = first->bits;
        return I_select_u64_ks_s;
    }
    if (second->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 2);
    return of_slots[class];
}

void lower_select(struct lowering *l, enum value_class class)
{
    union word constant = { 0 };
    u32 id = select_settle(l, class, &constant);
    if (operand_at(l, 0)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    struct operand condition = lower_pop(l);
    struct operand second = lower_pop(l);
    struct operand first = lower_pop(l);
    if (lower_place(l, &condition) == PLACE_ACCUMULATOR)
        id += 2;
    union word word = { .slots = { .a = first.slot, .b = second.slot, .c = condition.slot } };
    lower_give(l, id, class, word, constant);
}

/* ---- Memory ---- */

static const u16 accesses[OPCODE_COUNT] = {
#define COMMUTATIVE(opcode, name, type, expression)
#define ORDERED(opcode, name, type, expression)
#define CHECKED(opcode, name, type, function)
#define COMPARE(name, type, expression, swapped, negated)
#define TEST(opcode, name)
#define UNARY(opcode, name, from, to, expression)
#define CHECKED_UNARY(opcode, name, from, to, function)
#define LOAD(opcode, name, type, stored) [OPCODE_##opcode] = I_##name##_s,
#define LOAD_LIKE(opcode, name) [OPCODE_##opcode] = I_##name##_s,
#define STORE(name, stored)
#define STORE_LIKE(opcode, name) [OPCODE_##opcode] = I_##name##_ss,
#include "engine/instruction.def"
};

/* Places in the rows LOAD and STORE of instruction_list.def. */
enum {
    LOAD_FAR = I_load32_far - I_load32_s,
    STORE_FAR = I_store32_far - I_store32_ss,
    STORE_ACCUMULATOR = I_store32_sa - I_store32_ss,
    STORE_CONSTANT = I_store32_sk - I_store32_ss,
};

/* How an access finds its address: the number of the form, and the words for it. */
static u32 address_form(struct lowering *l, const struct operand *address, u64 offset,
                        union word *word)
{
    word->access.a = address->slot;
    word->access.offset = (u32)offset;
    enum place place = lower_place(l, address);
    if (place == PLACE_CONSTANT)
        word->access.offset = (u32)(address->bits + offset);
    return place;
}

/* A constant address joins the offset, if their sum is one still. */
static void address_settle(struct lowering *l, u32 from_top, u32 memory, u64 offset)
{
    const struct operand *address = operand_at(l, from_top);
    if (address->kind != OPERAND_CONSTANT)
        return;
    if (memory != 0 || address->bits + offset > UINT32_MAX)
        lower_settle(l, l->operand_count - 1 - from_top);
}

static enum value_class load_class(enum opcode opcode)
{
    if (opcode == OPCODE_F64_LOAD)
        return CLASS_REAL;
    return opcode == OPCODE_F32_LOAD ? CLASS_SINGLE : CLASS_INTEGER;
}

void lower_load(struct lowering *l, enum opcode opcode, u32 memory, u64 offset)
{
    address_settle(l, 0, memory, offset);
    struct operand address = lower_pop(l);
    union word word = { 0 };
    if (memory == 0) {
        u32 form = address_form(l, &address, offset, &word);
        lower_give(l, accesses[opcode] + 2 * form, load_class(opcode), word, (union word){ 0 });
        return;
    }
    u32 home = operand_home(l, l->operand_count);
    word.access.a = address.slot;
    word.access.b = (u16)home;
    word.access.offset = (u32)offset;
    (void)lower_emit(l, accesses[opcode] + LOAD_FAR, word, (union word){ .bits = memory });
    lower_forget_mirrors(l);
    lower_push_temporary(l, load_class(opcode));
}

/* A float in its accumulator is stored by an instruction of its own; elsewhere it is as good as the
 * integer of its bits. */
static bool store_real(struct lowering *l, const struct operand *address,
                       const struct operand *value, u64 offset)
{
    if (value->class == CLASS_INTEGER || lower_place(l, value) != PLACE_ACCUMULATOR)
        return false;
    union word word = { 0 };
    u32 form = address_form(l, address, offset, &word);
    u32 first = value->class == CLASS_REAL ? I_store_f64_s : I_store_f32_s;
    (void)lower_emit(l, first + form, word, (union word){ 0 });
    return true;
}

/* In memory 0, by the form that fits the places of address and value. */
static void store_near(struct lowering *l, u32 first, const struct operand address_value[2],
                       u64 offset)
{
    const struct operand *address = &address_value[0];
    const struct operand *value = &address_value[1];
    union word words[2] = { { 0 }, { .bits = value->bits } };
    enum place place = value->class == CLASS_INTEGER ? lower_place(l, value) : PLACE_SLOT;
    if (value->kind == OPERAND_CONSTANT)
        place = PLACE_CONSTANT;
    u32 form = address_form(l, address, offset, &words[0]);
    words[0].access.b = value->slot;
    if (place == PLACE_CONSTANT)
        first += STORE_CONSTANT + form;
    else if (place == PLACE_ACCUMULATOR && form != PLACE_ACCUMULATOR)
        first += STORE_ACCUMULATOR + (form == PLACE_CONSTANT);
    else
        first += form;
    (void)lower_emit(l, first, words[0], words[1]);
}

void lower_store(struct lowering *l, enum opcode opcode, u32 memory, u64 offset)
{
    address_settle(l, 1, memory, offset);
    if (memory != 0 && operand_at(l, 0)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    struct operand address_value[2];
    address_value[1] = lower_pop(l);
    address_value[0] = lower_pop(l);
    if (memory != 0) {
        union word word = { .access = { .a = address_value[0].slot,
                                        .b = address_value[1].slot,
                                        .offset = (u32)offset } };
        (void)lower_emit(l, accesses[opcode] + STORE_FAR, word, (union word){ .bits = memory });
    } else if (!store_real(l, &address_value[0], &address_value[1], offset)) {
        store_near(l, accesses[opcode], address_value, offset);
    }
}

/* ---- Globals ---- */

static bool global_is_far(const struct lowering *l, u32 global)
{
    return global < l->module->imported_global_count;
}

static union word global_word(const struct lowering *l, u32 global)
{
    u32 index = global_is_far(l, global) ? global : l->module->globals[global].cell;
    return (union word){ .constant = { .immediate = (i32)index } };
}

void lower_global_get(struct lowering *l, u32 global)
{
    value_type type = l->module->globals[global].type.type;
    enum value_class class = value_class_of(type);
    union word word = global_word(l, global);
    if (global_is_far(l, global)) {
        bool is_narrow = type == TYPE_I32 || type == TYPE_F32;
        word.constant.to = (u16)operand_home(l, l->operand_count);
        (void)lower_emit(l, is_narrow ? I_global_get_u32_far : I_global_get_u64_far, word,
                         (union word){ 0 });
        lower_push_temporary(l, class);
        return;
    }
    u32 id = type == TYPE_I32 ? I_global_get_u32 : I_global_get_u64;
    if (class != CLASS_INTEGER)
        id = class == CLASS_REAL ? I_global_get_f64 : I_global_get_f32;
    lower_give(l, id, class, word, (union word){ 0 });
}

void lower_global_set(struct lowering *l, u32 global)
{
    static const u16 from_accumulator[CLASS_COUNT] = { I_global_set_u64, I_global_set_f64,
                                                       I_global_set_f32 };
    if (operand_at(l, 0)->kind == OPERAND_CONSTANT)
        lower_settle(l, l->operand_count - 1);
    struct operand value = lower_pop(l);
    union word word = global_word(l, global);
    word.constant.a = value.slot;
    u32 id = I_global_set_slot;
    if (global_is_far(l, global))
        id = I_global_set_far;
    else if (lower_place(l, &value) == PLACE_ACCUMULATOR)
        id = from_accumulator[value.class];
    (void)lower_emit(l, id, word, (union word){ 0 });
}

/* ---- The runtime ---- */

/* An instruction with its operands in slots: how many, and whether it gives an integer. */
struct runtime_row {
    u16 id;
    u8 operands;
    bool gives;
};

static struct runtime_row runtime_row(enum opcode opcode)
{
    switch (opcode) {
    case OPCODE_MEMORY_SIZE:
        return (struct runtime_row){ I_memory_size, 0, true };
    case OPCODE_MEMORY_GROW:
        return (struct runtime_row){ I_memory_grow, 1, true };
    case OPCODE_MEMORY_FILL:
        return (struct runtime_row){ I_memory_fill, 3, false };
    case OPCODE_MEMORY_COPY:
        return (struct runtime_row){ I_memory_copy, 3, false };
    case OPCODE_MEMORY_INIT:
        return (struct runtime_row){ I_memory_init, 3, false };
    case OPCODE_DATA_DROP:
        return (struct runtime_row){ I_data_drop, 0, false };
    case OPCODE_TABLE_GET:
        return (struct runtime_row){ I_table_get, 1, true };
    case OPCODE_TABLE_SET:
        return (struct runtime_row){ I_table_set, 2, false };
    case OPCODE_TABLE_SIZE:
        return (struct runtime_row){ I_table_size, 0, true };
    case OPCODE_TABLE_GROW:
        return (struct runtime_row){ I_table_grow, 2, true };
    case OPCODE_TABLE_FILL:
        return (struct runtime_row){ I_table_fill, 3, false };
    case OPCODE_TABLE_COPY:
        return (struct runtime_row){ I_table_copy, 3, false };
    case OPCODE_TABLE_INIT:
        return (struct runtime_row){ I_table_init, 3, false };
    case OPCODE_ELEM_DROP:
        return (struct runtime_row){ I_element_drop, 0, false };
    default:
        BASE_ASSERT(opcode == OPCODE_REF_FUNC);
        return (struct runtime_row){ I_function_reference, 0, true };
    }
}

void lower_runtime(struct lowering *l, enum opcode opcode, const u32 indices[2])
{
    struct runtime_row row = runtime_row(opcode);
    lower_settle_top(l, row.operands);
    u32 first = operand_home(l, l->operand_count - row.operands);
    union word words[2] = { { .constant = { .a = (u16)first, .immediate = (i32)indices[0] } },
                            { .indices = { indices[0], indices[1] } } };
    lower_truncate(l, l->operand_count - row.operands);
    (void)lower_emit(l, row.id, words[0], words[1]);
    if (row.gives)
        lower_push_temporary(l, CLASS_INTEGER);
}
