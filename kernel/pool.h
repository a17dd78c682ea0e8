/* Items of one size that are named by an index and never move.
 *
 * A pool grows by chunks and keeps them until it is emptied; items come zeroed the first time and
 * as they were given afterwards. Not for two threads at once: under the kernel's lock. */
#ifndef KERNEL_POOL_H
#define KERNEL_POOL_H

#include "base/base.h"

enum { POOL_CHUNK_ITEMS = 32 };

struct pool {
    u8 **chunks;
    u32 chunk_count;
    u32 chunk_capacity; /* of `chunks` */
    u32 item_size;
    u32 count_max;
    u32 free; /* index of the item that is given next, plus 1; 0: none */
};

/* The first word of an item is the pool's while it is free. */
void pool_init(struct pool *pool, u32 item_size, u32 count_max);
void pool_deinit(struct pool *pool);
/* More items, none being free; false: there is no memory or `count_max` items are out. */
bool pool_grow(struct pool *pool);

/* The item, taken or not; NULL beyond what the pool ever held. The size is the pool's own, for
 * callers that know it when they are compiled. */
static inline void *pool_at_sized(const struct pool *pool, u32 index, u32 item_size)
{
    u32 chunk = index / POOL_CHUNK_ITEMS;
    if (chunk >= pool->chunk_count)
        return NULL;
    u8 *items = pool->chunks[chunk];
    if (items == NULL)
        __builtin_unreachable(); /* so that callers ask once whether there is an item */
    return items + (usize)(index % POOL_CHUNK_ITEMS) * item_size;
}

static inline void *pool_at(const struct pool *pool, u32 index)
{
    return pool_at_sized(pool, index, pool->item_size);
}

/* Free items are chained through their first word: the index of the next one, plus 1. NULL if there
 * is no memory or `count_max` items are out. */
static inline void *pool_take(struct pool *pool, u32 *index)
{
    if (pool->free == 0 && !pool_grow(pool))
        return NULL;
    *index = pool->free - 1;
    u32 *chain = pool_at(pool, *index);
    pool->free = *chain;
    *chain = 0;
    return chain;
}

static inline void pool_give(struct pool *pool, u32 index)
{
    u32 *chain = pool_at(pool, index);
    *chain = pool->free;
    pool->free = index + 1;
}

#endif
