#include "engine/instance.h"
#include "engine/lock.h"
#include "engine/types.h"

/* 4 GiB that an index reaches, 4 GiB that an offset adds, and a page for the access itself. */
static const u64 RESERVED_BYTES = ((u64)8 << 30) + PAGE_BYTES;

static u64 memory_size(const struct memory *memory)
{
    return __atomic_load_n(&memory->size_bytes, __ATOMIC_ACQUIRE);
}

u64 memory_pages(const struct memory *memory)
{
    return memory_size(memory) / PAGE_BYTES;
}

bool growth_allow(const struct instance *instance, u64 pages_before, u64 pages_after)
{
    return instance->grow == NULL ||
           instance->grow(instance->grow_context, pages_before, pages_after);
}

void growth_take_back(const struct instance *instance, u64 pages_before, u64 pages_after)
{
    if (instance->grow != NULL && pages_before != pages_after)
        (void)instance->grow(instance->grow_context, pages_after, pages_before);
}

/* Under the lock, with room below the maximum. */
static bool memory_commit(struct memory *memory, u64 pages)
{
    const struct engine_place *place = memory->owner->engine->place;
    u64 before = memory->size_bytes / PAGE_BYTES;
    if (pages == 0)
        return true;
    if (!growth_allow(memory->owner, before, before + pages))
        return false;
    u8 *end = memory->base + memory->size_bytes;
    if (!place->commit(place->context, end, pages * PAGE_BYTES)) {
        growth_take_back(memory->owner, before, before + pages);
        return false;
    }
    __atomic_store_n(&memory->size_bytes, (before + pages) * PAGE_BYTES, __ATOMIC_RELEASE);
    return true;
}

i64 memory_grow(struct memory *memory, u64 pages)
{
    lock_take(&memory->lock);
    u64 before = memory->size_bytes / PAGE_BYTES;
    bool grown = pages <= memory->max_pages - before && memory_commit(memory, pages);
    lock_give(&memory->lock);
    return grown ? (i64)before : -1;
}

enum status memory_create(struct instance *instance, const struct limits *limits,
                          struct memory *memory, struct engine_error *error)
{
    const struct engine_place *place = instance->engine->place;
    *memory = (struct memory){
        .max_pages = limits->max,
        .declared_max_pages = limits->max,
        .has_max = limits->has_max,
        .owner = instance,
        .reserved_bytes = RESERVED_BYTES,
    };
    error->message = "no address space for a memory";
    memory->base = place->reserve(place->context, memory->reserved_bytes);
    if (memory->base == NULL)
        return STATUS_NO_MEMORY;
    error->message = "no room for the first pages of a memory";
    return memory_commit(memory, limits->min) ? STATUS_OK : STATUS_NO_MEMORY;
}

void memory_destroy(const struct engine *engine, struct memory *memory)
{
    engine->place->release(engine->place->context, memory->base, memory->reserved_bytes);
}

static bool inside(u64 at, u64 count, u64 size)
{
    return count <= size && at <= size - count;
}

enum trap memory_fill(struct memory *memory, u64 to, u8 value, u64 count)
{
    if (!inside(to, count, memory_size(memory)))
        return TRAP_MEMORY_OUT_OF_BOUNDS;
    __builtin_memset(memory->base + to, value, count);
    return TRAP_NONE;
}

enum trap memory_copy(struct memory *to, struct memory *from, const u64 to_from_count[3])
{
    u64 count = to_from_count[2];
    if (!inside(to_from_count[0], count, memory_size(to)) ||
        !inside(to_from_count[1], count, memory_size(from)))
        return TRAP_MEMORY_OUT_OF_BOUNDS;
    __builtin_memmove(to->base + to_from_count[0], from->base + to_from_count[1], count);
    return TRAP_NONE;
}

enum trap memory_init(struct instance *instance, u32 memory, u32 segment,
                      const u64 to_from_count[3])
{
    struct memory *to = instance->memories[memory];
    struct bytes bytes = instance->module->data[segment].bytes;
    u64 count = to_from_count[2];
    if (__atomic_load_n(&instance->dropped_data[segment], __ATOMIC_RELAXED) != 0)
        bytes.size = 0;
    if (!inside(to_from_count[0], count, memory_size(to)) ||
        !inside(to_from_count[1], count, bytes.size))
        return TRAP_MEMORY_OUT_OF_BOUNDS;
    if (count != 0)
        __builtin_memcpy(to->base + to_from_count[0], bytes.data + to_from_count[1], count);
    return TRAP_NONE;
}

void data_drop(struct instance *instance, u32 segment)
{
    __atomic_store_n(&instance->dropped_data[segment], 1, __ATOMIC_RELAXED);
}
