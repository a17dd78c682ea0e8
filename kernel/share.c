#include "kernel/share.h"

#include "kernel/limits.h"
#include "kernel/process.h"
#include "kernel/thread.h"

static struct share *root;
static u32 ready_count;

void share_set_root(struct share *share)
{
    root = share;
    ready_count = 0;
}

void share_init(struct share *share, struct share *parent, u32 weight, bool is_process)
{
    *share = (struct share){ .parent = parent, .weight = weight, .is_process = is_process };
    share->virtual_ns = parent == NULL ? 0 : parent->floor_ns;
    list_init(&share->threads);
}

u32 share_ready_count(void)
{
    return ready_count;
}

void share_insert(struct thread *thread)
{
    struct share *share = &thread->process->share;
    list_push_back(&share->threads, &thread->ready_link);
    ready_count++;
    for (; share->parent != NULL && !share->node.queued; share = share->parent) {
        share->virtual_ns = u64_max(share->virtual_ns, share->parent->floor_ns);
        heap_insert(&share->parent->ready, &share->node, share->virtual_ns);
    }
}

static struct share *first_below(struct share *share)
{
    struct heap_node *first = share->ready.root;
    return first == NULL ? NULL : BASE_CONTAINER_OF(first, struct share, node);
}

/* Takes shares without ready threads out of the tree, from a process upwards. */
static void prune(struct share *share)
{
    bool is_empty = list_empty(&share->threads);
    for (; is_empty && share->parent != NULL; share = share->parent) {
        heap_remove(&share->parent->ready, &share->node);
        is_empty = share->parent->ready.root == NULL;
    }
}

struct thread *share_take(void)
{
    struct share *share = root;
    while (share != NULL && !share->is_process) {
        struct share *below = first_below(share);
        if (below != NULL)
            share->floor_ns = u64_max(share->floor_ns, below->virtual_ns);
        share = below;
    }
    if (share == NULL)
        return NULL;
    struct list_link *link = list_pop_front(&share->threads);
    ready_count--;
    prune(share);
    return BASE_CONTAINER_OF(link, struct thread, ready_link);
}

/* A share that ran while nobody waited has left the floor behind, which follows: or whoever comes
 * next would have all that time to catch up. */
static void raise_floor(struct share *parent, u64 virtual_ns)
{
    if (parent->ready.root != NULL)
        virtual_ns = u64_min(virtual_ns, parent->ready.root->key);
    parent->floor_ns = u64_max(parent->floor_ns, virtual_ns);
}

void share_charge(struct share *share, u64 used_ns)
{
    for (; share->parent != NULL; share = share->parent) {
        share->virtual_ns += used_ns * WEIGHT_USUAL / share->weight;
        if (share->node.queued) {
            heap_remove(&share->parent->ready, &share->node);
            heap_insert(&share->parent->ready, &share->node, share->virtual_ns);
        }
        raise_floor(share->parent, share->virtual_ns);
    }
}
