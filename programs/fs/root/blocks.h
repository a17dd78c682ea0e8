/* Memory of a file system that lies in memory: blocks of 4 KiB, bounded in number, and small
 * records in them. All is named by numbers, which stay good as the memory grows; 0 names nothing.
 */
#ifndef PROGRAMS_FS_ROOT_BLOCKS_H
#define PROGRAMS_FS_ROOT_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BLOCK_BYTES = 4096,
    BLOCKS_OF_CHUNK = 16,
    CHUNKS_MAX = 1 << 14, /* 1 GiB */
};

struct blocks {
    void *(*take)(size_t size); /* more memory, for ever; NULL: there is none */
    uint32_t limit;             /* blocks in use at most */
    uint32_t used;
    uint32_t first_free;
    uint32_t chunk_count;
    uint8_t *chunks[CHUNKS_MAX];
};

/* A block of zeros; 0: the limit is reached, or there is no memory. */
uint32_t blocks_take(struct blocks *blocks);
void blocks_give(struct blocks *blocks, uint32_t number);

static inline void *blocks_at(const struct blocks *blocks, uint32_t number)
{
    return blocks->chunks[number / BLOCKS_OF_CHUNK] +
           (size_t)(number % BLOCKS_OF_CHUNK) * BLOCK_BYTES;
}

/* Records of one size, a multiple of 8. A block that has none left goes back. */
struct records {
    struct blocks *blocks;
    uint32_t size;
    uint32_t first_open; /* of the blocks with room */
};

/* A record of zeros; 0: no room. */
uint32_t records_take(struct records *records);
void records_give(struct records *records, uint32_t number);
void *records_at(const struct records *records, uint32_t number);

#endif
