/* Parts that ask the runtime (memory.c, table.c). Operands are in the slots from `a` on, results
 * go there; `immediate` or the second operand word says of which memory, table or segment. */
#ifndef ENGINE_PART_SLOW_H
#define ENGINE_PART_SLOW_H

#include "engine/bulk.h"
#include "engine/part.h"

enum { PAGE_BITS = 16 };

PART struct memory *slow_memory(const struct registers *r, u32 index)
{
    return r->execution->instance->memories[index];
}

PART struct table *slow_table(const struct registers *r, u32 index)
{
    return r->execution->instance->tables[index];
}

/* The instruction whose operands are at `w`, and what it names. */
PART struct bulk slow_bulk(const union word *w, const struct registers *r, u32 first, u32 second)
{
    return (struct bulk){ r->execution, w - 1, r->fp, &r->fp[w->constant.a], first, second };
}

PART enum trap part_memory_size(const union word *w, struct registers *r)
{
    keep_u64(r, w->constant.a, slow_memory(r, constant_u32(w))->size_bytes >> PAGE_BITS);
    return TRAP_NONE;
}

PART enum trap part_memory_grow(const union word *w, struct registers *r)
{
    u64 *slots = &r->fp[w->constant.a];
    slots[0] = (u32)memory_grow(slow_memory(r, constant_u32(w)), slots[0]);
    return TRAP_NONE;
}

PART enum trap part_memory_fill(const union word *w, struct registers *r)
{
    const struct bulk bulk = slow_bulk(w, r, constant_u32(w), 0);
    return bulk_memory_fill(&bulk);
}

PART enum trap part_memory_copy(const union word *w, struct registers *r)
{
    const struct bulk bulk = slow_bulk(w, r, w[1].indices.first, w[1].indices.second);
    return bulk_memory_copy(&bulk);
}

PART enum trap part_memory_init(const union word *w, struct registers *r)
{
    const struct bulk bulk = slow_bulk(w, r, w[1].indices.first, w[1].indices.second);
    return bulk_memory_init(&bulk);
}

PART enum trap part_data_drop(const union word *w, struct registers *r)
{
    data_drop(r->execution->instance, constant_u32(w));
    return TRAP_NONE;
}

PART enum trap part_table_get(const union word *w, struct registers *r)
{
    u64 *slots = &r->fp[w->constant.a];
    return table_get(slow_table(r, constant_u32(w)), slots[0], &slots[0]);
}

PART enum trap part_table_set(const union word *w, struct registers *r)
{
    const u64 *slots = &r->fp[w->constant.a];
    return table_set(slow_table(r, constant_u32(w)), slots[0], slots[1]);
}

PART enum trap part_table_size(const union word *w, struct registers *r)
{
    keep_u64(r, w->constant.a, slow_table(r, constant_u32(w))->size);
    return TRAP_NONE;
}

PART enum trap part_table_grow(const union word *w, struct registers *r)
{
    u64 *slots = &r->fp[w->constant.a];
    slots[0] = (u32)table_grow(slow_table(r, constant_u32(w)), slots[0], slots[1]);
    return TRAP_NONE;
}

PART enum trap part_table_fill(const union word *w, struct registers *r)
{
    const struct bulk bulk = slow_bulk(w, r, constant_u32(w), 0);
    return bulk_table_fill(&bulk);
}

PART enum trap part_table_copy(const union word *w, struct registers *r)
{
    const struct bulk bulk = slow_bulk(w, r, w[1].indices.first, w[1].indices.second);
    return bulk_table_copy(&bulk);
}

PART enum trap part_table_init(const union word *w, struct registers *r)
{
    const struct bulk bulk = slow_bulk(w, r, w[1].indices.first, w[1].indices.second);
    return bulk_table_init(&bulk);
}

PART enum trap part_element_drop(const union word *w, struct registers *r)
{
    element_drop(r->execution->instance, constant_u32(w));
    return TRAP_NONE;
}

PART enum trap part_function_reference(const union word *w, struct registers *r)
{
    const struct instance *instance = r->execution->instance;
    keep_u64(r, w->constant.a, (u64)(uintptr_t)instance->functions[w->constant.immediate]);
    return TRAP_NONE;
}

#endif
