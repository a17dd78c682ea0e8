/* The machine's CPUs: one OS thread each. Private to the hosted platform.
 *
 * The thread that calls `cpu_run_all` is CPU 0; the others start when they are woken for the first
 * time, so a system of one runnable thread is one OS thread. Each CPU's record is written by its
 * own thread only, except `wake` and `state`. */
#ifndef PLATFORM_HOSTED_MACHINE_CPU_H
#define PLATFORM_HOSTED_MACHINE_CPU_H

#include "arch/x86_64/context.h"
#include "machine/machine.h"

/* A guarded call that is under way. */
struct guard {
    struct context_guard mark;
    struct guard *outer;
    u64 fault_stack; /* where the frames end that the fault which unwound it left behind */
};

/* Lies at the top of its own stack; a CPU's own context has no stack of ours. */
struct machine_context {
    void *stack_pointer; /* while it does not run */
    struct cpu *cpu;     /* while it runs */
    struct guard *guard; /* innermost guarded call */
    u8 *mapping;         /* guard pages, then the stack; NULL: a CPU's own */
    u8 *stack;           /* without the guard pages */
    usize stack_size;
    void (*entry)(void *);
    void *argument;
    struct machine_context *next_spare;
};

struct cpu {
    u32 index;
    struct machine_context own;
    struct machine_context *current;
};

/* How many CPUs there are to be, 1 to MACHINE_CPUS_MAX; before the kernel starts. 0: as many as
 * this process may use. */
void cpu_set_count(u32 count);
/* Makes the calling thread CPU 0. */
void cpu_init(void);
/* Runs the kernel on this thread, and on the other CPUs as they are needed, until it stops. */
void cpu_run_all(void);
/* Stops the kernel; CPUs that never started are left so. From any thread, not from a signal. */
void cpu_stop_all(void);
/* How long that CPU has slept; UINT64_MAX: it has not started. */
u64 cpu_idle_ns(u32 cpu);
/* The calling thread's CPU; NULL on a thread that is none. */
struct cpu *cpu_here(void);

#endif
