#include "programs/fs/root/tree.h"

#include "lib/memory.h"

static struct tree *of(struct volume *volume)
{
    return (struct tree *)(void *)volume;
}

static uint32_t find(const struct tree *tree, uint32_t directory, struct weft_bytes name)
{
    uint32_t at = tree->nodes[directory].first_below;
    while (at != 0 && (tree->nodes[at].name.size != name.size ||
                       memcmp(tree->nodes[at].name.data, name.data, name.size) != 0))
        at = tree->nodes[at].next;
    return at;
}

static uint32_t add(struct tree *tree, uint32_t directory, struct weft_bytes name)
{
    bool is_name = name.size != 0 && name.size <= VOLUME_NAME_MAX && !volume_name_is(name, ".") &&
                   !volume_name_is(name, "..");
    if (!is_name || tree->count == TREE_NODES_MAX)
        return 0;
    uint32_t index = tree->count++;
    struct tree_node *above = &tree->nodes[directory];
    tree->nodes[index] =
        (struct tree_node){ .name = name, .parent = directory, .next = above->first_below };
    above->first_below = index;
    return index;
}

bool tree_add(struct tree *tree, struct weft_bytes path, uint64_t size, uint64_t what)
{
    uint32_t directory = 0;
    for (;;) {
        struct weft_bytes name = { path.data, 0 };
        while (name.size < path.size && path.data[name.size] != '/')
            name.size++;
        bool is_last = name.size == path.size;
        uint32_t below = find(tree, directory, name);
        if (below != 0 && (is_last || !tree->nodes[below].is_directory))
            return false;
        if (below == 0)
            below = add(tree, directory, name);
        if (below == 0)
            return false;
        tree->nodes[below].is_directory = !is_last;
        if (is_last) {
            tree->nodes[below].size = size;
            tree->nodes[below].what = what;
            return true;
        }
        directory = below;
        path.data += name.size + 1;
        path.size -= name.size + 1;
    }
}

/* ---- As a volume ----------------------------------------------------------------------------- */

static int look_up(struct volume *volume, uint64_t directory, struct weft_bytes name,
                   uint64_t *node)
{
    uint32_t found = find(of(volume), (uint32_t)(directory - VOLUME_ROOT), name);
    *node = VOLUME_ROOT + found;
    return found == 0 ? FAILURE(NOT_FOUND) : 0;
}

static int status(struct volume *volume, uint64_t number, struct files_status *status)
{
    const struct tree_node *node = tree_node_of(of(volume), number);
    *status = (struct files_status){
        .inode = number,
        .kind = node->is_directory ? FILES_NODE_KIND_DIRECTORY : FILES_NODE_KIND_REGULAR_FILE,
        .links = 1,
        .size = node->size,
    };
    return 0;
}

static int list(struct volume *volume, uint64_t directory, struct listing *listing)
{
    const struct tree *tree = of(volume);
    uint32_t place = LISTING_FIRST;
    uint32_t at = tree_node_of(tree, directory)->first_below;
    for (; at != 0; at = tree->nodes[at].next) {
        const struct tree_node *node = &tree->nodes[at];
        struct files_entry entry = { .inode = VOLUME_ROOT + at,
                                     .kind = node->is_directory ? FILES_NODE_KIND_DIRECTORY
                                                                : FILES_NODE_KIND_REGULAR_FILE,
                                     .name = node->name };
        if (!listing_add(listing, place++, &entry))
            break;
    }
    return 0;
}

void tree_init(struct tree *tree, struct volume_operations *operations)
{
    operations->look_up = look_up;
    operations->status = status;
    operations->list = list;
    tree->volume.operations = operations;
    tree->nodes[0].is_directory = true;
    tree->count = 1;
}
