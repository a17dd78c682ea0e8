/* A tree of names that is made once and stays: the boot bundle, and programs by their names. */
#ifndef PROGRAMS_FS_ROOT_TREE_H
#define PROGRAMS_FS_ROOT_TREE_H

#include "programs/fs/root/volume.h"

enum { TREE_NODES_MAX = 2048 };

struct tree_node {
    struct weft_bytes name;             /* borrowed for ever */
    uint32_t parent, first_below, next; /* by index; 0: none */
    bool is_directory;
    uint64_t size;
    uint64_t what; /* for who made the tree */
};

struct tree {
    struct volume volume;
    uint32_t count;
    struct tree_node nodes[TREE_NODES_MAX];
};

/* Its `read` is the maker's: `operations` is filled with the rest. */
void tree_init(struct tree *tree, struct volume_operations *operations);
/* A file at a path with slashes between names; directories on the way are made. False: there is no
 * room, a name is none, or something is there already. */
bool tree_add(struct tree *tree, struct weft_bytes path, uint64_t size, uint64_t what);

static inline const struct tree_node *tree_node_of(const struct tree *tree, uint64_t node)
{
    return &tree->nodes[node - VOLUME_ROOT];
}

#endif
