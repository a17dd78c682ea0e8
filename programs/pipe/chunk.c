#include "programs/pipe/chunk.h"

#include "lib/pages.h"

#include <stdbool.h>

/* Bodies of each class, the largest last. */
static const uint32_t classes[] = {
    256, 1024, 4096, 16 << 10, CHUNK_USUAL, 256 << 10, CHUNK_LARGEST
};
enum { CLASS_COUNT = sizeof(classes) / sizeof(classes[0]) };

static struct chunk *unused[CLASS_COUNT];
static uint8_t *fresh; /* memory that was never a chunk */
static size_t fresh_size;

static uint32_t class_of(uint32_t size)
{
    uint32_t class = 0;
    while (class < CLASS_COUNT && classes[class] < size)
        class ++;
    return class;
}

/* Small classes share pages that are taken many at a time. */
static struct chunk *make(uint32_t class)
{
    enum { PAGES = 1 << 20 };
    uint32_t capacity = CHUNK_MARGIN + classes[class];
    size_t size = (sizeof(struct chunk) + capacity + 15) & ~(size_t)15;
    if (fresh_size < size) {
        size_t wanted = size > PAGES ? size : PAGES;
        uint8_t *pages = pages_take(wanted);
        if (pages == NULL)
            return NULL;
        bool follows = fresh + fresh_size == pages;
        fresh = follows ? fresh : pages;
        fresh_size = follows ? fresh_size + wanted : wanted;
    }
    struct chunk *chunk = (struct chunk *)(void *)fresh;
    fresh += size;
    fresh_size -= size;
    chunk->capacity = capacity;
    return chunk;
}

struct chunk *chunk_take(uint32_t size)
{
    uint32_t class = class_of(size);
    if (class == CLASS_COUNT)
        return NULL;
    struct chunk *chunk = unused[class];
    if (chunk != NULL)
        unused[class] = chunk->next;
    else
        chunk = make(class);
    if (chunk != NULL) {
        chunk->next = NULL;
        chunk->begin = CHUNK_MARGIN;
        chunk->end = CHUNK_MARGIN;
    }
    return chunk;
}

void chunk_give(struct chunk *chunk)
{
    uint32_t class = class_of(chunk->capacity - CHUNK_MARGIN);
    chunk->next = unused[class];
    unused[class] = chunk;
}
