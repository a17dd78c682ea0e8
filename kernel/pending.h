/* Messages that a handler of the kernel keeps to answer later, by their ids. Under the kernel's
 * lock. */
#ifndef KERNEL_PENDING_H
#define KERNEL_PENDING_H

#include "base/base.h"

struct pending {
    struct list_link link; /* in a bucket */
    i64 id;
    /* The sender took the message back: it is no longer kept, and must not be answered. Under the
     * lock. */
    void (*withdrawn)(struct pending *pending);
};

void pending_init(void);
void pending_add(struct pending *pending, i64 id);
void pending_remove(struct pending *pending);
/* Finds and removes it; NULL if there is none. */
struct pending *pending_take(i64 id);

/* As native_operations.withdrawn; takes the lock. */
void pending_withdrawn(void *context, i64 id);

#endif
