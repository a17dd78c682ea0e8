#include "programs/fs/root/open.h"

#include "lib/memory.h"
#include "lib/pages.h"
#include "lib/server.h"

enum { PART = 1 << 10, PARTS = OPEN_MAX / PART, GENERATION_BITS = 31 };

static struct open_node *parts[PARTS];
static uint32_t unused[OPEN_MAX]; /* places that were used and are not now */
static uint32_t unused_count;
static uint32_t used_count;

static struct open_node *at(uint32_t index)
{
    return &parts[index / PART][index % PART];
}

struct open_node *open_find(uint64_t badge)
{
    uint32_t index = (uint32_t)badge;
    if (index >= used_count)
        return NULL;
    struct open_node *node = at(index);
    return node->at.volume != NULL && node->generation == badge >> 32 ? node : NULL;
}

/* How many the silo has: counted when it matters only. */
static bool has_too_many(uint64_t silo)
{
    uint32_t count = 0;
    if (used_count - unused_count < OPEN_PER_SILO_MAX)
        return false;
    for (uint32_t i = 0; i < used_count; i++)
        count += at(i)->at.volume != NULL && at(i)->silo == silo;
    return count >= OPEN_PER_SILO_MAX;
}

static bool find_place(uint32_t *index)
{
    if (unused_count != 0) {
        *index = unused[--unused_count];
        return true;
    }
    if (used_count == OPEN_MAX)
        return false;
    if (used_count % PART == 0) {
        parts[used_count / PART] = pages_take(PART * sizeof(struct open_node));
        if (parts[used_count / PART] == NULL)
            return false;
    }
    *index = used_count++;
    return true;
}

int32_t open_add(const struct open_node *node)
{
    uint32_t index;
    if (has_too_many(node->silo) || !find_place(&index))
        return WEFT_NO_SLOT;
    /* Bit 31 keeps it from 0, which is a binding's. */
    uint32_t generation = (at(index)->generation + 1) | 1u << GENERATION_BITS;
    uint64_t badge = (uint64_t)generation << 32 | index;
    int32_t slot = server_mint(FILES_INTERFACE_HASH, badge);
    struct open_node *place = at(index);
    place->generation = generation;
    if (slot == WEFT_NO_SLOT) {
        unused[unused_count++] = index;
        return slot;
    }
    *place = *node;
    place->generation = generation;
    place->at.volume->opened++;
    if (place->at.volume->operations->hold != NULL)
        place->at.volume->operations->hold(place->at.volume, place->at.node);
    return slot;
}

void open_close(uint64_t badge)
{
    struct open_node *node = open_find(badge);
    if (node == NULL)
        return;
    struct volume *volume = node->at.volume;
    node->at.volume = NULL;
    volume->opened--;
    if (volume->operations->release != NULL)
        volume->operations->release(volume, node->at.node);
    unused[unused_count++] = (uint32_t)badge;
}

uint32_t open_users(const struct volume *volume, struct open_user *users, uint32_t capacity)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < used_count; i++) {
        uint32_t row = 0;
        if (at(i)->at.volume != volume)
            continue;
        while (row < count && users[row].process != at(i)->process)
            row++;
        if (row == capacity)
            continue;
        if (row == count)
            users[count++] = (struct open_user){ at(i)->process, 0 };
        users[row].opened++;
    }
    return count;
}
