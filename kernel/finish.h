/* The end of the system that the interface `power` is asked for; kernel.h has what the platform
 * gives for it. */
#ifndef KERNEL_FINISH_H
#define KERNEL_FINISH_H

#include "kernel/kernel.h"

void finish_init(void);
/* Without the lock: it was taken apart, and the platform knows. */
void finish_process_ended(struct process *process);
/* Without the lock: nobody is waited for any more. */
void finish_now(void);

#endif
