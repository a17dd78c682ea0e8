/* The page tables: four levels or five, one address space for all CPUs. A door of arch/.
 *
 * The image is mapped where it is loaded. All memory but the image is mapped a second time at
 * DIRECT_MAP, where no code runs, and devices too once they are asked for. What lies between is
 * given out in reservations (platform/bare/space.h), of which pages may be promised: an entry that
 * is not present says so, and a fault there brings the page.
 *
 * The caller has one lock around everything here after `paging_init`, and sees to the translations
 * that other CPUs may have kept. */
#ifndef ARCH_X86_64_PRIVILEGED_PAGING_H
#define ARCH_X86_64_PRIVILEGED_PAGING_H

#include "base/base.h"

/* Physical memory is mapped from here on. */
#define DIRECT_MAP 0xFFFF800000000000ull

/* A table of the last level maps this much; no two reservations share one. */
enum { PAGING_TABLE_REACH = 2 << 20 };

enum paging_access {
    PAGING_READ = 0,
    PAGING_WRITE = 1 << 0,
    PAGING_EXECUTE = 1 << 1,
    PAGING_DEVICE = 1 << 2,  /* not cached, and writes keep their order */
    PAGING_ALIAS = 1 << 3,   /* the page belongs to another mapping, which gives it back */
    PAGING_COMBINE = 1 << 4, /* not cached, but what is written may go out together */
    PAGING_LAZY = 1 << 5,    /* a page is hoped for, and nobody keeps one ready */
};

/* The lower half of the addresses there are: 2^47, or 2^56 with five levels. */
u64 paging_lower_half(void);

/* Where the pages of tables come from: physical addresses; 0: there is none. */
typedef u64 paging_take(void);

/* Gives the access of an entry its meaning, on this CPU: before its first page of a device. */
void paging_init_cpu(void);
/* Makes the first table, while memory below 4 GiB is mapped where it is, and all that is taken lies
 * there until `paging_switch`. */
void paging_init(paging_take *take);
/* From now on these tables hold, on this CPU, and tables are reached by the direct map. `take` is
 * where their pages come from from then on. */
void paging_switch(paging_take *take);
/* The table that a CPU is to begin with. */
u64 paging_root(void);

/* All whole pages; large ones where they fit. False: no memory for tables. */
bool paging_map(u64 at, u64 physical, u64 size, u32 access);

/* Makes the tables that the pages will need. False: no memory; what is made stays until the
 * reservation goes. */
bool paging_prepare(u64 at, u64 size);
/* The pages may be asked for from now on; they have been prepared, and nothing is there. */
void paging_promise(u64 at, u64 size, u32 access);
enum paging_state {
    PAGING_NOTHING,
    PAGING_PROMISED, /* and it has not come yet */
    PAGING_HOPED_FOR, /* the same, by PAGING_LAZY */
    PAGING_PRESENT,
};

enum paging_state paging_state_of(u64 at);
/* The page that was promised, or hoped for, has come. */
void paging_fill(u64 at, u64 physical);

/* A page that belongs to nobody's reservation comes in the place of one that was promised, which
 * stays promised: so `paging_unlend` and `paging_clear` know what to leave behind. Adds to
 * `remains` the page that was there. Gives whether a page was there that took its promise with it:
 * the caller has another one for it. */
struct paging_remains;
bool paging_lend(u64 at, u64 physical, u32 access, struct paging_remains *remains);
/* If it is still lent there, the promise comes in its place. */
void paging_unlend(u64 at, u64 physical, u32 access);

/* What a reservation leaves behind: pages, its tables included, that are chained by their first
 * words (physical addresses, 0: the end), and promises that were not kept. */
struct paging_remains {
    u64 first;
    u64 promised;
};

/* Takes everything out of whole tables' reach, and adds to `remains`. Translations may still be
 * kept by any CPU. */
void paging_clear(u64 at, u64 size, struct paging_remains *remains);
/* Forgets what this CPU has kept of all reservations. */
void paging_forget(void);

#endif
