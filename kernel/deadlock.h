/* Rings of processes that wait for each other.
 *
 * A thread is stuck when it is blocked, with no deadline, until another process acts: in send, for
 * room in that process's queue, or in wait, for answers to messages that it sent and nothing else.
 * A process whose threads are all stuck goes on when one of those it waits for does. If all that
 * can be reached from a thread that is about to block are so, none of them ever goes on.
 *
 * Native handlers, bindings without a handler and anything with a deadline may always come to life.
 * Under the kernel's lock. */
#ifndef KERNEL_DEADLOCK_H
#define KERNEL_DEADLOCK_H

#include "kernel/thread.h"

/* Whether a ring would close if the running thread waited for `target`, or if that is NULL, for the
 * messages in its wait nodes. If not, it counts as stuck from now on, until thread_detach. */
bool deadlock_closes(struct thread *thread, struct party *target);

#endif
