/* Memory with one lifetime: taken piece by piece, given back all at once.
 *
 * An arena takes whole chunks from a `source`, so whoever owns the source decides where memory
 * comes from and how much there may be. Not for two threads at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/types.h"

/* Where chunks come from. `take` gives zeroed bytes, aligned to 16, or NULL. `shrink` gives a chunk's end
 * back, from byte `less` on, and where the chunk is then; or NULL, and nothing has changed. */
struct source {
    void *(*take)(void *context, usize size);
    void (*give)(void *context, void *chunk, usize size);
    void *context;
    void *(*shrink)(void *context, void *chunk, usize size, usize less); /* NULL: it never can */
};

struct arena_chunk;

struct arena {
    const struct source *source;
    struct arena_chunk *chunk; /* newest; older ones follow */
    u8 *at;                    /* next free byte of the newest */
    u8 *end;
    usize taken_bytes; /* from the source, all chunks together */
    usize limit_bytes; /* `taken_bytes` never goes above; 0: no limit */
};

void arena_init(struct arena *arena, const struct source *source, usize limit_bytes);
/* Gives every chunk back; the arena is empty and usable again. */
void arena_deinit(struct arena *arena);

/* Zeroed memory for `count` items of `item_size` bytes, aligned to 16; NULL when the source or the
 * limit has no more (nothing has changed then). A count of 0 gives a valid pointer. */
void *arena_take(struct arena *arena, usize count, usize item_size);
/* A copy of `bytes` in the arena; `.data` is NULL when there is no memory. */
struct bytes arena_copy(struct arena *arena, struct bytes bytes);

#endif
