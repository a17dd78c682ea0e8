#include "kernel/heap.h"

/* The smaller root takes the other as its first child. */
static struct heap_node *meld(struct heap_node *a, struct heap_node *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    if (b->key < a->key) {
        struct heap_node *larger = a;
        a = b;
        b = larger;
    }
    b->previous = a;
    b->next = a->child;
    if (a->child != NULL)
        a->child->previous = b;
    a->child = b;
    return a;
}

/* Takes the first two siblings off `list` and melds them. */
static struct heap_node *meld_pair(struct heap_node **list)
{
    struct heap_node *first = *list;
    struct heap_node *second = first->next;
    *list = second == NULL ? NULL : second->next;
    first->next = NULL;
    first->previous = NULL;
    if (second != NULL) {
        second->next = NULL;
        second->previous = NULL;
    }
    return meld(first, second);
}

/* Two passes over the siblings: pairs from left to right, then all together from right to left. */
static struct heap_node *meld_siblings(struct heap_node *siblings)
{
    struct heap_node *pairs = NULL;
    while (siblings != NULL) {
        struct heap_node *pair = meld_pair(&siblings);
        pair->next = pairs;
        pairs = pair;
    }
    struct heap_node *whole = NULL;
    while (pairs != NULL) {
        struct heap_node *pair = pairs;
        pairs = pair->next;
        pair->next = NULL;
        whole = meld(whole, pair);
    }
    return whole;
}

void heap_insert(struct heap *heap, struct heap_node *node, u64 key)
{
    BASE_ASSERT(!node->queued);
    *node = (struct heap_node){ .key = key, .queued = true };
    heap->root = meld(heap->root, node);
}

static void cut(struct heap_node *node)
{
    if (node->previous->child == node)
        node->previous->child = node->next;
    else
        node->previous->next = node->next;
    if (node->next != NULL)
        node->next->previous = node->previous;
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    if (!node->queued)
        return;
    struct heap_node *below = meld_siblings(node->child);
    if (node == heap->root) {
        heap->root = below;
    } else {
        cut(node);
        heap->root = meld(heap->root, below);
    }
    *node = (struct heap_node){ 0 };
}
