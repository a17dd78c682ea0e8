/* Physical memory for the tests of platform/bare: some megabytes of the host's, at made-up
 * addresses on both sides of 4 GiB; reservations come from the host. */
#ifndef TESTS_BARE_SUPPORT_MEMORY_H
#define TESTS_BARE_SUPPORT_MEMORY_H

#include "platform/bare/pages.h"

enum { MEMORY_BYTES = 64 << 20 };

/* The memory's first address: half of it lies below 4 GiB. */
#define MEMORY_START (((u64)4 << 30) - MEMORY_BYTES / 2)

/* A page allocator with that memory but for `hole`, nothing taken of it. Once in a program. */
void memory_start(struct memory_range hole);
u64 memory_random(void);
/* Reservations that there are. */
u32 memory_reservations(void);

#endif
