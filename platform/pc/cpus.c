#include "platform/pc/cpus.h"

#include "arch/x86_64/privileged/local_apic.h"
#include "arch/x86_64/privileged/paging.h"
#include "kernel/kernel.h"
#include "platform/bare/space.h"
#include "platform/bare/terminal.h"
#include "platform/pc/clock.h"
#include "platform/pc/lines.h"

static const u64 POLL_EVERY_NS = 10000000;
static const u64 ATTEND_WITHIN_NS = 1000000;

struct cpu cpus[MACHINE_CPUS_MAX];
static u32 cpu_count = 1;
static bool stopped;
static u32 attention; /* 1: a device has something */
static bool polls;    /* no device can interrupt us */

void cpus_set_count(u32 count)
{
    cpu_count = count;
}

void cpus_set_polling(void)
{
    polls = true;
}

u32 machine_cpu_count(void)
{
    return cpu_count;
}

u32 machine_cpu(void)
{
    return cpu_here()->index;
}

void machine_relax(u32 turns)
{
    (void)turns;
    cpu_pause();
}

/* ---- Sleeping and waking ---- */

static bool is_attention_due(void)
{
    return __atomic_load_n(&attention, __ATOMIC_ACQUIRE) != 0;
}

/* While nobody has attended to a device, what runs here is interrupted again and again: an
 * interrupt that came between two threads leaves no trace on the second. */
static void set_timer(u64 deadline_ns)
{
    if (is_attention_due())
        deadline_ns = u64_min(deadline_ns, machine_monotonic_ns() + ATTEND_WITHIN_NS);
    clock_set_timer(deadline_ns);
}

static void idle_begin(struct cpu *cpu)
{
    __atomic_store_n(&cpu->idle_since_ns, machine_monotonic_ns(), __ATOMIC_RELAXED);
}

static void idle_end(struct cpu *cpu)
{
    u64 slept_ns = machine_monotonic_ns() - cpu->idle_since_ns;
    __atomic_store_n(&cpu->idle_since_ns, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&cpu->idle_ns, cpu->idle_ns + slept_ns, __ATOMIC_RELAXED);
}

u64 cpus_idle_ns(u32 index)
{
    const struct cpu *cpu = &cpus[index];
    u64 since_ns = __atomic_load_n(&cpu->idle_since_ns, __ATOMIC_RELAXED);
    u64 idle_ns = __atomic_load_n(&cpu->idle_ns, __ATOMIC_RELAXED);
    return since_ns == 0 ? idle_ns : idle_ns + machine_monotonic_ns() - since_ns;
}

/* With interrupts off from the look to the halt, nothing is missed in between: a device's interrupt
 * comes with the halt, and whoever wakes us sees that we sleep and sends one. */
static void sleep_until(struct cpu *cpu, u64 deadline_ns)
{
    u32 expected = WAKE_NONE;
    interrupts_off();
    if (!is_attention_due() &&
        __atomic_compare_exchange_n(&cpu->wake, &expected, WAKE_SLEEPS, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST)) {
        idle_begin(cpu);
        set_timer(deadline_ns);
        interrupts_on_and_halt();
        interrupts_off();
        idle_end(cpu);
        set_timer(cpu->timer_deadline_ns);
    }
    __atomic_store_n(&cpu->wake, WAKE_NONE, __ATOMIC_SEQ_CST);
    interrupts_on();
}

void machine_cpu_wait(u64 deadline_ns)
{
    if (polls)
        deadline_ns = u64_min(deadline_ns, machine_monotonic_ns() + POLL_EVERY_NS);
    sleep_until(cpu_here(), deadline_ns);
    machine_attend();
}

void machine_cpu_wake(u32 index)
{
    struct cpu *cpu = &cpus[index];
    if (__atomic_exchange_n(&cpu->wake, WAKE_CAME, __ATOMIC_SEQ_CST) == WAKE_SLEEPS &&
        cpu != cpu_here())
        local_apic_interrupt(cpu->apic_id, VECTOR_WAKE);
}

/* What comes while it looks stays noted, and ends its next sleep at once. */
void cpus_wait_first(void)
{
    struct cpu *cpu = cpu_here();
    u32 expected = WAKE_NONE;
    interrupts_off();
    idle_begin(cpu);
    while (__atomic_compare_exchange_n(&cpu->wake, &expected, WAKE_SLEEPS, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST) ||
           expected == WAKE_SLEEPS) {
        interrupts_on_and_halt();
        interrupts_off();
        expected = WAKE_NONE;
    }
    idle_end(cpu);
    __atomic_store_n(&cpu->wake, WAKE_NONE, __ATOMIC_SEQ_CST);
    interrupts_on();
}

static bool change_state(struct cpu *cpu, u32 from, u32 to)
{
    return __atomic_compare_exchange_n(&cpu->state, &from, to, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

/* A CPU that has not begun yet will not begin any more. */
static void wait_for_others(void)
{
    for (u32 i = 1; i < cpu_count; i++)
        while (!change_state(&cpus[i], CPU_WAITS, CPU_ENDED) && cpu_state(&cpus[i]) != CPU_ENDED)
            cpu_pause();
}

void cpus_run(void)
{
    struct cpu *cpu = cpu_here();
    if (!change_state(cpu, CPU_WAITS, CPU_RUNS))
        return;
    set_timer(UINT64_MAX);
    kernel_run_cpu();
    __atomic_store_n(&cpu->state, CPU_ENDED, __ATOMIC_SEQ_CST);
    if (cpu->index == 0)
        wait_for_others();
}

/* ---- Interrupting ---- */

void machine_cpu_interrupt(u32 index)
{
    if (cpu_state(&cpus[index]) == CPU_RUNS)
        local_apic_interrupt(cpus[index].apic_id, VECTOR_CPU);
}

void machine_timer_arm(u64 deadline_ns)
{
    cpu_here()->timer_deadline_ns = deadline_ns;
    set_timer(deadline_ns);
}

static bool is_asleep(const struct cpu *cpu)
{
    return __atomic_load_n(&cpu->wake, __ATOMIC_RELAXED) == WAKE_SLEEPS;
}

/* One may come before its time, which the steps of the timer make it, or for a device. */
void cpus_timer_came(struct cpu *cpu, struct interrupted *interrupted)
{
    if (is_asleep(cpu) || cpu_state(cpu) != CPU_RUNS)
        return;
    bool due = machine_monotonic_ns() >= cpu->timer_deadline_ns;
    if (due)
        cpu->timer_deadline_ns = UINT64_MAX;
    set_timer(cpu->timer_deadline_ns);
    if (due || is_attention_due())
        kernel_timer(cpu->index, interrupted);
}

/* Interrupts what runs here as the timer would, so that its CPU comes by machine_attend soon. */
void cpus_device_came(struct cpu *cpu, struct interrupted *interrupted)
{
    __atomic_store_n(&attention, 1, __ATOMIC_RELEASE);
    cpus_timer_came(cpu, interrupted);
}

void machine_attend(void)
{
    if (!polls && __atomic_exchange_n(&attention, 0, __ATOMIC_ACQ_REL) == 0)
        return;
    terminal_look();
    devices_look();
    lines_tell();
}

/* ---- Translations that have gone ---- */

static u64 forget_requests;

void cpus_forget_came(struct cpu *cpu)
{
    u64 request = __atomic_load_n(&forget_requests, __ATOMIC_SEQ_CST);
    paging_forget();
    __atomic_store_n(&cpu->forgotten, request, __ATOMIC_SEQ_CST);
}

/* Interrupts are on here and with all that are waited for, so two that wait for each other serve
 * each other. */
void space_forget_everywhere(void)
{
    u64 request = __atomic_add_fetch(&forget_requests, 1, __ATOMIC_SEQ_CST);
    const struct cpu *here = cpu_here();
    paging_forget();
    for (u32 i = 0; i < cpu_count; i++)
        if (&cpus[i] != here)
            local_apic_interrupt(cpus[i].apic_id, VECTOR_FORGET);
    for (u32 i = 0; i < cpu_count; i++)
        while (&cpus[i] != here && __atomic_load_n(&cpus[i].forgotten, __ATOMIC_SEQ_CST) < request)
            cpu_pause();
}

/* ---- The end ---- */

void cpus_stop_others(void)
{
    __atomic_store_n(&stopped, true, __ATOMIC_SEQ_CST);
    for (u32 i = 0; i < cpu_count; i++)
        if (i != machine_cpu())
            local_apic_send_nmi(cpus[i].apic_id);
}

bool cpus_are_stopped(void)
{
    return __atomic_load_n(&stopped, __ATOMIC_SEQ_CST);
}
