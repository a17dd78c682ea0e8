/* The tree of shares: silos and processes by virtual time, ready threads at its leaves.
 *
 * Virtual time grows with the CPU time that was used, slower the more weight a share has; the
 * smallest is served next, level by level, so weights mean something among siblings only. All under
 * the kernel's lock. */
#ifndef KERNEL_SHARE_H
#define KERNEL_SHARE_H

#include "kernel/heap.h"

struct thread;

struct share {
    struct share *parent; /* NULL: the root */
    u32 weight;
    bool is_process;
    u64 virtual_ns;
    u64 floor_ns; /* of those below: nobody who comes back starts before it */
    struct heap_node node;
    struct heap ready;   /* of a silo: shares with ready threads */
    struct list threads; /* of a process: its ready threads */
};

void share_set_root(struct share *root);
void share_init(struct share *share, struct share *parent, u32 weight, bool is_process);

void share_insert(struct thread *thread);
/* The thread that is entitled next, no longer in the tree; NULL if none is ready. */
struct thread *share_take(void);
/* CPU time that was used on the account of `share`, and so of all above it. */
void share_charge(struct share *share, u64 used_ns);
/* Threads in the tree. */
u32 share_ready_count(void);

#endif
