/* Which thread runs on which CPU.
 *
 * Threads that are ready wait in the tree of shares (share.h), and a CPU that is free takes the one
 * that is most entitled. What a CPU did in a slice is charged to the process that began it.
 *
 * A thread that a message woke is not put into the tree at first, but becomes the `next` of its
 * waker's CPU and runs there, without any bookkeeping, when the waker blocks: on the waker's slice
 * and at its cost. So a round of messages within a slice costs two switches of contexts and
 * reads no clock. If the waker goes on running, its CPU's timer puts the thread into the tree at
 * the end of the slice, where any CPU finds it.
 *
 * The timer runs only while somebody waits: for the CPU, or for a point of time (alarm.h).
 * All under the kernel's lock unless told otherwise. */
#ifndef KERNEL_SCHEDULE_H
#define KERNEL_SCHEDULE_H

#include "kernel/lock.h"
#include "kernel/share.h"
#include "machine/machine.h"

struct execution;
struct process;
struct thread;

struct cpu {
    u32 index;
    struct thread *current;            /* NULL: the scheduler itself */
    struct thread *next;               /* ready, and runs when `current` blocks */
    struct process *payer;             /* whom the running slice is charged to; NULL: nobody */
    u64 slice_start_ns;
    u64 slice_end_ns; /* it goes on until then, or as long as nobody else wants the CPU */
    u64 armed_ns;                      /* what the timer was last set to; UINT64_MAX: it is off */
    struct machine_context *context;   /* the scheduler's own */
    struct execution *execution;       /* of `current`: for the timer, which comes at any time */
    bool timer_came;
    bool settling; /* is about to choose a thread: those that become ready need no CPU found */
    bool draining; /* what is under way is for everybody: it is not put aside for others */
    struct thread *dead;               /* to be taken apart once its stack is left */
};

void schedule_init(void);
/* From now on CPUs leave kernel_run_cpu when no process is left. */
void schedule_stop(void);
bool schedule_is_stopping(void);
/* A process was taken apart. */
void schedule_process_gone(void);
/* There is a new first alarm. */
void schedule_watch(void);
/* NULL on a thread that is none of the CPUs. Without the lock too. */
struct cpu *schedule_cpu_here(void);
/* Without the lock: wakes, or interrupts, the CPUs that were chosen under it. */
void schedule_wake_cpus(void);
void schedule_interrupt_cpus(void);

static inline bool schedule_timer_came(const struct cpu *cpu)
{
    return __atomic_load_n(&cpu->timer_came, __ATOMIC_RELAXED);
}

/* The thread calls its interrupt hook as soon as it runs guest code, or soon if it does now. */
void schedule_interrupt(struct thread *thread);
/* The thread may run. The caller has taken it off every other list. */
void schedule_ready(struct thread *thread);
/* The same where the thread becomes the `next` of this CPU and nothing else is to be done; false:
 * something is. */
static inline bool schedule_make_next(struct thread *thread)
{
    struct cpu *cpu = lock_cpu;
    if (BASE_SELDOM(cpu == NULL || cpu->current == NULL || cpu->next != NULL || cpu->settling ||
                    cpu->armed_ns > cpu->slice_end_ns || schedule_timer_came(cpu) ||
                    share_special_count != 0))
        return false;
    cpu->next = thread;
    return true;
}

/* The calling thread stops until somebody calls schedule_ready for it. */
void schedule_block(struct thread *thread);
/* The calling thread ends: another context takes it apart. Does not return. */
_Noreturn void schedule_exit(struct thread *thread);
/* Without the lock: the calling thread is at work in the kernel for long, where no timer stops it.
 * Another CPU may have whoever waits for this one. */
void schedule_work_ahead(void);
/* From the interrupt hook, without the lock: gives the CPU away if the slice is over. */
void schedule_interrupted(struct thread *thread);

/* The share was stopped, or has another quota now: CPUs that run what is in it, or at its cost, look
 * what that means. */
void schedule_share_looks(const struct share *share);
/* A share may run again: finds a CPU for what is ready in it. */
void schedule_share_goes(void);

/* CPU time up to now of a process, the running slices that it pays included. */
u64 schedule_cpu_time(struct process *process);
/* The process is about to go: no slice is charged to it any more. */
void schedule_forget_payer(struct process *process);

#endif
