/* process_spawn with the statuses that programs see. */
#ifndef KERNEL_SPAWN_H
#define KERNEL_SPAWN_H

#include "kernel/kernel.h"

/* Without the lock. WEFT_UNSUPPORTED, WEFT_INVALID and WEFT_NOT_FOUND: the program cannot be linked,
 * as `error` says. */
enum weft_status spawn_process(const struct spawn_options *options, struct process **process,
                               struct engine_error *error);

#endif
