/* A pairing heap: the smallest key first, links within the items, no allocation.
 *
 * Insertion takes constant time; removal of any item logarithmic time on average. The heap owns
 * nothing. Equal keys come out in no particular order. */
#ifndef KERNEL_HEAP_H
#define KERNEL_HEAP_H

#include "base/base.h"

struct heap_node {
    u64 key;
    struct heap_node *child;    /* first of those below */
    struct heap_node *next;     /* sibling */
    struct heap_node *previous; /* sibling before, or the parent of a first child */
    bool queued;
};

struct heap {
    struct heap_node *root; /* NULL: empty */
};

void heap_insert(struct heap *heap, struct heap_node *node, u64 key);
/* Nothing if the node is in no heap. */
void heap_remove(struct heap *heap, struct heap_node *node);

#endif
