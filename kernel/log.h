/* The log: a ring of lines that the kernel and programs wrote, and the interface `log` to it.
 * kernel.h has what writes to it. */
#ifndef KERNEL_LOG_H
#define KERNEL_LOG_H

#include "kernel/kernel.h"

bool log_init(void);
void log_deinit(void);

#endif
