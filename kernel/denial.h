/* Telling the operator that a program was refused an interface: once for each program and
 * interface, however often it tries. */
#ifndef KERNEL_DENIAL_H
#define KERNEL_DENIAL_H

#include "kernel/binding.h"

struct denial;
struct process;

/* Under the lock: NULL if this was told before (or cannot be, for want of memory). */
struct denial *denial_note(struct process *process, const struct binding *binding);
/* Without the lock; the denial is gone then. */
void denial_tell(struct denial *denial);

#endif
