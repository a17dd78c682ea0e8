#include "kernel/share.h"

#include "kernel/limits.h"
#include "kernel/process.h"
#include "kernel/quota.h"
#include "kernel/thread.h"

static struct share *root;
u32 share_special_count;

void share_set_root(struct share *share)
{
    root = share;
}

void share_init(struct share *share, struct share *parent, u32 weight, bool is_process)
{
    *share = (struct share){ .parent = parent, .weight = weight, .is_process = is_process };
    share->virtual_ns = parent == NULL ? 0 : parent->floor_ns;
    list_init(&share->threads);
}

bool share_is_any_ready(void)
{
    return root != NULL && root->ready.root != NULL;
}

static bool has_ready(const struct share *share)
{
    return !list_empty(&share->threads) || share->ready.root != NULL;
}

/* Among its parent's shares, and so upwards, up to one that is stopped. */
static void enqueue(struct share *share)
{
    for (; share->parent != NULL && !share->node.queued && share->stops == 0;
         share = share->parent) {
        share->virtual_ns = u64_max(share->virtual_ns, share->parent->floor_ns);
        heap_insert(&share->parent->ready, &share->node, share->virtual_ns);
    }
}

/* Out of its parent's shares, and so upwards where nothing else is ready. */
static void dequeue(struct share *share)
{
    for (; share->parent != NULL && share->node.queued; share = share->parent) {
        heap_remove(&share->parent->ready, &share->node);
        if (share->parent->ready.root != NULL)
            return;
    }
}

void share_insert(struct thread *thread)
{
    struct share *share = &thread->process->share;
    list_push_back(&share->threads, &thread->ready_link);
    enqueue(share);
}

static struct share *first_below(struct share *share)
{
    struct heap_node *first = share->ready.root;
    return first == NULL ? NULL : BASE_CONTAINER_OF(first, struct share, node);
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
    if (list_empty(&share->threads))
        dequeue(share);
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
        if (BASE_SELDOM(share->quota_ns != 0))
            quota_spend(share, used_ns);
    }
}

/* ---- Shares that are stopped, or have a quota ------------------------------------------------ */

static bool is_special(const struct share *share)
{
    return share->stops != 0 || share->quota_ns != 0;
}

static void change(struct share *share, u8 stops, u64 quota_ns)
{
    share_special_count -= is_special(share);
    share->stops = stops;
    share->quota_ns = quota_ns;
    share_special_count += is_special(share);
}

void share_deinit(struct share *share)
{
    alarm_clear(&share->refill);
    change(share, 0, 0);
}

const struct share *share_special(const struct share *share)
{
    while (share != NULL && !is_special(share))
        share = share->parent;
    return share;
}

bool share_is_stopped(const struct share *share)
{
    while (share != NULL && share->stops == 0)
        share = share->parent;
    return share != NULL;
}

bool share_is_suspended(const struct share *share)
{
    while (share != NULL && (share->stops & SHARE_SUSPENDED) == 0)
        share = share->parent;
    return share != NULL;
}

bool share_is_within(const struct share *share, const struct share *above)
{
    while (share != NULL && share != above)
        share = share->parent;
    return share != NULL;
}

void share_stop(struct share *share, enum share_stop why)
{
    change(share, share->stops | (u8)why, share->quota_ns);
    dequeue(share);
}

bool share_go(struct share *share, enum share_stop why)
{
    bool was_stopped = share->stops != 0;
    change(share, share->stops & (u8)~why, share->quota_ns);
    if (!was_stopped || share->stops != 0)
        return false;
    if (has_ready(share))
        enqueue(share);
    return true;
}

void share_set_free(struct share *share)
{
    dequeue(share);
    change(share, 0, 0);
    share->parent = root;
    if (has_ready(share))
        enqueue(share);
}

void share_set_quota(struct share *share, u64 quota_ns)
{
    change(share, share->stops, quota_ns);
}
