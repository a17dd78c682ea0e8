#include "kernel/block.h"

#include "machine/machine.h"

static u64 taken_bytes;

void *block_take(usize size)
{
    void *block = machine_allocate(size);
    if (block != NULL)
        __atomic_fetch_add(&taken_bytes, size, __ATOMIC_RELAXED);
    return block;
}

void block_give(void *block, usize size)
{
    if (block == NULL)
        return;
    __atomic_fetch_sub(&taken_bytes, size, __ATOMIC_RELAXED);
    machine_free(block, size);
}

struct bytes block_copy(struct bytes bytes)
{
    if (bytes.size == 0)
        return (struct bytes){ 0 };
    u8 *copy = block_take(bytes.size);
    if (copy == NULL)
        return (struct bytes){ 0 };
    __builtin_memcpy(copy, bytes.data, bytes.size);
    return (struct bytes){ copy, bytes.size };
}

void block_give_bytes(struct bytes bytes)
{
    block_give((void *)(usize)bytes.data, bytes.size);
}

u64 block_taken_bytes(void)
{
    return __atomic_load_n(&taken_bytes, __ATOMIC_RELAXED);
}

static void *source_take(void *context, usize size)
{
    (void)context;
    return block_take(size);
}

static void source_give(void *context, void *chunk, usize size)
{
    (void)context;
    block_give(chunk, size);
}

static void *source_shrink(void *context, void *chunk, usize size, usize less)
{
    (void)context;
    void *now = machine_shrink(chunk, size, less);
    if (now != NULL)
        __atomic_fetch_sub(&taken_bytes, size - less, __ATOMIC_RELAXED);
    return now;
}

const struct source block_source = { source_take, source_give, NULL, source_shrink };
