/* Address space: reservations whose pages come when they are first touched, and are given back when
 * they go. Answers the memory of machine/machine.h together with blocks.c. Private to the bare
 * platforms. */
#ifndef PLATFORM_BARE_SPACE_H
#define PLATFORM_BARE_SPACE_H

#include "platform/bare/pages.h"

void space_init(void);

/* For the handler of faults on pages that are not present: brings the page that was promised at
 * `address`; false: none was, or it was only hoped for and there is none. */
bool space_fault(u64 address);

/* A stack for code that must not fault: all of it is there, with a page without access below. Never
 * given back. NULL: no memory. */
void *space_create_stack(u64 size);

enum space_caching {
    SPACE_CACHED,
    SPACE_UNCACHED,
    SPACE_COMBINED, /* not cached, but what is written may go out together: pictures */
};

/* Puts physical pages that are not the allocator's to give in the place of committed ones; all
 * three are whole pages. What was there is gone. The reservation must stay meanwhile. False: no
 * memory, and nothing has changed. */
bool space_map_device(u64 at, u64 physical, u64 size, enum space_caching caching);
/* Those of these pages that are still mapped there are not when it returns, on any CPU; zeroed ones
 * come in their place. The reservation may have gone, and another be there. */
void space_unmap_device(u64 at, u64 physical, u64 size);
/* Maps pages for the kernel itself, outside of all reservations, where none are yet. False: no
 * memory for tables. */
bool space_map_kernel(u64 at, u64 physical, u64 size, u32 access);

/* ---- What the platform gives ---- */

/* Has every CPU forget what it has kept of reservations that have gone; returns when all have. No
 * lock is held. */
void space_forget_everywhere(void);

#endif
