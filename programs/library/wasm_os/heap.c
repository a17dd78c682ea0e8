/* malloc, free, ptrsize.
 *
 * The heap is whole pages that the program's memory grows by, so nothing in it is ever the
 * program's data or stack. What is where is known here alone, in the library's memory: a program
 * that writes beyond its blocks breaks its own data only.
 *
 * Blocks lie side by side in the program's memory and know their neighbours. Used ones are found by
 * their address in a hash table, free ones by their size in lists of powers of two; a block that is
 * given back joins its free neighbours. */
#include "lib/memory.h"
#include "lib/pages.h"
#include "programs/library/wasm_os/wasm_os.h"

enum {
    PAGE_SIZE = 1 << 16,
    ALIGNMENT = 8,
    GROW_PAGES_MIN = 4,
    BUCKETS = 1 << 14,
    CLASSES = 32,
    TRIES_MAX = 16, /* blocks of a list that are looked at, because they may be too small */
    RECORDS_AT_ONCE = PAGE_SIZE / 32,
};

struct block {
    uint32_t address;
    uint32_t size;   /* a multiple of ALIGNMENT */
    uint32_t wanted; /* what the program asked for */
    bool is_free;
    struct block *below; /* neighbours */
    struct block *above;
    struct block *next; /* in its list or bucket */
    struct block *previous;
};

static struct block *buckets[BUCKETS];
static struct block *lists[CLASSES];
static struct block *spare; /* records without a block, by `next` */
static struct block *highest;

/* ---- Records and lists ------------------------------------------------------------------------
 */

static struct block *take_record(void)
{
    if (spare == NULL) {
        struct block *records = pages_take(RECORDS_AT_ONCE * sizeof(*records));
        for (uint32_t i = 0; records != NULL && i < RECORDS_AT_ONCE; i++) {
            records[i].next = spare;
            spare = &records[i];
        }
    }
    struct block *record = spare;
    if (record != NULL)
        spare = record->next;
    return record;
}

static void give_record(struct block *record)
{
    record->next = spare;
    spare = record;
}

static struct block **list_of(const struct block *block)
{
    if (block->is_free)
        return &lists[31 - __builtin_clz(block->size)];
    return &buckets[block->address / ALIGNMENT % BUCKETS];
}

static void enter(struct block *block)
{
    struct block **list = list_of(block);
    block->previous = NULL;
    block->next = *list;
    if (*list != NULL)
        (*list)->previous = block;
    *list = block;
}

static void leave(struct block *block)
{
    if (block->previous == NULL)
        *list_of(block) = block->next;
    else
        block->previous->next = block->next;
    if (block->next != NULL)
        block->next->previous = block->previous;
}

/* ---- Joining and splitting --------------------------------------------------------------------
 */

/* `above` becomes part of `below`; neither is in a list. */
static void join(struct block *below, struct block *above)
{
    below->size += above->size;
    below->above = above->above;
    if (above->above != NULL)
        above->above->below = below;
    if (highest == above)
        highest = below;
    give_record(above);
}

/* Enters a free block, joined with its free neighbours. */
static void enter_free(struct block *block)
{
    block->is_free = true;
    if (block->above != NULL && block->above->is_free) {
        leave(block->above);
        join(block, block->above);
    }
    if (block->below != NULL && block->below->is_free) {
        struct block *below = block->below;
        leave(below);
        join(below, block);
        block = below;
    }
    enter(block);
}

/* Cuts what is beyond `size` off a block that is in no list. */
static void split(struct block *block, uint32_t size)
{
    struct block *rest = block->size > size ? take_record() : NULL;
    if (rest == NULL)
        return;
    *rest = (struct block){
        .address = block->address + size,
        .size = block->size - size,
        .below = block,
        .above = block->above,
    };
    if (block->above != NULL)
        block->above->below = rest;
    if (highest == block)
        highest = rest;
    block->above = rest;
    block->size = size;
    enter_free(rest);
}

/* Grows the program's memory; false if it cannot. */
static bool grow(uint32_t size)
{
    uint32_t pages = size / PAGE_SIZE + (size % PAGE_SIZE != 0);
    struct block *block = take_record();
    if (block == NULL)
        return false;
    if (pages < GROW_PAGES_MIN)
        pages = GROW_PAGES_MIN;
    int32_t before = weft_caller_grow(pages);
    if (before <= 0) { /* address 0 is no block's */
        give_record(block);
        return false;
    }
    bool is_neighbour =
        highest != NULL && highest->address + highest->size == (uint32_t)before * PAGE_SIZE;
    *block = (struct block){
        .address = (uint32_t)before * PAGE_SIZE,
        .size = pages * PAGE_SIZE,
        .below = is_neighbour ? highest : NULL,
    };
    if (is_neighbour)
        highest->above = block;
    highest = block;
    enter_free(block);
    return true;
}

/* ---- The functions ----------------------------------------------------------------------------
 */

static struct block *find_free(uint32_t size)
{
    uint32_t class = 31 - (uint32_t)__builtin_clz(size);
    struct block *block = lists[class];
    for (uint32_t tries = 0; block != NULL && tries < TRIES_MAX; tries++, block = block->next)
        if (block->size >= size)
            return block;
    while (++class < CLASSES)
        if (lists[class] != NULL)
            return lists[class];
    return NULL;
}

static struct block *find_used(uint32_t address)
{
    struct block *block = buckets[address / ALIGNMENT % BUCKETS];
    while (block != NULL && block->address != address)
        block = block->next;
    return block;
}

int32_t os_malloc(uint32_t wanted)
{
    if (wanted > INT32_MAX)
        return WASM_OS_FAILED;
    uint32_t size = wanted == 0 ? ALIGNMENT : (wanted + ALIGNMENT - 1) & ~(uint32_t)(ALIGNMENT - 1);
    struct block *block = find_free(size);
    if (block == NULL && grow(size))
        block = find_free(size);
    if (block == NULL)
        return WASM_OS_FAILED;
    leave(block);
    block->is_free = false; /* before its rest looks for free neighbours */
    block->wanted = wanted;
    split(block, size);
    enter(block);
    return (int32_t)block->address;
}

void os_free(uint32_t address)
{
    struct block *block = find_used(address);
    if (block == NULL)
        return;
    leave(block);
    enter_free(block);
}

int32_t os_pointer_size(uint32_t address)
{
    const struct block *block = find_used(address);
    return block == NULL ? WASM_OS_FAILED : (int32_t)block->wanted;
}
