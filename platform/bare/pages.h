/* Physical memory, in pages of 4 KiB: a buddy allocator for each of two zones, below 4 GiB (for
 * devices that reach no further) and above. Private to the bare platforms.
 *
 * Pages may be promised before they are taken: what is promised is there when it is needed, and is
 * not given to anybody else. So a demand for memory fails when it is made, never when the memory
 * is touched. */
#ifndef PLATFORM_BARE_PAGES_H
#define PLATFORM_BARE_PAGES_H

#include "platform/bare/memory_map.h"

enum {
    PAGE_BYTES = MEMORY_PAGE,
    PAGES_ORDER_MAX = 18, /* the largest block: 1 GiB */
};

/* How many bytes the records of all pages up to the end of `memory` take: whole pages. */
u64 pages_record_bytes(const struct memory_map *memory);
/* Begins with no page. `records` are zero, and aligned as pointers are. */
void pages_init(void *records, u64 record_bytes);
/* Pages of the map are free from now on. */
void pages_add(const struct memory_map *map);

/* A block of 2^order pages, aligned to its size: its physical address; 0: there is none. */
u64 pages_take(u32 order);
u64 pages_take_low(u32 order); /* below 4 GiB */
/* Also parts of what was taken, if each is a block aligned to its size. */
void pages_give(u64 address, u32 order);

/* False: there are not that many pages that nobody has or was promised. */
bool pages_promise(u64 count);
void pages_promise_back(u64 count);
/* One page out of a promise. */
u64 pages_take_promised(void);
/* One page that was not promised, for who can do without it: 0 while there are few, which are left
 * to the kernel, to tell what has come of it. */
u64 pages_take_spare(void);

struct pages_count {
    u64 total;
    u64 free; /* promised ones included */
    u64 promised;
};

struct pages_count pages_count(void);

/* ---- What the platform gives ---- */

/* Where a page of memory is mapped, writable; and back. All pages are mapped alike, so that what is
 * aligned in one way is aligned in the other. */
void *physical_at(u64 address);
u64 physical_of(const void *mapped);
/* Whether it is such an address: if not, it lies in a reservation. */
bool physical_is(const void *mapped);

#endif
