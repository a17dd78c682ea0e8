#include "kernel/pending.h"

#include "kernel/lock.h"

enum { BUCKET_COUNT = 256 };

static struct list buckets[BUCKET_COUNT];

void pending_init(void)
{
    for (u32 i = 0; i < BUCKET_COUNT; i++)
        list_init(&buckets[i]);
}

static struct list *bucket_of(i64 id)
{
    return &buckets[(u64)id % BUCKET_COUNT];
}

void pending_add(struct pending *pending, i64 id)
{
    pending->id = id;
    list_push_back(bucket_of(id), &pending->link);
}

void pending_remove(struct pending *pending)
{
    list_remove(&pending->link);
}

static struct pending *find(i64 id)
{
    struct list *bucket = bucket_of(id);
    for (struct list_link *link = list_first(bucket); link != NULL; link = list_next(bucket, link)) {
        struct pending *pending = BASE_CONTAINER_OF(link, struct pending, link);
        if (pending->id == id)
            return pending;
    }
    return NULL;
}

struct pending *pending_take(i64 id)
{
    struct pending *pending = find(id);
    if (pending != NULL)
        pending_remove(pending);
    return pending;
}

void pending_withdrawn(void *context, i64 id)
{
    (void)context;
    lock_take();
    struct pending *pending = pending_take(id);
    if (pending != NULL)
        pending->withdrawn(pending);
    lock_give();
}
