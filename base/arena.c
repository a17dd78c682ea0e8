#include "base/base.h"

struct arena_chunk {
    struct arena_chunk *older;
    usize size; /* of the whole chunk, this header included */
};

enum {
    ARENA_ALIGNMENT = 16,
    ARENA_CHUNK_FIRST = 4096 - 64,
    ARENA_CHUNK_LARGEST = 1 << 20, /* chunks double until here, so their number stays small */
};

void arena_init(struct arena *arena, const struct source *source, usize limit_bytes)
{
    *arena = (struct arena){ .source = source, .limit_bytes = limit_bytes };
}

void arena_deinit(struct arena *arena)
{
    for (struct arena_chunk *chunk = arena->chunk; chunk != NULL;) {
        struct arena_chunk *older = chunk->older;
        arena->source->give(arena->source->context, chunk, chunk->size);
        chunk = older;
    }
    arena_init(arena, arena->source, arena->limit_bytes);
}

static bool arena_grow(struct arena *arena, usize need)
{
    usize size = arena->chunk == NULL ? ARENA_CHUNK_FIRST : 2 * arena->chunk->size;
    if (size > ARENA_CHUNK_LARGEST)
        size = ARENA_CHUNK_LARGEST;
    if (size < need + sizeof(struct arena_chunk))
        size = need + sizeof(struct arena_chunk);
    if (arena->limit_bytes != 0 && size > arena->limit_bytes - arena->taken_bytes)
        return false;
    struct arena_chunk *chunk = arena->source->take(arena->source->context, size);
    if (chunk == NULL)
        return false;
    *chunk = (struct arena_chunk){ arena->chunk, size };
    arena->chunk = chunk;
    arena->taken_bytes += size;
    arena->at = (u8 *)chunk + sizeof(*chunk);
    arena->end = (u8 *)chunk + size;
    return true;
}

void *arena_take(struct arena *arena, usize count, usize item_size)
{
    usize size;
    if (__builtin_mul_overflow(count, item_size, &size) || size > SIZE_MAX / 4)
        return NULL;
    size = (usize)u64_align_up(size, ARENA_ALIGNMENT);
    if (size == 0)
        size = ARENA_ALIGNMENT;
    if ((usize)(arena->end - arena->at) < size && !arena_grow(arena, size))
        return NULL;
    void *piece = arena->at;
    arena->at += size;
    return piece;
}

struct bytes arena_copy(struct arena *arena, struct bytes bytes)
{
    u8 *copy = arena_take(arena, bytes.size, 1);
    if (copy == NULL)
        return (struct bytes){ 0 };
    if (bytes.size != 0)
        __builtin_memcpy(copy, bytes.data, bytes.size);
    return (struct bytes){ copy, bytes.size };
}
