/* The tree of shares: silos and processes by virtual time, ready threads at its leaves.
 *
 * Virtual time grows with the CPU time that was used, slower the more weight a share has; the
 * smallest is served next, level by level, so weights mean something among siblings only. All under
 * the kernel's lock. */
#ifndef KERNEL_SHARE_H
#define KERNEL_SHARE_H

#include "kernel/alarm.h"

struct thread;

/* Why nothing of a share runs, each a bit. */
enum share_stop {
    SHARE_SUSPENDED = 1 << 0, /* somebody wants it so */
    SHARE_EXHAUSTED = 1 << 1, /* its quota of this period is used up (quota.h) */
};

struct share {
    struct share *parent; /* NULL: the root */
    u32 weight;
    bool is_process;
    u8 stops;     /* enum share_stop: not 0: it is in no tree, and what is below it waits with it */
    u64 quota_ns; /* of a period; 0: no quota */
    i64 left_ns;  /* of it; below 0: was overdrawn */
    u64 filled_ns; /* when the period began that `left_ns` is of */
    struct alarm refill;
    u64 virtual_ns;
    u64 floor_ns; /* of those below: nobody who comes back starts before it */
    struct heap_node node;
    struct heap ready;   /* of a silo: shares with ready threads */
    struct list threads; /* of a process: its ready threads */
};

void share_set_root(struct share *root);
void share_init(struct share *share, struct share *parent, u32 weight, bool is_process);
/* Its record goes. */
void share_deinit(struct share *share);

/* Shares that are stopped or have a quota: while there is none, nobody need look. */
extern u32 share_special_count;
/* The nearest share from this one upwards that is stopped or has a quota; NULL if there is none. */
const struct share *share_special(const struct share *share);
/* Whether this one or one above it is stopped. */
bool share_is_stopped(const struct share *share);
/* The same, but not by a quota. */
bool share_is_suspended(const struct share *share);
bool share_is_within(const struct share *share, const struct share *above);

/* Out of the tree, until there is no reason left. Who runs already goes on: schedule.h. */
void share_stop(struct share *share, enum share_stop why);
/* Whether it may run now, and could not. */
bool share_go(struct share *share, enum share_stop why);
/* A process that ends does so whatever is stopped: from now on it counts for the root alone. */
void share_set_free(struct share *share);
void share_set_quota(struct share *share, u64 quota_ns);

void share_insert(struct thread *thread);
/* The thread that is entitled next, no longer in the tree; NULL if none is ready. */
struct thread *share_take(void);
/* CPU time that was used on the account of `share`, and so of all above it. */
void share_charge(struct share *share, u64 used_ns);
/* Whether there is a thread in the tree. */
bool share_is_any_ready(void);

#endif
