#include "engine/bulk.h"

enum {
    SLICE_BYTES = 256 << 10,  /* well below a millisecond, page faults included */
    SLICE_ELEMENTS = 1 << 16, /* of a table: null is written as slowly as all else */
};

/* `count` items from `offset` on of what the instruction does. */
typedef enum trap bulk_slice(const struct bulk *bulk, u64 offset, u64 count);

/* A slice of nothing at the end finds out whether all of it is in bounds before any of it is done.
 * `backwards`: the last slice comes first, as overlapping ranges may need. */
static enum trap bulk_run(const struct bulk *bulk, bulk_slice *slice, u64 slice_max, bool backwards)
{
    u64 count = bulk->operands[2];
    if (count <= slice_max)
        return slice(bulk, 0, count);
    enum trap trap = slice(bulk, count, 0);
    for (u64 done = 0; trap == TRAP_NONE && done < count;) {
        u64 size = u64_min(slice_max, count - done);
        trap = slice(bulk, backwards ? count - done - size : done, size);
        done += size;
        if (trap == TRAP_NONE)
            trap = execution_poll(bulk->execution, bulk->pc, bulk->fp);
    }
    return trap;
}

static struct memory *memory_at(const struct bulk *bulk, u32 index)
{
    return bulk->execution->instance->memories[index];
}

static struct table *table_at(const struct bulk *bulk, u32 index)
{
    return bulk->execution->instance->tables[index];
}

static enum trap fill_memory(const struct bulk *bulk, u64 offset, u64 count)
{
    const u64 *operands = bulk->operands;
    return memory_fill(memory_at(bulk, bulk->first), operands[0] + offset, (u8)operands[1], count);
}

static enum trap copy_memory(const struct bulk *bulk, u64 offset, u64 count)
{
    const u64 range[3] = { bulk->operands[0] + offset, bulk->operands[1] + offset, count };
    return memory_copy(memory_at(bulk, bulk->first), memory_at(bulk, bulk->second), range);
}

static enum trap init_memory(const struct bulk *bulk, u64 offset, u64 count)
{
    const u64 range[3] = { bulk->operands[0] + offset, bulk->operands[1] + offset, count };
    return memory_init(bulk->execution->instance, bulk->first, bulk->second, range);
}

static enum trap fill_table(const struct bulk *bulk, u64 offset, u64 count)
{
    const u64 *operands = bulk->operands;
    return table_fill(table_at(bulk, bulk->first), operands[0] + offset, operands[1], count);
}

static enum trap copy_table(const struct bulk *bulk, u64 offset, u64 count)
{
    const u64 range[3] = { bulk->operands[0] + offset, bulk->operands[1] + offset, count };
    return table_copy(table_at(bulk, bulk->first), table_at(bulk, bulk->second), range);
}

static enum trap init_table(const struct bulk *bulk, u64 offset, u64 count)
{
    const u64 range[3] = { bulk->operands[0] + offset, bulk->operands[1] + offset, count };
    return table_init(bulk->execution->instance, bulk->first, bulk->second, range);
}

enum trap bulk_memory_fill(const struct bulk *bulk)
{
    return bulk_run(bulk, fill_memory, SLICE_BYTES, false);
}

enum trap bulk_memory_copy(const struct bulk *bulk)
{
    return bulk_run(bulk, copy_memory, SLICE_BYTES, bulk->operands[0] > bulk->operands[1]);
}

enum trap bulk_memory_init(const struct bulk *bulk)
{
    return bulk_run(bulk, init_memory, SLICE_BYTES, false);
}

enum trap bulk_table_fill(const struct bulk *bulk)
{
    return bulk_run(bulk, fill_table, SLICE_ELEMENTS, false);
}

enum trap bulk_table_copy(const struct bulk *bulk)
{
    return bulk_run(bulk, copy_table, SLICE_ELEMENTS, bulk->operands[0] > bulk->operands[1]);
}

enum trap bulk_table_init(const struct bulk *bulk)
{
    return bulk_run(bulk, init_table, SLICE_ELEMENTS, false);
}
