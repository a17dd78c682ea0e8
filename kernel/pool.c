#include "kernel/pool.h"

#include "kernel/block.h"

void pool_init(struct pool *pool, u32 item_size, u32 count_max)
{
    *pool = (struct pool){ .item_size = item_size, .count_max = count_max };
}

void pool_deinit(struct pool *pool)
{
    for (u32 i = 0; i < pool->chunk_count; i++)
        block_give(pool->chunks[i], (usize)POOL_CHUNK_ITEMS * pool->item_size);
    block_give(pool->chunks, pool->chunk_capacity * sizeof(*pool->chunks));
    pool_init(pool, pool->item_size, pool->count_max);
}

static bool grow_directory(struct pool *pool)
{
    u32 capacity = pool->chunk_capacity == 0 ? 4 : 2 * pool->chunk_capacity;
    u8 **chunks = block_take(capacity * sizeof(*chunks));
    if (chunks == NULL)
        return false;
    if (pool->chunk_count != 0)
        __builtin_memcpy(chunks, pool->chunks, pool->chunk_count * sizeof(*chunks));
    block_give(pool->chunks, pool->chunk_capacity * sizeof(*chunks));
    pool->chunks = chunks;
    pool->chunk_capacity = capacity;
    return true;
}

bool pool_grow(struct pool *pool)
{
    u32 first = pool->chunk_count * POOL_CHUNK_ITEMS;
    if (first >= pool->count_max)
        return false;
    if (pool->chunk_count == pool->chunk_capacity && !grow_directory(pool))
        return false;
    u8 *chunk = block_take((usize)POOL_CHUNK_ITEMS * pool->item_size);
    if (chunk == NULL)
        return false;
    pool->chunks[pool->chunk_count++] = chunk;
    for (u32 i = POOL_CHUNK_ITEMS; i > 0; i--)
        if (first + i - 1 < pool->count_max)
            pool_give(pool, first + i - 1);
    return true;
}
