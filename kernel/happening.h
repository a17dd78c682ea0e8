/* What happens to processes and silos, for those who ask: a ring of the last events, and questions
 * that wait for the next one. Under the kernel's lock, but for happening_tell. */
#ifndef KERNEL_HAPPENING_H
#define KERNEL_HAPPENING_H

#include "kernel/kernel.h"

enum happening_kind {
    HAPPENING_SPAWNED,
    HAPPENING_ENDED,
    HAPPENING_DENIED,
    HAPPENING_SILO_CREATED,
    HAPPENING_SILO_DESTROYED,
    HAPPENING_SUSPENDED,
    HAPPENING_RESUMED,
};

void happenings_init(void);
void happening_of_process(enum happening_kind kind, const struct process *process,
                          struct bytes text);
void happening_of_silo(enum happening_kind kind, const struct silo *silo);
/* How it ended. */
void happening_ended(const struct process *process);

/* Without the lock, after it: answers questions that can be. */
void happening_tell(void);

#endif
