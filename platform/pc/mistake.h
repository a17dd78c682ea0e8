/* Mistakes of the kernel's own, made on purpose to see how they are told: `mistake=` on the command
 * line. Private to the PC platform. */
#ifndef PLATFORM_PC_MISTAKE_H
#define PLATFORM_PC_MISTAKE_H

#include "base/base.h"

/* Returns if there is none of that name. */
void mistake_make(struct bytes name);

#endif
