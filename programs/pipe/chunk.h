/* Memory for bodies and what else a pipe needs, in few sizes; what is given back is used again.
 *
 * A body is received into a chunk and stays there until it was read: an answer is the bytes with
 * its head written in front of them, so the room before the first byte is never less than that. */
#ifndef PROGRAMS_PIPE_CHUNK_H
#define PROGRAMS_PIPE_CHUNK_H

#include <stddef.h>
#include <stdint.h>

enum {
    CHUNK_MARGIN = 16,               /* room in front of a body for the head of an answer */
    CHUNK_USUAL = (64 << 10) + 2048, /* most writes of most programs, with the request's head */
    CHUNK_LARGEST = (1 << 20) + 2048,
};

struct chunk {
    struct chunk *next;
    uint32_t capacity;   /* of `bytes`, the margin included */
    uint32_t begin, end; /* of what is still to be read */
    uint8_t bytes[];
};

/* A chunk with room for a body of `size` bytes behind the margin; NULL: no memory. */
struct chunk *chunk_take(uint32_t size);
void chunk_give(struct chunk *chunk);

static inline uint32_t chunk_size(const struct chunk *chunk)
{
    return chunk->end - chunk->begin;
}

#endif
