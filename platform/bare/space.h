/* Address space: reservations whose pages come when they are first touched, and are given back when
 * they go. Answers the memory of machine/machine.h together with blocks.c. Private to the bare
 * platforms. */
#ifndef PLATFORM_BARE_SPACE_H
#define PLATFORM_BARE_SPACE_H

#include "platform/bare/pages.h"

void space_init(void);

/* For the handler of faults on pages that are not present: brings the page that was promised at
 * `address`; false: none was. */
bool space_fault(u64 address);

/* A stack for code that must not fault: all of it is there, with a page without access below. Never
 * given back. NULL: no memory. */
void *space_create_stack(u64 size);

/* ---- What the platform gives ---- */

/* Has every CPU forget what it has kept of reservations that have gone; returns when all have. No
 * lock is held. */
void space_forget_everywhere(void);

#endif
