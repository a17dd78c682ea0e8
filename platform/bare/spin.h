/* A lock for a few hundred instructions. Whoever waits for it spins. Interrupt handlers take none, so
 * interrupts stay on; but the handler of page faults takes those of space.c and pages.c. So whoever
 * holds one of these two touches no memory that could bring a fault, its own stack included, whose
 * pages come when they are touched: spin_touch_stack before taking it. Private to the bare
 * platforms. */
#ifndef PLATFORM_BARE_SPIN_H
#define PLATFORM_BARE_SPIN_H

#include "machine/machine.h"

struct spin {
    u32 word; /* 1: held */
};

static inline bool spin_try(struct spin *spin)
{
    return __atomic_exchange_n(&spin->word, 1, __ATOMIC_ACQUIRE) == 0;
}

static inline void spin_take(struct spin *spin)
{
    for (u32 turns = 0; !spin_try(spin);)
        while (__atomic_load_n(&spin->word, __ATOMIC_RELAXED) != 0)
            machine_relax(turns++);
}

/* Brings the next pages of the stack that is in use, if they are not there. */
__attribute__((no_sanitize("address"))) static inline void spin_touch_stack(u32 pages)
{
    enum { STACK_PAGE = 4096 };
    const u8 *frame = __builtin_frame_address(0);
    for (u32 i = 1; i <= pages; i++)
        __asm__ volatile("" : : "r"(*(const volatile u8 *)(frame - i * STACK_PAGE)));
}

static inline void spin_give(struct spin *spin)
{
    __atomic_store_n(&spin->word, 0, __ATOMIC_RELEASE);
}

#endif
