/* Contents: the blocks of a file hang in a tree of tables, of the height that its last block needs.
 * A block that nothing was written to is not there and reads as zeros. */
#include "lib/memory.h"
#include "programs/fs/root/ram.h"

enum {
    TABLE_SLOTS = BLOCK_BYTES / sizeof(uint32_t),
    TABLE_BITS = 10,
    HEIGHT_MAX = 2,
};
_Static_assert(TABLE_SLOTS == 1 << TABLE_BITS, "a table's slots are told by bits of the index");
_Static_assert((uint64_t)RAM_FILE_BLOCKS_MAX == 1u << (HEIGHT_MAX * TABLE_BITS),
               "the largest file has a place for each block");

static const uint64_t size_max = (uint64_t)RAM_FILE_BLOCKS_MAX * BLOCK_BYTES;

static struct ram *of(struct volume *volume)
{
    return (struct ram *)(void *)volume;
}

static uint32_t height_for(uint32_t index)
{
    uint32_t height = 0;
    while (height < HEIGHT_MAX && index >> (height * TABLE_BITS) != 0)
        height++;
    return height;
}

/* ---- Finding blocks -------------------------------------------------------------------------- */

/* Tables above what is there, until the tree has this height. */
static bool raise(struct ram *ram, struct ram_node *node, uint32_t height)
{
    while (node->height < height) {
        if (node->contents != 0) {
            uint32_t table = blocks_take(&ram->blocks);
            if (table == 0)
                return false;
            *(uint32_t *)blocks_at(&ram->blocks, table) = node->contents;
            node->contents = table;
        }
        node->height++;
    }
    return true;
}

/* Where the number of the block stands; NULL: nowhere, or there is no room for a table. */
static uint32_t *find_slot(struct ram *ram, struct ram_node *node, uint32_t index, bool makes)
{
    uint32_t height = height_for(index);
    if (makes && !raise(ram, node, height))
        return NULL;
    if (height > node->height)
        return NULL;
    uint32_t *slot = &node->contents;
    for (uint32_t level = node->height; level > 0; level--) {
        if (*slot == 0 && makes)
            *slot = blocks_take(&ram->blocks);
        if (*slot == 0)
            return NULL;
        uint32_t *table = blocks_at(&ram->blocks, *slot);
        slot = &table[index >> ((level - 1) * TABLE_BITS) & (TABLE_SLOTS - 1)];
    }
    return slot;
}

/* NULL: it is not there. */
static uint8_t *find_block(struct ram *ram, struct ram_node *node, uint32_t index)
{
    const uint32_t *slot = find_slot(ram, node, index, false);
    return slot == NULL || *slot == 0 ? NULL : blocks_at(&ram->blocks, *slot);
}

/* NULL: there is no space. */
static uint8_t *make_block(struct ram *ram, struct ram_node *node, uint32_t index)
{
    uint32_t *slot = find_slot(ram, node, index, true);
    if (slot == NULL)
        return NULL;
    if (*slot == 0)
        *slot = blocks_take(&ram->blocks);
    return *slot == 0 ? NULL : blocks_at(&ram->blocks, *slot);
}

/* ---- Giving blocks back ---------------------------------------------------------------------- */

/* Blocks from the index on, of what hangs in the slot; recursion goes as deep as the tree. */
static void cut(struct ram *ram, uint32_t *slot, uint32_t height, uint32_t from)
{
    if (*slot == 0)
        return;
    if (height > 0) {
        uint32_t *table = blocks_at(&ram->blocks, *slot);
        uint32_t shift = (height - 1) * TABLE_BITS;
        for (uint32_t i = from >> shift; i < TABLE_SLOTS; i++) {
            uint32_t first = i << shift;
            cut(ram, &table[i], height - 1, from > first ? from - first : 0);
        }
    }
    if (from != 0)
        return;
    blocks_give(&ram->blocks, *slot);
    *slot = 0;
}

void ram_empty(struct ram *ram, struct ram_node *node)
{
    cut(ram, &node->contents, node->height, 0);
    node->height = 0;
    node->size = 0;
}

/* What is behind the new end is zeros, should the file grow again. */
static void shrink(struct ram *ram, struct ram_node *node, uint64_t size)
{
    uint32_t kept = (uint32_t)((size + BLOCK_BYTES - 1) / BLOCK_BYTES);
    uint32_t rest = (uint32_t)(size % BLOCK_BYTES);
    if (kept == 0) {
        ram_empty(ram, node);
        return;
    }
    if (kept >> (node->height * TABLE_BITS) == 0)
        cut(ram, &node->contents, node->height, kept);
    uint8_t *last = rest == 0 ? NULL : find_block(ram, node, kept - 1);
    if (last != NULL)
        memset(last + rest, 0, BLOCK_BYTES - rest);
}

/* ---- The volume's functions ------------------------------------------------------------------ */

static int check_file(const struct ram_node *node)
{
    if (node->kind == FILES_NODE_KIND_DIRECTORY)
        return FAILURE(IS_DIRECTORY);
    return 0;
}

int ram_read(struct volume *volume, uint64_t number, uint64_t offset, struct volume_span *span)
{
    struct ram *ram = of(volume);
    struct ram_node *node = ram_node_of(ram, number);
    int failure = check_file(node);
    if (failure != 0)
        return failure;
    uint64_t left = offset < node->size ? node->size - offset : 0;
    if (span->size > left)
        span->size = (uint32_t)left;
    for (uint32_t done = 0; done < span->size;) {
        uint32_t at = (uint32_t)((offset + done) % BLOCK_BYTES);
        uint32_t part = BLOCK_BYTES - at;
        const uint8_t *block = find_block(ram, node, (uint32_t)((offset + done) / BLOCK_BYTES));
        if (part > span->size - done)
            part = span->size - done;
        if (block == NULL)
            memset(span->data + done, 0, part);
        else
            memcpy(span->data + done, block + at, part);
        done += part;
    }
    node->accessed = ram->now();
    return 0;
}

static void note_change(struct ram *ram, struct ram_node *node)
{
    node->modified = node->changed = ram->now();
}

int ram_write(struct volume *volume, uint64_t number, uint64_t offset, struct weft_bytes bytes,
              uint32_t *count)
{
    struct ram *ram = of(volume);
    struct ram_node *node = ram_node_of(ram, number);
    int failure = check_file(node);
    *count = 0;
    if (failure != 0)
        return failure;
    if (bytes.size != 0 && offset >= size_max)
        return FAILURE(TOO_BIG);
    if (bytes.size > size_max - offset)
        bytes.size = (uint32_t)(size_max - offset);
    while (*count < bytes.size) {
        uint32_t at = (uint32_t)((offset + *count) % BLOCK_BYTES);
        uint32_t part = BLOCK_BYTES - at;
        uint8_t *block = make_block(ram, node, (uint32_t)((offset + *count) / BLOCK_BYTES));
        if (block == NULL)
            break;
        if (part > bytes.size - *count)
            part = bytes.size - *count;
        memcpy(block + at, bytes.data + *count, part);
        *count += part;
    }
    if (*count == 0)
        return bytes.size == 0 ? 0 : FAILURE(NO_SPACE);
    if (node->size < offset + *count)
        node->size = offset + *count;
    note_change(ram, node);
    return 0;
}

int ram_set_size(struct volume *volume, uint64_t number, uint64_t size)
{
    struct ram *ram = of(volume);
    struct ram_node *node = ram_node_of(ram, number);
    int failure = check_file(node);
    if (failure != 0)
        return failure;
    if (size > size_max)
        return FAILURE(TOO_BIG);
    if (size < node->size)
        shrink(ram, node, size);
    node->size = size;
    note_change(ram, node);
    return 0;
}

int ram_allocate(struct volume *volume, uint64_t number, uint64_t end)
{
    struct ram *ram = of(volume);
    struct ram_node *node = ram_node_of(ram, number);
    int failure = check_file(node);
    if (failure != 0)
        return failure;
    if (end > size_max)
        return FAILURE(TOO_BIG);
    if (end > (uint64_t)ram->blocks.limit * BLOCK_BYTES)
        return FAILURE(NO_SPACE);
    for (uint32_t i = 0; i < (end + BLOCK_BYTES - 1) / BLOCK_BYTES; i++) {
        if (make_block(ram, node, i) != NULL)
            continue;
        shrink(ram, node, node->size);
        return FAILURE(NO_SPACE);
    }
    if (end > node->size)
        node->size = end;
    note_change(ram, node);
    return 0;
}
