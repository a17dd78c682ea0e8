/* What a thread runs: guest code from its entry to the thread's end. */
#ifndef KERNEL_RUN_H
#define KERNEL_RUN_H

#include "kernel/thread.h"

/* Without the lock, on the thread's own stack. */
_Noreturn void run_thread(struct thread *thread);

#endif
