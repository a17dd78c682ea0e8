#include "engine/const_expression.h"
#include "engine/instance.h"
#include "engine/limits.h"
#include "engine/lock.h"
#include "engine/types.h"

/* Tables that never get larger are part of their instance: most programs have one such, and 64 KiB
 * of it would be most of what a small process takes. */
enum { SMALL_TABLE_ELEMENTS = 1024 };

static u64 table_size(const struct table *table)
{
    return __atomic_load_n(&table->size, __ATOMIC_ACQUIRE);
}

static u64 element_read(const struct table *table, u64 index)
{
    return __atomic_load_n(&table->elements[index], __ATOMIC_RELAXED);
}

static void element_write(struct table *table, u64 index, u64 value)
{
    __atomic_store_n(&table->elements[index], value, __ATOMIC_RELAXED);
}

/* Pages that `size` elements of this table take. */
static u64 pages_for(const struct table *table, u64 size)
{
    return table->reserved_bytes == 0 ? 0 : (size * sizeof(u64) + PAGE_BYTES - 1) / PAGE_BYTES;
}

u64 table_pages(const struct table *table)
{
    return pages_for(table, table_size(table));
}

static bool table_commit(struct table *table, u64 size)
{
    const struct engine_place *place = table->owner->engine->place;
    u64 before = pages_for(table, table->size);
    u64 after = pages_for(table, size);
    if (before == after)
        return true;
    if (!growth_allow(table->owner, before, after))
        return false;
    u8 *end = (u8 *)table->elements + before * PAGE_BYTES;
    if (place->commit(place->context, end, (after - before) * PAGE_BYTES))
        return true;
    growth_take_back(table->owner, before, after);
    return false;
}

i64 table_grow(struct table *table, u64 value, u64 count)
{
    lock_take(&table->lock);
    u64 before = table->size;
    bool grown = count <= table->max - before && table_commit(table, before + count);
    if (grown) {
        for (u64 i = before; i < before + count; i++)
            element_write(table, i, value);
        __atomic_store_n(&table->size, before + count, __ATOMIC_RELEASE);
    }
    lock_give(&table->lock);
    return grown ? (i64)before : -1;
}

static u64 table_capacity(const struct table_type *type)
{
    return u64_min(type->limits.max, LIMIT_TABLE_ELEMENTS);
}

u64 table_small_count(const struct table_type *type)
{
    u64 capacity = table_capacity(type);
    return capacity <= SMALL_TABLE_ELEMENTS ? capacity : 0;
}

static u64 *table_reserve(const struct instance *instance, struct table *table)
{
    const struct engine_place *place = instance->engine->place;
    table->reserved_bytes = u64_align_up(table->max * sizeof(u64), PAGE_BYTES);
    return place->reserve(place->context, table->reserved_bytes);
}

enum status table_create(struct instance *instance, const struct table_type *type,
                         struct table *table, u64 *room, struct engine_error *error)
{
    *table = (struct table){
        .max = table_capacity(type),
        .declared_max = type->limits.max,
        .type = type->element,
        .has_max = type->limits.has_max,
        .owner = instance,
    };
    error->message = "table larger than 10,000,000 elements";
    if (type->limits.min > table->max)
        return STATUS_LIMIT;
    error->message = "no address space for a table";
    bool is_small = table->max <= SMALL_TABLE_ELEMENTS;
    table->elements = is_small ? room : table_reserve(instance, table);
    if (table->elements == NULL)
        return STATUS_NO_MEMORY;
    error->message = "no room for the first elements of a table";
    if (!table_commit(table, type->limits.min))
        return STATUS_NO_MEMORY;
    table->size = type->limits.min;
    return STATUS_OK;
}

void table_destroy(const struct engine *engine, struct table *table)
{
    if (table->reserved_bytes != 0)
        engine->place->release(engine->place->context, table->elements, table->reserved_bytes);
}

enum trap table_get(const struct table *table, u64 index, u64 *value)
{
    if (index >= table_size(table))
        return TRAP_TABLE_OUT_OF_BOUNDS;
    *value = element_read(table, index);
    return TRAP_NONE;
}

enum trap table_set(struct table *table, u64 index, u64 value)
{
    if (index >= table_size(table))
        return TRAP_TABLE_OUT_OF_BOUNDS;
    element_write(table, index, value);
    return TRAP_NONE;
}

static bool inside(u64 at, u64 count, u64 size)
{
    return count <= size && at <= size - count;
}

enum trap table_fill(struct table *table, u64 index, u64 value, u64 count)
{
    if (!inside(index, count, table_size(table)))
        return TRAP_TABLE_OUT_OF_BOUNDS;
    for (u64 i = index; i < index + count; i++)
        element_write(table, i, value);
    return TRAP_NONE;
}

enum trap table_copy(struct table *to, const struct table *from, const u64 to_from_count[3])
{
    u64 at = to_from_count[0];
    u64 source = to_from_count[1];
    u64 count = to_from_count[2];
    if (!inside(at, count, table_size(to)) || !inside(source, count, table_size(from)))
        return TRAP_TABLE_OUT_OF_BOUNDS;
    if (at <= source)
        for (u64 i = 0; i < count; i++)
            element_write(to, at + i, element_read(from, source + i));
    else
        for (u64 i = count; i-- > 0;)
            element_write(to, at + i, element_read(from, source + i));
    return TRAP_NONE;
}

static u64 segment_element(const struct instance *instance, const struct element_segment *segment,
                           u64 index)
{
    if (segment->expressions != NULL)
        return const_expression_evaluate(instance, &segment->expressions[index]);
    return (u64)(uintptr_t)instance->functions[segment->functions[index]];
}

enum trap table_init(struct instance *instance, u32 table, u32 segment,
                     const u64 to_from_count[3])
{
    struct table *to = instance->tables[table];
    const struct element_segment *from = &instance->module->elements[segment];
    bool dropped = __atomic_load_n(&instance->dropped_elements[segment], __ATOMIC_RELAXED) != 0;
    u64 count = to_from_count[2];
    if (!inside(to_from_count[0], count, table_size(to)) ||
        !inside(to_from_count[1], count, dropped ? 0 : from->count))
        return TRAP_TABLE_OUT_OF_BOUNDS;
    for (u64 i = 0; i < count; i++)
        element_write(to, to_from_count[0] + i,
                      segment_element(instance, from, to_from_count[1] + i));
    return TRAP_NONE;
}

void element_drop(struct instance *instance, u32 segment)
{
    __atomic_store_n(&instance->dropped_elements[segment], 1, __ATOMIC_RELAXED);
}
