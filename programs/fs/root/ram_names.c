/* Names: entries of directories, found by a hash of directory and name, listed in the order of
 * their places, which only count up, so that a listing goes on where it was while entries come and
 * go. */
#include "lib/memory.h"
#include "programs/fs/root/ram.h"

static struct ram *of(struct volume *volume)
{
    return (struct ram *)(void *)volume;
}

/* ---- Entries --------------------------------------------------------------------------------- */

static uint32_t *bucket_of(struct ram *ram, uint32_t directory, struct weft_bytes name)
{
    uint64_t hash = ram->seed ^ directory;
    for (uint32_t i = 0; i < name.size; i++)
        hash = (hash ^ name.data[i]) * 0x100000001b3;
    return &ram->buckets[(hash ^ hash >> 32) % RAM_BUCKETS];
}

static struct weft_bytes name_of(const struct ram_entry *entry)
{
    return (struct weft_bytes){ entry->name, entry->name_size };
}

/* 0: there is none. */
static uint32_t find(struct ram *ram, uint32_t directory, struct weft_bytes name)
{
    uint32_t number = *bucket_of(ram, directory, name);
    while (number != 0) {
        const struct ram_entry *entry = ram_entry_of(ram, number);
        if (entry->directory == directory && entry->name_size == name.size &&
            memcmp(entry->name, name.data, name.size) == 0)
            return number;
        number = entry->next_of_bucket;
    }
    return 0;
}

static void touch(struct ram *ram, struct ram_node *node)
{
    node->modified = node->changed = ram->now();
}

static void insert(struct ram *ram, uint32_t number, uint32_t directory, struct weft_bytes name)
{
    struct ram_entry *entry = ram_entry_of(ram, number);
    struct ram_node *above = ram_node_of(ram, directory);
    struct ram_node *node = ram_node_of(ram, entry->node);
    uint32_t *bucket = bucket_of(ram, directory, name);
    entry->directory = directory;
    entry->name_size = (uint16_t)name.size;
    memcpy(entry->name, name.data, name.size);
    entry->place = ram->next_place++;
    entry->next_of_bucket = *bucket;
    *bucket = number;
    entry->next = 0;
    entry->previous = above->last_entry;
    if (entry->previous != 0)
        ram_entry_of(ram, entry->previous)->next = number;
    else
        above->first_entry = number;
    above->last_entry = number;
    if (node->kind == FILES_NODE_KIND_DIRECTORY) {
        node->parent = directory;
        above->directories++;
    }
    touch(ram, above);
}

/* Out of its directory; the record stays. */
static void take_out(struct ram *ram, uint32_t number)
{
    const struct ram_entry *entry = ram_entry_of(ram, number);
    struct ram_node *above = ram_node_of(ram, entry->directory);
    uint32_t *link = bucket_of(ram, entry->directory, name_of(entry));
    while (*link != number)
        link = &ram_entry_of(ram, *link)->next_of_bucket;
    *link = entry->next_of_bucket;
    if (entry->next != 0)
        ram_entry_of(ram, entry->next)->previous = entry->previous;
    else
        above->last_entry = entry->previous;
    if (entry->previous != 0)
        ram_entry_of(ram, entry->previous)->next = entry->next;
    else
        above->first_entry = entry->next;
    if (ram_node_of(ram, entry->node)->kind == FILES_NODE_KIND_DIRECTORY)
        above->directories--;
    touch(ram, above);
}

/* A name goes, and what it named with the last one. */
static void unname(struct ram *ram, struct ram_node *node)
{
    node->links--;
    node->changed = ram->now();
    ram_drop(ram, node);
}

/* ---- Looking --------------------------------------------------------------------------------- */

/* A directory that is still there; NULL and a failure otherwise. */
static struct ram_node *directory_of(struct ram *ram, uint64_t number, int *failure)
{
    struct ram_node *node = ram_node_of(ram, number);
    *failure = node->kind != FILES_NODE_KIND_DIRECTORY ? FAILURE(NOT_DIRECTORY)
               : node->links == 0                      ? FAILURE(NOT_FOUND)
                                                       : 0;
    return *failure == 0 ? node : NULL;
}

int ram_look_up(struct volume *volume, uint64_t directory, struct weft_bytes name, uint64_t *node)
{
    int failure;
    const struct ram_node *above = directory_of(of(volume), directory, &failure);
    if (above == NULL)
        return failure;
    uint32_t entry = find(of(volume), above->number, name);
    if (entry == 0)
        return FAILURE(NOT_FOUND);
    *node = ram_entry_of(of(volume), entry)->node;
    return 0;
}

int ram_list(struct volume *volume, uint64_t directory, struct listing *listing)
{
    struct ram *ram = of(volume);
    struct ram_node *above = ram_node_of(ram, directory);
    if (above->kind != FILES_NODE_KIND_DIRECTORY)
        return FAILURE(NOT_DIRECTORY);
    for (uint32_t number = above->first_entry; number != 0;) {
        const struct ram_entry *entry = ram_entry_of(ram, number);
        const struct ram_node *node = ram_node_of(ram, entry->node);
        struct files_entry row = { .inode = node->inode,
                                   .kind = (enum files_node_kind)node->kind,
                                   .name = name_of(entry) };
        if (!listing_add(listing, entry->place, &row))
            break;
        number = entry->next;
    }
    above->accessed = ram->now();
    return 0;
}

/* ---- Changing -------------------------------------------------------------------------------- */

static uint32_t make_node(struct ram *ram, enum files_node_kind kind)
{
    uint32_t number = records_take(&ram->nodes);
    uint64_t now = ram->now();
    if (number == 0)
        return 0;
    *(struct ram_node *)records_at(&ram->nodes, number) = (struct ram_node){
        .kind = (uint8_t)kind,
        .links = 1,
        .number = number,
        .inode = ram->next_inode++,
        .accessed = now,
        .modified = now,
        .changed = now,
    };
    return number;
}

/* A node with its contents, and an entry that is nowhere yet; 0: there is no space. */
static uint32_t make(struct ram *ram, const struct volume_making *making)
{
    uint32_t number = make_node(ram, making->kind);
    uint32_t written = 0;
    uint32_t entry = number == 0 ? 0 : records_take(&ram->entries);
    if (entry != 0) {
        ram_entry_of(ram, entry)->node = number;
        if (making->target.size == 0 ||
            (ram_write(&ram->volume, number, 0, making->target, &written) == 0 &&
             written == making->target.size))
            return entry;
        records_give(&ram->entries, entry);
    }
    if (number != 0)
        unname(ram, ram_node_of(ram, number));
    return 0;
}

int ram_create(struct volume *volume, uint64_t directory, const struct volume_making *making,
               uint64_t *node)
{
    struct ram *ram = of(volume);
    int failure;
    const struct ram_node *above = directory_of(ram, directory, &failure);
    if (above == NULL)
        return failure;
    if (find(ram, above->number, making->name) != 0)
        return FAILURE(EXISTS);
    if (making->kind == FILES_NODE_KIND_DIRECTORY && above->directories == RAM_LINKS_MAX)
        return FAILURE(TOO_MANY_LINKS);
    uint32_t entry = make(ram, making);
    if (entry == 0)
        return FAILURE(NO_SPACE);
    insert(ram, entry, above->number, making->name);
    *node = ram_entry_of(ram, entry)->node;
    return 0;
}

int ram_link(struct volume *volume, uint64_t number, uint64_t directory, struct weft_bytes name)
{
    struct ram *ram = of(volume);
    struct ram_node *node = ram_node_of(ram, number);
    int failure;
    const struct ram_node *above = directory_of(ram, directory, &failure);
    if (above == NULL)
        return failure;
    if (node->kind == FILES_NODE_KIND_DIRECTORY)
        return FAILURE(NOT_PERMITTED);
    if (find(ram, above->number, name) != 0)
        return FAILURE(EXISTS);
    if (node->links == 0)
        return FAILURE(NOT_FOUND);
    if (node->links == RAM_LINKS_MAX)
        return FAILURE(TOO_MANY_LINKS);
    uint32_t entry = records_take(&ram->entries);
    if (entry == 0)
        return FAILURE(NO_SPACE);
    ram_entry_of(ram, entry)->node = node->number;
    insert(ram, entry, above->number, name);
    node->links++;
    node->changed = ram->now();
    return 0;
}

/* What forbids that this goes, as a file or as a directory. */
static int check_removal(const struct ram_node *node, bool is_directory)
{
    if (node->kind != FILES_NODE_KIND_DIRECTORY)
        return is_directory ? FAILURE(NOT_DIRECTORY) : 0;
    if (!is_directory)
        return FAILURE(IS_DIRECTORY);
    return node->first_entry != 0 ? FAILURE(NOT_EMPTY) : 0;
}

int ram_remove(struct volume *volume, uint64_t directory, struct weft_bytes name, bool is_directory)
{
    struct ram *ram = of(volume);
    int failure;
    const struct ram_node *above = directory_of(ram, directory, &failure);
    if (above == NULL)
        return failure;
    uint32_t entry = find(ram, above->number, name);
    if (entry == 0)
        return FAILURE(NOT_FOUND);
    struct ram_node *node = ram_node_of(ram, ram_entry_of(ram, entry)->node);
    failure = check_removal(node, is_directory);
    if (failure != 0)
        return failure;
    take_out(ram, entry);
    records_give(&ram->entries, entry);
    unname(ram, node);
    return 0;
}

/* Whether `node` is the directory or one of those above it. */
static bool is_above(const struct ram *ram, const struct ram_node *node,
                     const struct ram_node *directory)
{
    while (directory != node && directory->number != ram->root)
        directory = ram_node_of(ram, directory->parent);
    return directory == node;
}

static int check_rename(const struct ram *ram, const struct ram_node *node,
                        const struct ram_node *above, const struct ram_node *there)
{
    bool is_directory = node->kind == FILES_NODE_KIND_DIRECTORY;
    if (is_directory && is_above(ram, node, above))
        return FAILURE(INVALID);
    if (there != NULL)
        return check_removal(there, is_directory);
    return is_directory && above->directories == RAM_LINKS_MAX && node->parent != above->number
               ? FAILURE(TOO_MANY_LINKS)
               : 0;
}

int ram_rename(struct volume *volume, uint64_t directory, struct weft_bytes name,
               uint64_t to_directory, struct weft_bytes to_name)
{
    struct ram *ram = of(volume);
    int failure;
    const struct ram_node *from = directory_of(ram, directory, &failure);
    const struct ram_node *to = from == NULL ? NULL : directory_of(ram, to_directory, &failure);
    if (to == NULL)
        return failure;
    uint32_t entry = find(ram, from->number, name);
    uint32_t there = find(ram, to->number, to_name);
    if (entry == 0)
        return FAILURE(NOT_FOUND);
    struct ram_node *node = ram_node_of(ram, ram_entry_of(ram, entry)->node);
    struct ram_node *replaced =
        there == 0 ? NULL : ram_node_of(ram, ram_entry_of(ram, there)->node);
    if (replaced == node)
        return 0; /* two names of one thing: POSIX has both stay */
    failure = check_rename(ram, node, to, replaced);
    if (failure != 0)
        return failure;
    if (replaced != NULL) {
        take_out(ram, there);
        records_give(&ram->entries, there);
        unname(ram, replaced);
    }
    take_out(ram, entry);
    insert(ram, entry, to->number, to_name);
    node->changed = ram->now();
    return 0;
}
