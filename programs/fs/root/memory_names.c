/* Names: entries of directories, found by a hash of directory and name, listed in the order of
 * their places, which only count up, so that a listing goes on where it was while entries come and
 * go. */
#include "lib/memory.h"
#include "programs/fs/root/memory.h"

static struct memory *of(struct volume *volume)
{
    return (struct memory *)(void *)volume;
}

/* ---- Entries --------------------------------------------------------------------------------- */

static uint32_t *bucket_of(struct memory *memory, uint32_t directory, struct weft_bytes name)
{
    uint64_t hash = memory->seed ^ directory;
    for (uint32_t i = 0; i < name.size; i++)
        hash = (hash ^ name.data[i]) * 0x100000001b3;
    return &memory->buckets[(hash ^ hash >> 32) % MEMORY_BUCKETS];
}

static struct weft_bytes name_of(const struct memory_entry *entry)
{
    return (struct weft_bytes){ entry->name, entry->name_size };
}

/* 0: there is none. */
static uint32_t find(struct memory *memory, uint32_t directory, struct weft_bytes name)
{
    uint32_t number = *bucket_of(memory, directory, name);
    while (number != 0) {
        const struct memory_entry *entry = memory_entry_of(memory, number);
        if (entry->directory == directory && entry->name_size == name.size &&
            memcmp(entry->name, name.data, name.size) == 0)
            return number;
        number = entry->next_of_bucket;
    }
    return 0;
}

static void touch(struct memory *memory, struct memory_node *node)
{
    node->modified = node->changed = memory->now();
}

static void insert(struct memory *memory, uint32_t number, uint32_t directory,
                   struct weft_bytes name)
{
    struct memory_entry *entry = memory_entry_of(memory, number);
    struct memory_node *above = memory_node_of(memory, directory);
    struct memory_node *node = memory_node_of(memory, entry->node);
    uint32_t *bucket = bucket_of(memory, directory, name);
    entry->directory = directory;
    entry->name_size = (uint16_t)name.size;
    memcpy(entry->name, name.data, name.size);
    entry->place = memory->next_place++;
    entry->next_of_bucket = *bucket;
    *bucket = number;
    entry->next = 0;
    entry->previous = above->last_entry;
    if (entry->previous != 0)
        memory_entry_of(memory, entry->previous)->next = number;
    else
        above->first_entry = number;
    above->last_entry = number;
    if (node->kind == FILES_NODE_KIND_DIRECTORY) {
        node->parent = directory;
        above->directories++;
    }
    touch(memory, above);
}

/* Out of its directory; the record stays. */
static void take_out(struct memory *memory, uint32_t number)
{
    const struct memory_entry *entry = memory_entry_of(memory, number);
    struct memory_node *above = memory_node_of(memory, entry->directory);
    uint32_t *link = bucket_of(memory, entry->directory, name_of(entry));
    while (*link != number)
        link = &memory_entry_of(memory, *link)->next_of_bucket;
    *link = entry->next_of_bucket;
    if (entry->next != 0)
        memory_entry_of(memory, entry->next)->previous = entry->previous;
    else
        above->last_entry = entry->previous;
    if (entry->previous != 0)
        memory_entry_of(memory, entry->previous)->next = entry->next;
    else
        above->first_entry = entry->next;
    if (memory_node_of(memory, entry->node)->kind == FILES_NODE_KIND_DIRECTORY)
        above->directories--;
    touch(memory, above);
}

/* A name goes, and what it named with the last one. */
static void unname(struct memory *memory, struct memory_node *node)
{
    node->links--;
    node->changed = memory->now();
    memory_drop(memory, node);
}

/* ---- Looking --------------------------------------------------------------------------------- */

/* A directory that is still there; NULL and a failure otherwise. */
static struct memory_node *directory_of(struct memory *memory, uint64_t number, int *failure)
{
    struct memory_node *node = memory_node_of(memory, number);
    *failure = node->kind != FILES_NODE_KIND_DIRECTORY ? FAILURE(NOT_DIRECTORY)
               : node->links == 0                      ? FAILURE(NOT_FOUND)
                                                       : 0;
    return *failure == 0 ? node : NULL;
}

int memory_look_up(struct volume *volume, uint64_t directory, struct weft_bytes name,
                   uint64_t *node)
{
    int failure;
    const struct memory_node *above = directory_of(of(volume), directory, &failure);
    if (above == NULL)
        return failure;
    uint32_t entry = find(of(volume), above->number, name);
    if (entry == 0)
        return FAILURE(NOT_FOUND);
    *node = memory_entry_of(of(volume), entry)->node;
    return 0;
}

int memory_list(struct volume *volume, uint64_t directory, struct listing *listing)
{
    struct memory *memory = of(volume);
    struct memory_node *above = memory_node_of(memory, directory);
    if (above->kind != FILES_NODE_KIND_DIRECTORY)
        return FAILURE(NOT_DIRECTORY);
    for (uint32_t number = above->first_entry; number != 0;) {
        const struct memory_entry *entry = memory_entry_of(memory, number);
        const struct memory_node *node = memory_node_of(memory, entry->node);
        struct files_entry row = { .inode = node->inode,
                                   .kind = (enum files_node_kind)node->kind,
                                   .name = name_of(entry) };
        if (!listing_add(listing, entry->place, &row))
            break;
        number = entry->next;
    }
    above->accessed = memory->now();
    return 0;
}

/* ---- Changing -------------------------------------------------------------------------------- */

static uint32_t make_node(struct memory *memory, enum files_node_kind kind)
{
    uint32_t number = records_take(&memory->nodes);
    uint64_t now = memory->now();
    if (number == 0)
        return 0;
    *(struct memory_node *)records_at(&memory->nodes, number) = (struct memory_node){
        .kind = (uint8_t)kind,
        .links = 1,
        .number = number,
        .inode = memory->next_inode++,
        .accessed = now,
        .modified = now,
        .changed = now,
    };
    return number;
}

/* A node with its contents, and an entry that is nowhere yet; 0: there is no space. */
static uint32_t make(struct memory *memory, const struct volume_making *making)
{
    uint32_t number = make_node(memory, making->kind);
    uint32_t written = 0;
    uint32_t entry = number == 0 ? 0 : records_take(&memory->entries);
    if (entry != 0) {
        memory_entry_of(memory, entry)->node = number;
        if (making->target.size == 0 ||
            (memory_write(&memory->volume, number, 0, making->target, &written) == 0 &&
             written == making->target.size))
            return entry;
        records_give(&memory->entries, entry);
    }
    if (number != 0)
        unname(memory, memory_node_of(memory, number));
    return 0;
}

int memory_create(struct volume *volume, uint64_t directory, const struct volume_making *making,
                  uint64_t *node)
{
    struct memory *memory = of(volume);
    int failure;
    const struct memory_node *above = directory_of(memory, directory, &failure);
    if (above == NULL)
        return failure;
    if (find(memory, above->number, making->name) != 0)
        return FAILURE(EXISTS);
    if (making->kind == FILES_NODE_KIND_DIRECTORY && above->directories == MEMORY_LINKS_MAX)
        return FAILURE(TOO_MANY_LINKS);
    uint32_t entry = make(memory, making);
    if (entry == 0)
        return FAILURE(NO_SPACE);
    insert(memory, entry, above->number, making->name);
    *node = memory_entry_of(memory, entry)->node;
    return 0;
}

int memory_link(struct volume *volume, uint64_t number, uint64_t directory, struct weft_bytes name)
{
    struct memory *memory = of(volume);
    struct memory_node *node = memory_node_of(memory, number);
    int failure;
    const struct memory_node *above = directory_of(memory, directory, &failure);
    if (above == NULL)
        return failure;
    if (node->kind == FILES_NODE_KIND_DIRECTORY)
        return FAILURE(NOT_PERMITTED);
    if (find(memory, above->number, name) != 0)
        return FAILURE(EXISTS);
    if (node->links == 0)
        return FAILURE(NOT_FOUND);
    if (node->links == MEMORY_LINKS_MAX)
        return FAILURE(TOO_MANY_LINKS);
    uint32_t entry = records_take(&memory->entries);
    if (entry == 0)
        return FAILURE(NO_SPACE);
    memory_entry_of(memory, entry)->node = node->number;
    insert(memory, entry, above->number, name);
    node->links++;
    node->changed = memory->now();
    return 0;
}

/* What forbids that this goes, as a file or as a directory. */
static int check_removal(const struct memory_node *node, bool is_directory)
{
    if (node->kind != FILES_NODE_KIND_DIRECTORY)
        return is_directory ? FAILURE(NOT_DIRECTORY) : 0;
    if (!is_directory)
        return FAILURE(IS_DIRECTORY);
    return node->first_entry != 0 ? FAILURE(NOT_EMPTY) : 0;
}

int memory_remove(struct volume *volume, uint64_t directory, struct weft_bytes name,
                  bool is_directory)
{
    struct memory *memory = of(volume);
    int failure;
    const struct memory_node *above = directory_of(memory, directory, &failure);
    if (above == NULL)
        return failure;
    uint32_t entry = find(memory, above->number, name);
    if (entry == 0)
        return FAILURE(NOT_FOUND);
    struct memory_node *node = memory_node_of(memory, memory_entry_of(memory, entry)->node);
    failure = check_removal(node, is_directory);
    if (failure != 0)
        return failure;
    take_out(memory, entry);
    records_give(&memory->entries, entry);
    unname(memory, node);
    return 0;
}

/* Whether `node` is the directory or one of those above it. */
static bool is_above(const struct memory *memory, const struct memory_node *node,
                     const struct memory_node *directory)
{
    while (directory != node && directory->number != memory->root)
        directory = memory_node_of(memory, directory->parent);
    return directory == node;
}

static int check_rename(const struct memory *memory, const struct memory_node *node,
                        const struct memory_node *above, const struct memory_node *there)
{
    bool is_directory = node->kind == FILES_NODE_KIND_DIRECTORY;
    if (is_directory && is_above(memory, node, above))
        return FAILURE(INVALID);
    if (there != NULL)
        return check_removal(there, is_directory);
    return is_directory && above->directories == MEMORY_LINKS_MAX && node->parent != above->number
               ? FAILURE(TOO_MANY_LINKS)
               : 0;
}

int memory_rename(struct volume *volume, uint64_t directory, struct weft_bytes name,
                  uint64_t to_directory, struct weft_bytes to_name)
{
    struct memory *memory = of(volume);
    int failure;
    const struct memory_node *from = directory_of(memory, directory, &failure);
    const struct memory_node *to =
        from == NULL ? NULL : directory_of(memory, to_directory, &failure);
    if (to == NULL)
        return failure;
    uint32_t entry = find(memory, from->number, name);
    uint32_t there = find(memory, to->number, to_name);
    if (entry == 0)
        return FAILURE(NOT_FOUND);
    struct memory_node *node = memory_node_of(memory, memory_entry_of(memory, entry)->node);
    struct memory_node *replaced =
        there == 0 ? NULL : memory_node_of(memory, memory_entry_of(memory, there)->node);
    if (replaced == node)
        return 0; /* two names of one thing: POSIX has both stay */
    failure = check_rename(memory, node, to, replaced);
    if (failure != 0)
        return failure;
    if (replaced != NULL) {
        take_out(memory, there);
        records_give(&memory->entries, there);
        unname(memory, replaced);
    }
    take_out(memory, entry);
    insert(memory, entry, to->number, to_name);
    node->changed = memory->now();
    return 0;
}
