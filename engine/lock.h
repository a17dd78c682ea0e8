/* A spinlock for what is short and seldom contended. */
#ifndef ENGINE_LOCK_H
#define ENGINE_LOCK_H

#include "base/base.h"

static inline void lock_take(u32 *lock)
{
    while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0)
        while (__atomic_load_n(lock, __ATOMIC_RELAXED) != 0)
            ;
}

static inline void lock_give(u32 *lock)
{
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

#endif
