#include "kernel/schedule.h"

#include "engine/engine.h"
#include "kernel/alarm.h"
#include "kernel/limits.h"
#include "kernel/process.h"
#include "kernel/quota.h"
#include "kernel/thread.h"

#define NEVER UINT64_MAX

static struct cpu cpus[MACHINE_CPUS_MAX];
static u32 cpu_count;
static u64 idle_cpus;   /* one bit a CPU: it waits, or was never started */
static u64 cpus_to_wake; /* chosen under the lock, woken without */
static u64 cpus_to_interrupt; /* the same */
static bool stopping;

void schedule_init(void)
{
    cpu_count = machine_cpu_count();
    stopping = false;
    cpus_to_wake = 0;
    cpus_to_interrupt = 0;
    idle_cpus = cpu_count == 64 ? UINT64_MAX : ((u64)1 << cpu_count) - 1;
    for (u32 i = 0; i < cpu_count; i++)
        cpus[i] = (struct cpu){ .index = i, .armed_ns = NEVER };
}

struct cpu *schedule_cpu_here(void)
{
    u32 index = machine_cpu();
    return index < cpu_count ? &cpus[index] : NULL;
}

void schedule_wake_cpus(void)
{
    u64 mask = __atomic_exchange_n(&cpus_to_wake, 0, __ATOMIC_ACQ_REL);
    for (; mask != 0; mask &= mask - 1)
        machine_cpu_wake((u32)__builtin_ctzll(mask));
}

void schedule_interrupt_cpus(void)
{
    u64 mask = __atomic_exchange_n(&cpus_to_interrupt, 0, __ATOMIC_ACQ_REL);
    for (; mask != 0; mask &= mask - 1)
        machine_cpu_interrupt((u32)__builtin_ctzll(mask));
}

static void wake_later(u64 mask)
{
    __atomic_fetch_or(&cpus_to_wake, mask, __ATOMIC_RELAXED);
    lock_after |= LOCK_AFTER_WAKE_CPUS;
}

/* What runs on another CPU is to call its interrupt hook soon. Compiled code does not look for the
 * request, which stands already when the machine stops it. */
static void interrupt_later(const struct cpu *cpu)
{
    execution_interrupt(cpu->execution);
    __atomic_fetch_or(&cpus_to_interrupt, (u64)1 << cpu->index, __ATOMIC_RELAXED);
    lock_after |= LOCK_AFTER_INTERRUPT_CPUS;
}

void schedule_interrupt(struct thread *thread)
{
    if (thread->state == THREAD_RUNNING && thread->cpu != lock_cpu)
        interrupt_later(thread->cpu);
    else
        execution_interrupt(thread->execution);
}

/* ---- The timer ----------------------------------------------------------------------------- */

static void arm(struct cpu *cpu, u64 deadline_ns)
{
    if (cpu->armed_ns == deadline_ns)
        return;
    cpu->armed_ns = deadline_ns;
    machine_timer_arm(deadline_ns);
}

/* When the quota ends that the running slice is charged to; NEVER: there is none. */
BASE_APART static u64 quota_end(const struct cpu *cpu)
{
    u64 left_ns = cpu->payer == NULL ? NEVER : quota_left_ns(&cpu->payer->share);
    return left_ns == NEVER ? NEVER : cpu->slice_start_ns + left_ns;
}

/* For the end of the slice if somebody waits for the CPU, for that of a quota, and for the next
 * alarm. */
static void arm_as_needed(struct cpu *cpu)
{
    u64 deadline = alarm_next(cpu);
    if (share_is_any_ready() || cpu->next != NULL)
        deadline = u64_min(deadline, cpu->slice_end_ns);
    if (BASE_SELDOM(share_special_count != 0))
        deadline = u64_min(deadline, quota_end(cpu));
    arm(cpu, deadline);
}

/* In an interrupt: stops the running guest; if it is in the host, the way back from there looks
 * whether it is asked for, a few times but not for ever. So there is another interrupt soon. */
static bool preempt(struct cpu *cpu, struct execution *execution, struct interrupted *interrupted)
{
    if (interrupted == NULL)
        return false; /* the machine sees to it (machine.h) */
    if (execution_preempt(execution, interrupted))
        return true;
    u64 soon_ns = machine_monotonic_ns() + SLICE_NS;
    if (schedule_timer_came(cpu) || cpu->armed_ns > soon_ns)
        machine_timer_arm(soon_ns);
    return false;
}

bool kernel_timer(u32 index, struct interrupted *interrupted)
{
    struct cpu *cpu = &cpus[index];
    __atomic_store_n(&cpu->timer_came, true, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    struct execution *execution = __atomic_load_n(&cpu->execution, __ATOMIC_RELAXED);
    if (execution == NULL)
        return false;
    execution_interrupt(execution);
    return preempt(cpu, execution, interrupted);
}

/* Who is interrupted here need not be who was meant: that one may have left this CPU, and then it
 * passed through the kernel, behind which it looks for the request itself. */
bool kernel_interrupted(u32 index, struct interrupted *interrupted)
{
    struct cpu *cpu = &cpus[index];
    struct execution *execution = __atomic_load_n(&cpu->execution, __ATOMIC_RELAXED);
    return execution != NULL && preempt(cpu, execution, interrupted);
}

/* Takes note of the timer and does what is due. */
static void settle_timer(struct cpu *cpu, u64 now_ns)
{
    if (schedule_timer_came(cpu)) {
        __atomic_store_n(&cpu->timer_came, false, __ATOMIC_RELAXED);
        cpu->armed_ns = NEVER;
    }
    cpu->settling = true;
    alarm_fire_due(cpu, now_ns);
    cpu->settling = false;
}

/* ---- Slices -------------------------------------------------------------------------------- */

/* Whoever calls may have read the clock before an alarm made somebody ready, and that charged this
 * slice by a later reading: its time never goes backwards. */
static void end_slice(struct cpu *cpu, u64 now_ns)
{
    now_ns = u64_max(now_ns, cpu->slice_start_ns);
    if (cpu->payer != NULL) {
        u64 used_ns = now_ns - cpu->slice_start_ns;
        cpu->payer->cpu_ns += used_ns;
        share_charge(&cpu->payer->share, used_ns);
    }
    cpu->payer = NULL;
    cpu->slice_start_ns = now_ns;
}

static void begin_slice(struct cpu *cpu, struct process *payer, u64 now_ns)
{
    cpu->payer = payer;
    cpu->slice_start_ns = u64_max(now_ns, cpu->slice_start_ns);
    cpu->slice_end_ns = cpu->slice_start_ns + SLICE_NS;
}

u64 schedule_cpu_time(struct process *process)
{
    u64 now_ns = machine_monotonic_ns();
    u64 total_ns = process->cpu_ns;
    for (u32 i = 0; i < cpu_count; i++)
        if (cpus[i].payer == process && now_ns > cpus[i].slice_start_ns)
            total_ns += now_ns - cpus[i].slice_start_ns;
    return total_ns;
}

void schedule_forget_payer(struct process *process)
{
    u64 now_ns = machine_monotonic_ns();
    for (u32 i = 0; i < cpu_count; i++)
        if (cpus[i].payer == process)
            end_slice(&cpus[i], now_ns);
}

/* ---- Making threads ready ------------------------------------------------------------------ */

/* Every CPU that runs guest code, and whose timer is not set for the end of its slice, has to learn
 * that others want it. */
static void interrupt_others(const struct cpu *here)
{
    for (u32 i = 0; i < cpu_count; i++)
        if (&cpus[i] != here && cpus[i].execution != NULL &&
            cpus[i].armed_ns > cpus[i].slice_end_ns)
            interrupt_later(&cpus[i]);
}

/* Threads wait in the tree: find a CPU for one of them, or see to it that one becomes free. */
BASE_APART static void spread(struct cpu *here)
{
    if (!share_is_any_ready())
        return;
    if (idle_cpus != 0) {
        u64 chosen = idle_cpus & -idle_cpus;
        idle_cpus &= ~chosen;
        wake_later(chosen);
        return;
    }
    if (here != NULL && here->current != NULL)
        arm_as_needed(here);
    interrupt_others(here);
}

/* Has some CPU look at the alarms. */
static void wake_or_interrupt_one(void)
{
    if (idle_cpus != 0)
        wake_later(idle_cpus & -idle_cpus);
    else if (cpus[0].execution != NULL)
        interrupt_later(&cpus[0]);
}

/* A slice that nobody waited for goes on beyond its end. Now that somebody does, what was used so
 * far is charged; if the end has passed, the timer comes at once. */
static void charge_slice(struct cpu *cpu, u64 now_ns)
{
    struct process *payer = cpu->payer;
    end_slice(cpu, now_ns);
    cpu->payer = payer;
}

/* The waker goes on until it blocks or a slice has passed: most block soon, and then their CPU goes
 * on with whom they woke. */
BASE_APART static void arm_for_next(struct cpu *cpu)
{
    u64 now_ns = machine_monotonic_ns();
    charge_slice(cpu, now_ns);
    begin_slice(cpu, cpu->payer, now_ns);
    arm_as_needed(cpu);
}

/* Into the tree; the first one there finds what the others have used. */
BASE_APART static void insert(struct thread *thread)
{
    if (!share_is_any_ready()) {
        u64 now_ns = machine_monotonic_ns();
        for (u32 i = 0; i < cpu_count; i++)
            if (cpus[i].payer != NULL)
                charge_slice(&cpus[i], now_ns);
    }
    share_insert(thread);
}

BASE_APART static void insert_and_spread(struct cpu *cpu, struct thread *thread)
{
    insert(thread);
    if (cpu == NULL || !cpu->settling)
        spread(cpu);
}

/* Whether a thread may run on the slice of this CPU: not if its share is stopped, or has a quota that
 * the slice is not charged to. */
BASE_APART static bool may_be_next(const struct cpu *cpu, const struct thread *thread)
{
    const struct share *share = &thread->process->share;
    return !share_is_stopped(share) && cpu->payer != NULL &&
           share_special(share) == share_special(&cpu->payer->share);
}

/* The waker goes on until it blocks or its slice ends. */
void schedule_ready(struct thread *thread)
{
    struct cpu *cpu = lock_cpu;
    thread->state = THREAD_READY;
    if (cpu == NULL || cpu->current == NULL || cpu->next != NULL || schedule_timer_came(cpu) ||
        cpu->settling || (BASE_SELDOM(share_special_count != 0) && !may_be_next(cpu, thread))) {
        insert_and_spread(cpu, thread);
        return;
    }
    cpu->next = thread;
    if (cpu->armed_ns > cpu->slice_end_ns)
        arm_for_next(cpu);
}

void schedule_watch(void)
{
    struct cpu *cpu = lock_cpu;
    if (cpu == NULL)
        wake_or_interrupt_one();
    else if (!cpu->settling && cpu->current != NULL)
        arm_as_needed(cpu);
}

/* ---- Switching ----------------------------------------------------------------------------- */

/* A timer that came meanwhile has told the one who leaves. */
BASE_APART static void switch_interrupted(struct machine_context *from, struct thread *thread)
{
    execution_interrupt(thread->execution);
    machine_context_switch(from, thread->context);
}

static inline void switch_to(struct cpu *cpu, struct machine_context *from, struct thread *thread)
{
    thread->state = THREAD_RUNNING;
    thread->cpu = cpu;
    cpu->current = thread;
    __atomic_store_n(&cpu->execution, thread->execution, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    execution_resumed(thread->execution);
    if (BASE_SELDOM(schedule_timer_came(cpu)))
        switch_interrupted(from, thread);
    else
        machine_context_switch(from, thread->context);
}

static void switch_to_scheduler(struct cpu *cpu, struct machine_context *from)
{
    cpu->current = NULL;
    __atomic_store_n(&cpu->execution, NULL, __ATOMIC_RELAXED);
    machine_context_switch(from, cpu->context);
}

/* Ends the slice and takes the thread that is most entitled to the CPU, or NULL. */
static struct thread *choose(struct cpu *cpu, u64 now_ns)
{
    settle_timer(cpu, now_ns);
    end_slice(cpu, now_ns);
    if (cpu->next != NULL)
        share_insert(cpu->next);
    cpu->next = NULL;
    struct thread *thread = share_take();
    if (thread != NULL)
        begin_slice(cpu, thread->process, now_ns);
    return thread;
}

/* The running thread cannot go on. */
BASE_APART static void leave(struct cpu *cpu, struct thread *thread)
{
    struct thread *next = choose(cpu, machine_monotonic_ns());
    if (next == NULL) {
        switch_to_scheduler(cpu, thread->context);
        return;
    }
    spread(cpu);
    arm_as_needed(cpu);
    if (next == thread) /* an alarm woke it just now */
        thread->state = THREAD_RUNNING;
    else
        switch_to(cpu, thread->context, next);
}

void schedule_block(struct thread *thread)
{
    struct cpu *cpu = thread->cpu;
    struct thread *next = cpu->next;
    BASE_ASSERT(!thread->process->ending);
    thread->state = THREAD_BLOCKED;
    if (BASE_SELDOM(next == NULL || schedule_timer_came(cpu))) {
        leave(cpu, thread);
        return;
    }
    cpu->next = NULL;
    switch_to(cpu, thread->context, next);
}

void schedule_exit(struct thread *thread)
{
    struct cpu *cpu = thread->cpu;
    BASE_ASSERT(cpu->dead == NULL);
    thread->state = THREAD_ENDED;
    cpu->dead = thread;
    switch_to_scheduler(cpu, thread->context);
    __builtin_unreachable();
}

static void yield(struct cpu *cpu, struct thread *thread, u64 now_ns)
{
    thread->state = THREAD_READY;
    share_insert(thread);
    struct thread *next = choose(cpu, now_ns);
    if (next == NULL) { /* its share is stopped */
        switch_to_scheduler(cpu, thread->context);
        return;
    }
    spread(cpu);
    arm_as_needed(cpu);
    if (next == thread)
        thread->state = THREAD_RUNNING;
    else
        switch_to(cpu, thread->context, next);
}

/* Whether the running thread has to stop though its slice is not over, or nobody waits: its share is
 * stopped, or that of whoever pays. Charges what was used first, which may end a quota. */
BASE_APART static bool has_to_stop(struct cpu *cpu, const struct thread *thread, u64 now_ns)
{
    if (cpu->payer == NULL)
        return true;
    charge_slice(cpu, now_ns);
    return share_is_stopped(&thread->process->share) || share_is_stopped(&cpu->payer->share);
}

void schedule_interrupted(struct thread *thread)
{
    struct cpu *cpu = thread->cpu;
    lock_take_on(cpu);
    u64 now_ns = machine_monotonic_ns();
    bool is_over = now_ns >= cpu->slice_end_ns;
    settle_timer(cpu, now_ns);
    bool must = BASE_SELDOM(share_special_count != 0) && has_to_stop(cpu, thread, now_ns);
    if (cpu->next != NULL)
        share_insert(cpu->next);
    cpu->next = NULL;
    if (must || (is_over && share_is_any_ready())) {
        yield(cpu, thread, now_ns);
    } else {
        spread(cpu);
        arm_as_needed(cpu);
    }
    lock_give();
}

void schedule_work_ahead(void)
{
    lock_take();
    struct cpu *cpu = lock_cpu;
    if (cpu != NULL && cpu->next != NULL) {
        insert(cpu->next);
        cpu->next = NULL;
        spread(cpu);
    }
    lock_give();
}

/* ---- Shares that change -------------------------------------------------------------------- */

static bool is_within(const struct process *process, const struct share *share)
{
    return process != NULL && share_is_within(&process->share, share);
}

void schedule_share_looks(const struct share *share)
{
    for (u32 i = 0; i < cpu_count; i++) {
        struct cpu *cpu = &cpus[i];
        if (cpu->next != NULL && is_within(cpu->next->process, share)) {
            share_insert(cpu->next);
            cpu->next = NULL;
        }
        if (cpu->current == NULL || (!is_within(cpu->current->process, share) &&
                                     !is_within(cpu->payer, share)))
            continue;
        if (cpu == lock_cpu)
            execution_interrupt(cpu->current->execution);
        else
            interrupt_later(cpu);
    }
}

void schedule_share_goes(void)
{
    struct cpu *cpu = lock_cpu;
    if (cpu == NULL || !cpu->settling)
        spread(cpu);
}

/* ---- A CPU's own loop ---------------------------------------------------------------------- */

static void wait_for_work(struct cpu *cpu)
{
    u64 bit = (u64)1 << cpu->index;
    u64 deadline_ns = alarm_next(cpu);
    arm(cpu, NEVER);
    idle_cpus |= bit;
    lock_give();
    machine_cpu_wait(deadline_ns);
    lock_take_on(cpu);
    idle_cpus &= ~bit;
}

static void take_dead_apart(struct cpu *cpu)
{
    struct thread *dead = cpu->dead;
    if (dead == NULL)
        return;
    cpu->dead = NULL;
    lock_give();
    thread_destroy(dead);
    lock_take_on(cpu);
}

void kernel_run_cpu(void)
{
    struct cpu *cpu = schedule_cpu_here();
    BASE_ASSERT(cpu != NULL);
    cpu->context = machine_context_of_cpu();
    lock_take_on(cpu);
    for (;;) {
        take_dead_apart(cpu);
        struct thread *thread = choose(cpu, machine_monotonic_ns());
        if (thread != NULL) {
            spread(cpu);
            arm_as_needed(cpu);
            switch_to(cpu, cpu->context, thread);
        } else if (stopping && process_count() == 0) {
            break;
        } else {
            wait_for_work(cpu);
        }
    }
    idle_cpus |= (u64)1 << cpu->index;
    lock_give();
}

void schedule_stop(void)
{
    stopping = true;
    wake_later(cpu_count == 64 ? UINT64_MAX : ((u64)1 << cpu_count) - 1);
}

bool schedule_is_stopping(void)
{
    return stopping;
}

void schedule_process_gone(void)
{
    if (stopping && process_count() == 0)
        schedule_stop();
}

bool kernel_fault(const struct machine_fault *fault)
{
    struct cpu *cpu = schedule_cpu_here();
    return cpu != NULL && cpu->execution != NULL &&
           execution_fault(cpu->execution, fault->address, fault->pc, fault->sp);
}
