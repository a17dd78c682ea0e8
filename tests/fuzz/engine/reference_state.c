/* What instances hold: how it begins, what instructions do to it, what of it is compared. */
#include "tests/fuzz/engine/reference.h"

#include <stdlib.h>
#include <string.h>

u64 reference_function_number(const struct reference_instance *instance, u32 module, u32 function)
{
    const struct fuzz_function *found = &instance->module->functions[function];
    bool is_other = found->origin == FUZZ_OTHER;
    return (is_other ? found->origin_index : module << 16 | function) + 1;
}

/* ---- Beginning ---- */

static void memories_init(struct reference *reference, struct reference_instance *instance)
{
    const struct fuzz_module *module = instance->module;
    for (u32 i = 0; i < module->memory_count; i++) {
        const struct fuzz_memory *from = &module->memories[i];
        struct reference_memory *memory = &instance->own_memories[i];
        instance->memories[i] = memory;
        if (from->origin != FUZZ_OWN) {
            instance->memories[i] = reference->instances[0].memories[from->origin_index];
            continue;
        }
        *memory = (struct reference_memory){ .pages = from->min, .max = from->max };
        memory->data = calloc(FUZZ_PAGES_MAX, FUZZ_PAGE);
        BASE_ASSERT(memory->data != NULL);
        reference->world.pages += from->min;
    }
}

static void tables_init(struct reference *reference, struct reference_instance *instance)
{
    const struct fuzz_module *module = instance->module;
    for (u32 i = 0; i < module->table_count; i++) {
        const struct fuzz_table *from = &module->tables[i];
        instance->tables[i] = &instance->own_tables[i];
        if (from->origin != FUZZ_OWN)
            instance->tables[i] = reference->instances[0].tables[from->origin_index];
        else
            *instance->tables[i] = (struct reference_table){ .size = from->min, .max = from->max };
    }
}

static void globals_init(struct reference *reference, struct reference_instance *instance,
                         u32 index)
{
    const struct fuzz_module *module = instance->module;
    for (u32 i = 0; i < module->global_count; i++) {
        const struct fuzz_global *from = &module->globals[i];
        instance->globals[i] = &instance->own_globals[i];
        if (from->origin != FUZZ_OWN)
            instance->globals[i] = reference->instances[0].globals[from->origin_index];
        else if (from->type == TYPE_FUNCREF && from->value != 0)
            *instance->globals[i] =
                reference_function_number(instance, index, (u32)from->value - 1);
        else
            *instance->globals[i] = from->value;
    }
}

static u64 entry_number(const struct reference_instance *instance, u32 index,
                        const struct fuzz_elements *segment, u64 entry)
{
    u32 function = segment->functions[entry];
    return function == FUZZ_NONE ? 0 : reference_function_number(instance, index, function);
}

static void segments_init(struct reference_instance *instance, u32 index)
{
    const struct fuzz_module *module = instance->module;
    for (u32 i = 0; i < module->elements_count; i++) {
        const struct fuzz_elements *segment = &module->elements[i];
        instance->dropped_elements[i] = segment->mode != FUZZ_PASSIVE;
        for (u32 k = 0; k < segment->count && segment->mode == FUZZ_ACTIVE; k++)
            instance->tables[segment->table]->elements[segment->offset + k] =
                entry_number(instance, index, segment, k);
    }
    for (u32 i = 0; i < module->data_count; i++) {
        const struct fuzz_data *segment = &module->data[i];
        instance->dropped_data[i] = segment->mode != FUZZ_PASSIVE;
        if (segment->mode == FUZZ_ACTIVE)
            memcpy(instance->memories[segment->memory]->data + segment->offset, segment->bytes,
                   segment->size);
    }
}

void reference_state_init(struct reference *reference)
{
    for (u32 i = 0; i < reference->world.program->module_count; i++) {
        struct reference_instance *instance = &reference->instances[i];
        instance->module = &reference->world.program->modules[i];
        memories_init(reference, instance);
        tables_init(reference, instance);
        globals_init(reference, instance, i);
        segments_init(instance, i);
    }
}

void reference_state_free(struct reference *reference)
{
    for (u32 i = 0; i < FUZZ_MODULES_MAX; i++) {
        for (u32 k = 0; k < FUZZ_MEMORIES_MAX; k++)
            free(reference->instances[i].own_memories[k].data);
        free(reference->instances[i].ends);
        free(reference->instances[i].elses);
        free(reference->instances[i].seen);
    }
}

/* ---- End ---- */

void reference_state_outcome(const struct reference *reference, struct fuzz_outcome *outcome)
{
    for (u32 i = 0; i < reference->world.program->module_count; i++) {
        const struct reference_instance *instance = &reference->instances[i];
        const struct fuzz_module *module = instance->module;
        for (u32 k = 0; k < module->global_count; k++)
            outcome->globals[i][k] =
                fuzz_canonical(*instance->globals[k], module->globals[k].type);
        for (u32 k = 0; k < module->memory_count; k++) {
            u64 size = instance->memories[k]->pages * FUZZ_PAGE;
            outcome->memory_sizes[i][k] = size;
            outcome->memories[i][k] = fuzz_hash(0, instance->memories[k]->data, size);
        }
        for (u32 k = 0; k < module->table_count; k++) {
            const struct reference_table *table = instance->tables[k];
            outcome->table_sizes[i][k] = table->size;
            memcpy(outcome->tables[i][k], table->elements, table->size * sizeof(u64));
        }
    }
}

/* ---- Memories ---- */

static u8 *reach(struct reference_frame *frame, u32 memory, u64 address, u64 size)
{
    const struct reference_memory *of = frame->instance->memories[memory];
    if (address + size > of->pages * FUZZ_PAGE) {
        reference_trap(frame, TRAP_MEMORY_OUT_OF_BOUNDS);
        return NULL;
    }
    return of->data + address;
}

/* Bytes that each access moves, negative if the sign is extended; in the order of opcodes. */
static const i8 access_sizes[] = { 4, 8,  4, 8, -1, 1, -2, 2, -1, 1, -2, 2,
                                   -4, 4, 4, 8, 4,  8, 1,  2, 1,  2, 4 };

/* Reads the immediate; gives the memory, and the offset by `offset`. */
static u32 access(struct reference_frame *frame, u64 *offset)
{
    enum { HAS_MEMORY = 0x40 };
    u32 memory = (reference_leb(frame) & HAS_MEMORY) != 0 ? reference_leb(frame) : 0;
    *offset = reference_leb(frame);
    return memory;
}

void reference_load(struct reference_frame *frame, u32 opcode)
{
    i32 size = access_sizes[opcode - OPCODE_I32_LOAD];
    u32 width = (u32)(size < 0 ? -size : size);
    u64 offset;
    u64 value = 0;
    u32 memory = access(frame, &offset);
    const u8 *at = reach(frame, memory, reference_pop(frame) + offset, width);
    if (at != NULL)
        memcpy(&value, at, width);
    if (size < 0)
        value = (u64)((i64)(value << (64 - 8 * width)) >> (64 - 8 * width));
    bool is_narrow = opcode_infos[opcode].signature == SIGNATURE_i_i;
    reference_push(frame, is_narrow ? (u32)value : value);
}

void reference_store(struct reference_frame *frame, u32 opcode)
{
    u32 width = (u32)access_sizes[opcode - OPCODE_I32_LOAD];
    u64 offset;
    u32 memory = access(frame, &offset);
    u64 value = reference_pop(frame);
    u8 *at = reach(frame, memory, reference_pop(frame) + offset, width);
    if (at != NULL)
        memcpy(at, &value, width);
}

u64 reference_memory_grow(struct reference *reference, struct reference_memory *memory, u64 pages)
{
    u64 before = memory->pages;
    u64 max = memory->max == FUZZ_NONE ? 1 << 16 : memory->max;
    if (before + pages > max || reference->world.pages + pages > FUZZ_PAGES_MAX)
        return UINT32_MAX;
    reference->world.pages += (u32)pages;
    memory->pages += pages;
    return before;
}

static void memory_fill(struct reference_frame *frame, u64 to, u64 value, u64 count)
{
    u8 *at = reach(frame, reference_leb(frame), to, count);
    if (at != NULL)
        memset(at, (u8)value, count);
}

static void memory_copy(struct reference_frame *frame, u64 to, u64 from, u64 count)
{
    u8 *at = reach(frame, reference_leb(frame), to, count);
    u32 source = reference_leb(frame);
    const u8 *bytes = at == NULL ? NULL : reach(frame, source, from, count);
    if (bytes != NULL)
        memmove(at, bytes, count);
}

static void memory_init(struct reference_frame *frame, u64 to, u64 from, u64 count)
{
    u32 segment = reference_leb(frame);
    const struct fuzz_data *data = &frame->instance->module->data[segment];
    u64 size = frame->instance->dropped_data[segment] ? 0 : data->size;
    u8 *at = reach(frame, reference_leb(frame), to, count);
    if (at != NULL && from + count > size)
        reference_trap(frame, TRAP_MEMORY_OUT_OF_BOUNDS);
    else if (at != NULL)
        memcpy(at, data->bytes + from, count);
}

/* ---- Tables ---- */

static u64 *table_reach(struct reference_frame *frame, u32 table, u64 index, u64 count)
{
    struct reference_table *of = frame->instance->tables[table];
    if (index + count > of->size) {
        reference_trap(frame, TRAP_TABLE_OUT_OF_BOUNDS);
        return NULL;
    }
    return of->elements + index;
}

static void table_fill(struct reference_frame *frame, u64 index, u64 value, u64 count)
{
    u64 *at = table_reach(frame, reference_leb(frame), index, count);
    for (u64 i = 0; i < count && at != NULL; i++)
        at[i] = value;
}

static void table_copy(struct reference_frame *frame, u64 to, u64 from, u64 count)
{
    u64 *at = table_reach(frame, reference_leb(frame), to, count);
    u32 source = reference_leb(frame);
    const u64 *elements = at == NULL ? NULL : table_reach(frame, source, from, count);
    if (elements != NULL)
        memmove(at, elements, count * sizeof(u64));
}

static void table_init(struct reference_frame *frame, u64 to, u64 from, u64 count)
{
    u32 index = reference_leb(frame);
    const struct fuzz_elements *segment = &frame->instance->module->elements[index];
    u64 size = frame->instance->dropped_elements[index] ? 0 : segment->count;
    u64 *at = table_reach(frame, reference_leb(frame), to, count);
    if (at != NULL && from + count > size)
        reference_trap(frame, TRAP_TABLE_OUT_OF_BOUNDS);
    for (u64 i = 0; i < count && at != NULL && from + count <= size; i++)
        at[i] = entry_number(frame->instance, frame->module, segment, from + i);
}

static void table_grow(struct reference_frame *frame)
{
    struct reference_table *table = frame->instance->tables[reference_leb(frame)];
    u64 count = reference_pop(frame);
    u64 value = reference_pop(frame);
    bool fits = table->size + count <= table->max;
    reference_push(frame, fits ? table->size : UINT32_MAX);
    for (u64 i = 0; i < count && fits; i++)
        table->elements[table->size++] = value;
}

static void table_get(struct reference_frame *frame)
{
    u32 table = reference_leb(frame);
    const u64 *at = table_reach(frame, table, reference_pop(frame), 1);
    reference_push(frame, at == NULL ? 0 : *at);
}

static void table_set(struct reference_frame *frame)
{
    u64 value = reference_pop(frame);
    u32 table = reference_leb(frame);
    u64 *at = table_reach(frame, table, reference_pop(frame), 1);
    if (at != NULL)
        *at = value;
}

/* ---- Which ---- */

typedef void three(struct reference_frame *frame, u64 first, u64 second, u64 third);

static void three_operands(struct reference_frame *frame, three *function)
{
    u64 third = reference_pop(frame);
    u64 second = reference_pop(frame);
    function(frame, reference_pop(frame), second, third);
}

static void memory_grow(struct reference_frame *frame)
{
    struct reference_memory *memory = frame->instance->memories[reference_leb(frame)];
    u64 pages = reference_pop(frame);
    reference_push(frame, reference_memory_grow(frame->reference, memory, pages));
}

void reference_bulk(struct reference_frame *frame, u32 opcode)
{
    static three *const threes[OPCODE_COUNT] = {
        [OPCODE_MEMORY_FILL] = memory_fill, [OPCODE_MEMORY_COPY] = memory_copy,
        [OPCODE_MEMORY_INIT] = memory_init, [OPCODE_TABLE_FILL] = table_fill,
        [OPCODE_TABLE_COPY] = table_copy,   [OPCODE_TABLE_INIT] = table_init,
    };
    if (threes[opcode] != NULL)
        three_operands(frame, threes[opcode]);
    else if (opcode == OPCODE_MEMORY_SIZE)
        reference_push(frame, frame->instance->memories[reference_leb(frame)]->pages);
    else if (opcode == OPCODE_MEMORY_GROW)
        memory_grow(frame);
    else if (opcode == OPCODE_TABLE_SIZE)
        reference_push(frame, frame->instance->tables[reference_leb(frame)]->size);
    else if (opcode == OPCODE_TABLE_GROW)
        table_grow(frame);
    else if (opcode == OPCODE_TABLE_GET)
        table_get(frame);
    else if (opcode == OPCODE_TABLE_SET)
        table_set(frame);
    else if (opcode == OPCODE_DATA_DROP)
        frame->instance->dropped_data[reference_leb(frame)] = true;
    else
        frame->instance->dropped_elements[reference_leb(frame)] = true;
}
