/* Questions about who waits: of a process, when it waits for its next event; of a row that says hold,
 * when a message waits because of it. They are messages to `system`, answered when it is so. All under
 * the kernel's lock. */
#ifndef KERNEL_ATTEND_H
#define KERNEL_ATTEND_H

#include "kernel/binding.h"
#include "kernel/process.h"

/* A thread of the process waits for any event from now on, or has ended. */
void attend_process_waits(struct process *process);
void attend_process_ends(struct process *process);

/* A message waits because of this row. */
void attend_row_awaited(struct binding *row);
void attend_row_gone(struct binding *row);

#endif
