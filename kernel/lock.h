/* The kernel's one lock: what it guards is everything in kernel/ that a comment does not exempt.
 *
 * Held for some hundred nanoseconds at a time; never across Wasm, a copy above LOCKED_COPY_MAX, the
 * loading of a module, or a call into a native handler. It is held across a switch of contexts:
 * whoever runs next gives it back.
 *
 * What must be done without it, but because of something done under it, is left in `lock_after`
 * and done by lock_give. */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include "base/base.h"

struct cpu;

enum lock_after {
    LOCK_AFTER_WAKE_CPUS = 1 << 0, /* schedule.c: CPUs that have work now */
    LOCK_AFTER_NATIVES = 1 << 1,   /* native.c: events for native handlers */
    LOCK_AFTER_INTERRUPT_CPUS = 1 << 2, /* schedule.c: CPUs whose guests are asked to stop */
    LOCK_AFTER_FINISH = 1 << 3, /* finish.c: the system ends */
    LOCK_AFTER_HAPPENINGS = 1 << 5,     /* happening.c: questions that may be answered now */
    LOCK_AFTER_RANDOM = 1 << 4, /* random.c: questions that may be answered now */
};

/* The CPU whose code holds the lock; NULL on a thread of the platform's own. Under the lock. */
extern struct cpu *lock_cpu;
extern u32 lock_after;
extern u32 lock_word; /* 1: held */

void lock_wait(void);
void lock_do_after(u32 work);

static inline void lock_take_on(struct cpu *cpu)
{
    if (BASE_SELDOM(__atomic_exchange_n(&lock_word, 1, __ATOMIC_ACQUIRE) != 0))
        lock_wait();
    lock_cpu = cpu;
}

/* For callers that do not know their CPU. */
void lock_take(void);

static inline void lock_give(void)
{
    u32 work = lock_after;
    if (BASE_SELDOM(work != 0))
        lock_after = 0;
    __atomic_store_n(&lock_word, 0, __ATOMIC_RELEASE);
    if (BASE_SELDOM(work != 0))
        lock_do_after(work);
}

#endif
