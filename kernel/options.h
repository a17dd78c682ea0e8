/* What the platform gave kernel_start. */
#ifndef KERNEL_OPTIONS_H
#define KERNEL_OPTIONS_H

#include "kernel/kernel.h"

const struct kernel_options *options_of_kernel(void);

#endif
