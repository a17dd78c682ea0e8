/* The machine's CPUs and the contexts on them. Private to the bare platforms.
 *
 * Each record is written by its own CPU only, but for `wake`. */
#ifndef PLATFORM_BARE_CPU_H
#define PLATFORM_BARE_CPU_H

#include "arch/x86_64/context.h"
#include "arch/x86_64/privileged/descriptors.h"
#include "arch/x86_64/privileged/registers.h"
#include "machine/machine.h"

/* A guarded call that is under way. */
struct guard {
    struct context_guard mark;
    struct guard *outer;
};

/* Lies at the top of its own stack; a CPU's own context has none of ours. */
struct machine_context {
    void *stack_pointer; /* while it does not run */
    struct guard *guard; /* innermost guarded call */
    u8 *reservation;     /* guard pages, then the stack; NULL: a CPU's own */
    u64 sure;            /* from here on upwards there is memory for certain */
    struct machine_context *next_spare;
};

enum cpu_state {
    CPU_OFF,
    CPU_WAITS, /* for its first work; serves interrupts */
    CPU_RUNS,  /* in the kernel's scheduler */
    CPU_ENDED,
};

/* The word that a CPU sleeps on. */
enum cpu_wake {
    WAKE_NONE,
    WAKE_CAME,
    WAKE_SLEEPS,
};

/* The FS segment of each CPU begins at its record. */
struct cpu {
    struct cpu *self;
    u32 index;
    u32 apic_id;
    struct machine_context *current;
    u64 unused[2];
    u64 stack_check; /* at 40, where code with checks of its stack frames looks for its pattern */
    struct machine_context own;
    u32 state;             /* enum cpu_state */
    u32 wake;              /* enum cpu_wake */
    u64 idle_ns;           /* that it has slept, ... */
    u64 idle_since_ns;     /* ... but for the sleep that it is in; 0: it is in none */
    u64 timer_deadline_ns; /* that the kernel armed; UINT64_MAX: none */
    u64 forgotten;         /* the last request to forget translations that it has served */
    struct descriptors descriptors;
} __attribute__((aligned(64)));

_Static_assert(offsetof(struct cpu, stack_check) == 40, "part of the ABI");

extern struct cpu cpus[MACHINE_CPUS_MAX];

static inline u32 cpu_state(const struct cpu *cpu)
{
    return __atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE);
}

static inline struct cpu *cpu_here(void)
{
    return cpu_record();
}

/* Whether `address` lies in the guard pages below the context's stack. */
bool context_overflowed(const struct machine_context *context, u64 address);

#endif
