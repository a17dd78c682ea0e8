/* A lock for a few hundred instructions that touch only memory which is there: whoever waits for it
 * spins, and a page fault may take one. Interrupt handlers take none, so interrupts stay on.
 * Private to the bare platforms. */
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

static inline void spin_give(struct spin *spin)
{
    __atomic_store_n(&spin->word, 0, __ATOMIC_RELEASE);
}

#endif
