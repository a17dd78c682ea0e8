/* The seam between the kernel and the place it runs: declarations only. A platform answers them
 * (platform/hosted as a Linux program, tests/simulate from a seed, a bare machine later).
 *
 * Times are nanoseconds, sizes bytes. Any CPU may call these unless told otherwise; nothing here
 * calls back into the kernel except where it says so. */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include "base/base.h"

/* ---- Memory -------------------------------------------------------------------------------- */

/* Zeroed memory, aligned to 16, or NULL; `size` comes back when it is freed. */
void *machine_allocate(usize size);
void machine_free(void *block, usize size);
/* Makes a block end after its first `less` bytes, at least one and fewer than `size`. Where it is then, or
 * NULL if that cannot be: nothing has changed. */
void *machine_shrink(void *block, usize size, usize less);

/* Address space in multiples of 64 KiB, without access until committed; reads as zero then. */
void *machine_reserve(usize size);
bool machine_commit(void *start, usize size);
/* The same, but memory is looked for when it is first touched: where there is none, that access is a
 * fault (`kernel_fault`). For stacks, of which little is needed. */
bool machine_commit_lazily(void *start, usize size);
void machine_release(void *start, usize size); /* a whole reservation */

/* Memory for machine code, in multiples of 64 KiB, taken on demand; false: none to be had. */
bool machine_code_reserve(usize size, struct code_memory *memory);
void machine_code_release(struct code_memory *memory);

/* ---- Time and entropy ---------------------------------------------------------------------- */

u64 machine_monotonic_ns(void); /* since some start; never goes back; the same on all CPUs */
u64 machine_realtime_ns(void);  /* since 1970-01-01 UTC */
void machine_random(void *buffer, usize size); /* fit for keys, once that is ready: */
/* True from some point on. As long as it is false, a call looks for more entropy, for some hundred
 * microseconds; the first one for up to 50 milliseconds, on a CPU without a generator of its own. */
bool machine_random_ready(void);
/* Adds to what random numbers are made of; whoever brought the bytes answers for `bits`. */
void machine_random_add(struct bytes bytes, u32 bits);

/* ---- CPUs ---------------------------------------------------------------------------------- */

enum { MACHINE_CPUS_MAX = 64 };

enum { MACHINE_NO_CPU = UINT32_MAX };

u32 machine_cpu_count(void);
/* The CPU that this code runs on now; MACHINE_NO_CPU on a thread of the platform's own, from which
 * native handlers may answer. A context may move at every switch: never keep the result across
 * one. */
u32 machine_cpu(void);
/* Sleeps until `machine_cpu_wake` of this CPU (also one that came just before), or the deadline
 * (UINT64_MAX: none). May return early. Called by a CPU's scheduler with no lock held. */
void machine_cpu_wait(u64 deadline_ns);
/* A CPU other than 0 may only start, and enter its scheduler, when it is woken for the first time:
 * wake it when there is work that the running ones cannot take at once. */
void machine_cpu_wake(u32 cpu);
/* One turn of a spin loop: gives way to whoever holds the lock. */
void machine_relax(u32 turns);

/* Has the machine call `kernel_interrupted` on that CPU soon, if it runs guest code now; whatever
 * that call is to find must be written before. For a CPU that sleeps, or never started, it may do
 * nothing. Not with what `kernel_interrupted` needs in use. */
void machine_cpu_interrupt(u32 cpu);
/* Has the machine call `kernel_timer` on this CPU at `deadline_ns` (UINT64_MAX: not any more), in
 * an interrupt or signal: that call may only set flags, and arm the timer again. One timer a CPU. */
void machine_timer_arm(u64 deadline_ns);

/* Does what interrupts have left to be done where one may take locks and answer messages. Called on
 * a CPU without locks, soon after `kernel_timer` had it interrupt what ran; `machine_cpu_wait` does
 * the same by itself. */
void machine_attend(void);

/* ---- Native stacks ------------------------------------------------------------------------- */

/* A native stack with its saved registers, guarded below: what a kernel thread runs on. */
struct machine_context;

/* A context that will call entry(argument) at its first switch; entry never returns. NULL: no
 * memory. The stack is committed on demand. */
struct machine_context *machine_context_create(void (*entry)(void *), void *argument);
/* Not the running one. */
void machine_context_destroy(struct machine_context *context);
/* The context that stands for this CPU's own stack: the scheduler's. */
struct machine_context *machine_context_of_cpu(void);
/* Saves the running context in `from` and goes on in `to`. */
void machine_context_switch(struct machine_context *from, struct machine_context *to);

/* Calls function(argument): true when it returns, false when a guest memory fault unwound it, or
 * when there was no memory for its stack, and it was not called.
 * Belongs to the running context; nests; survives switches. At a fault the machine asks
 * `kernel_fault`, and if that is no, the fault is the kernel's own: it stops with a report. */
bool machine_guarded_call(void (*function)(void *), void *argument);

/* ---- Speaking and stopping ----------------------------------------------------------------- */

/* One line for the operator, without its newline. */
void machine_log(struct bytes line);
/* Ends the system: power off, or exit with `status`. Does not return. */
_Noreturn void machine_stop(int status);

/* ---- What the kernel gives the machine (kernel/) --------------------------------------------- */

/* The armed deadline passed on this CPU, or there is something to attend to. In an interrupt: sets
 * flags only, and may change where and how what was interrupted goes on: true, and the machine must
 * do as `interrupted` says then. It is NULL where the machine cannot. */
bool kernel_timer(u32 cpu, struct interrupted *interrupted);
/* Somebody called `machine_cpu_interrupt` for this CPU. In an interrupt, like `kernel_timer`. */
bool kernel_interrupted(u32 cpu, struct interrupted *interrupted);

/* Where a fault happened. */
struct machine_fault {
    const void *address; /* that was accessed */
    u64 pc;              /* of the instruction */
    u64 sp;
};

/* Whether a fault is the running guest's own, so that its guarded call unwinds. */
bool kernel_fault(const struct machine_fault *fault);

#endif
