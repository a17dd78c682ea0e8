#include "programs/fs/root/blocks.h"

#include "lib/memory.h"

/* ---- Blocks ---------------------------------------------------------------------------------- */

static bool grow(struct blocks *blocks)
{
    if (blocks->chunk_count == CHUNKS_MAX)
        return false;
    uint8_t *chunk = blocks->take((size_t)BLOCKS_OF_CHUNK * BLOCK_BYTES);
    if (chunk == NULL)
        return false;
    blocks->chunks[blocks->chunk_count] = chunk;
    uint32_t first = blocks->chunk_count++ * BLOCKS_OF_CHUNK;
    for (uint32_t i = BLOCKS_OF_CHUNK; i-- > 0;) {
        if (first + i == 0)
            continue; /* 0 names nothing */
        memcpy(blocks_at(blocks, first + i), &blocks->first_free, sizeof(blocks->first_free));
        blocks->first_free = first + i;
    }
    return true;
}

uint32_t blocks_take(struct blocks *blocks)
{
    if (blocks->used >= blocks->limit || (blocks->first_free == 0 && !grow(blocks)))
        return 0;
    uint32_t number = blocks->first_free;
    uint8_t *block = blocks_at(blocks, number);
    memcpy(&blocks->first_free, block, sizeof(blocks->first_free));
    memset(block, 0, BLOCK_BYTES);
    blocks->used++;
    return number;
}

void blocks_give(struct blocks *blocks, uint32_t number)
{
    memcpy(blocks_at(blocks, number), &blocks->first_free, sizeof(blocks->first_free));
    blocks->first_free = number;
    blocks->used--;
}

/* ---- Records --------------------------------------------------------------------------------- */

/* What a block of records begins with. Its open ones are in a list both ways; free records in one
 * by their index and 1, in their first two bytes. */
struct head {
    uint32_t next, previous;
    uint16_t used;
    uint16_t fresh; /* records from here on were never used */
    uint16_t free;
    uint16_t padding;
};

enum { INDEX_BITS = 8 }; /* of a record's number; the rest is its block */

static struct head *head_of(const struct records *records, uint32_t block)
{
    return blocks_at(records->blocks, block);
}

static uint32_t capacity_of(const struct records *records)
{
    return (BLOCK_BYTES - (uint32_t)sizeof(struct head)) / records->size;
}

static uint8_t *record_in(const struct records *records, uint32_t block, uint32_t index)
{
    return (uint8_t *)head_of(records, block) + sizeof(struct head) + index * records->size;
}

static void open_block(struct records *records, uint32_t block)
{
    struct head *head = head_of(records, block);
    head->next = records->first_open;
    head->previous = 0;
    if (head->next != 0)
        head_of(records, head->next)->previous = block;
    records->first_open = block;
}

static void close_block(struct records *records, uint32_t block)
{
    const struct head *head = head_of(records, block);
    if (head->next != 0)
        head_of(records, head->next)->previous = head->previous;
    if (head->previous != 0)
        head_of(records, head->previous)->next = head->next;
    else
        records->first_open = head->next;
}

uint32_t records_take(struct records *records)
{
    if (records->first_open == 0) {
        uint32_t fresh = blocks_take(records->blocks);
        if (fresh == 0)
            return 0;
        open_block(records, fresh);
    }
    uint32_t block = records->first_open;
    struct head *head = head_of(records, block);
    uint32_t index;
    if (head->free != 0) {
        index = head->free - 1u;
        memcpy(&head->free, record_in(records, block, index), sizeof(head->free));
    } else {
        index = head->fresh++;
    }
    if (++head->used == capacity_of(records))
        close_block(records, block);
    memset(record_in(records, block, index), 0, records->size);
    return block << INDEX_BITS | index;
}

void records_give(struct records *records, uint32_t number)
{
    uint32_t block = number >> INDEX_BITS;
    uint32_t index = number & ((1u << INDEX_BITS) - 1);
    struct head *head = head_of(records, block);
    if (head->used == capacity_of(records))
        open_block(records, block);
    if (--head->used == 0) {
        close_block(records, block);
        blocks_give(records->blocks, block);
        return;
    }
    memcpy(record_in(records, block, index), &head->free, sizeof(head->free));
    head->free = (uint16_t)(index + 1);
}

void *records_at(const struct records *records, uint32_t number)
{
    return record_in(records, number >> INDEX_BITS, number & ((1u << INDEX_BITS) - 1));
}
