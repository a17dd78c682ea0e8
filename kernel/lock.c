#include "kernel/lock.h"

#include "kernel/finish.h"
#include "kernel/happening.h"
#include "kernel/native.h"
#include "kernel/random.h"
#include "kernel/schedule.h"
#include "machine/machine.h"

struct cpu *lock_cpu;
u32 lock_after;
u32 lock_word;

void lock_wait(void)
{
    u32 turns = 0;
    do {
        while (__atomic_load_n(&lock_word, __ATOMIC_RELAXED) != 0)
            machine_relax(turns++);
    } while (__atomic_exchange_n(&lock_word, 1, __ATOMIC_ACQUIRE) != 0);
}

void lock_take(void)
{
    lock_take_on(schedule_cpu_here());
}

void lock_do_after(u32 work)
{
    if (work & LOCK_AFTER_WAKE_CPUS)
        schedule_wake_cpus();
    if (work & LOCK_AFTER_INTERRUPT_CPUS)
        schedule_interrupt_cpus();
    if (work & LOCK_AFTER_NATIVES)
        native_drain();
    if (work & LOCK_AFTER_RANDOM)
        random_look();
    if (work & LOCK_AFTER_HAPPENINGS)
        happening_tell();
    if (work & LOCK_AFTER_FINISH)
        finish_now();
}
