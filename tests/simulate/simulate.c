/* The order of things: which CPU runs, what the clock shows, what is refused. */
#include "tests/simulate/simulate.h"

#include "tests/simulate/state.h"

#include <stdio.h>

struct simulation simulation;

/* SplitMix64. */
u64 simulate_random(void)
{
    u64 value = simulation.random += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

static bool one_in(u32 count)
{
    return count != 0 && simulate_random() % count == 0;
}

static void trace_add(u64 value)
{
    simulation.trace = (simulation.trace ^ value) * 0x100000001B3;
}

u64 simulate_trace(void)
{
    return simulation.trace;
}

u64 simulate_now(void)
{
    return simulation.now_ns;
}

struct virtual_cpu *state_cpu(void)
{
    return simulation.running == MACHINE_NO_CPU ? NULL : &simulation.cpus[simulation.running];
}

/* ---- Refusals ---- */

void simulate_refuse(u64 after, u64 count)
{
    simulation.refuse_after = after;
    simulation.refuse_count = count;
}

void simulate_refuse_one_in(u32 count)
{
    simulation.refuse_one_in = count;
}

u64 simulate_refused_count(void)
{
    return simulation.refused;
}

bool state_refuses(void)
{
    bool refuses = one_in(simulation.refuse_one_in);
    if (simulation.refuse_count > 0 && simulation.refuse_after == 0) {
        simulation.refuse_count--;
        refuses = true;
    } else if (simulation.refuse_count > 0) {
        simulation.refuse_after--;
    }
    simulation.refused += refuses;
    return refuses;
}

/* ---- The clock ---- */

static void fire_timers(void)
{
    for (u32 i = 0; i < simulation.cpu_count; i++) {
        struct virtual_cpu *cpu = &simulation.cpus[i];
        if (cpu->timer_at_ns > simulation.now_ns)
            continue;
        cpu->timer_at_ns = UINT64_MAX;
        trace_add(i);
        kernel_timer(i, NULL); /* the guest is redirected when its CPU's turn comes (signals.c) */
    }
}

void state_forget_busy(void)
{
    for (u32 i = 0; i < simulation.cpu_count; i++)
        simulation.cpus[i].busy = false;
}

static void clock_set(u64 now_ns)
{
    simulation.now_ns = now_ns;
    state_forget_busy();
    fire_timers();
}

static u64 next_deadline(void)
{
    u64 next = UINT64_MAX;
    for (u32 i = 0; i < simulation.cpu_count; i++) {
        struct virtual_cpu *cpu = &simulation.cpus[i];
        if (cpu->state == CPU_OFF || cpu->state == CPU_DONE)
            continue;
        next = u64_min(next, cpu->timer_at_ns);
        if (cpu->state == CPU_WAITING)
            next = u64_min(next, cpu->wait_until_ns);
    }
    return next;
}

void state_point(enum point point, u64 argument)
{
    simulation.in_machine = true;
    simulation.calls++;
    trace_add((u64)point << 32 | simulation.running);
    trace_add(argument);
    if (simulation.running != MACHINE_NO_CPU) {
        if (simulation.options.call_ns != 0)
            simulation.now_ns += simulate_random() % (simulation.options.call_ns + 1);
        fire_timers();
        bool leaves = simulation.paused || simulation.now_ns > simulation.until_ns ||
                      one_in(simulation.options.switch_one_in);
        if (leaves && !simulation.in_fault)
            state_yield();
    }
    simulation.in_machine = false;
}

/* ---- Whose turn it is ---- */

void state_yield(void)
{
    struct virtual_cpu *cpu = state_cpu();
    simulation.in_machine = true;
    simulation.running = MACHINE_NO_CPU;
    context_switch(&cpu->left, simulation.test_stack);
    simulation.in_machine = false;
}

static bool can_run(struct virtual_cpu *cpu)
{
    if (cpu->state == CPU_WAITING && (cpu->woken || cpu->wait_until_ns <= simulation.now_ns))
        cpu->state = CPU_READY;
    return cpu->state == CPU_READY && !cpu->busy;
}

static struct virtual_cpu *choose(void)
{
    struct virtual_cpu *able[MACHINE_CPUS_MAX];
    u32 count = 0;
    for (u32 i = 0; i < simulation.cpu_count; i++)
        if (can_run(&simulation.cpus[i]))
            able[count++] = &simulation.cpus[i];
    if (count == 0)
        return NULL;
    return able[count == 1 ? 0 : simulate_random() % count];
}

bool state_step(u64 until_ns)
{
    struct virtual_cpu *cpu = choose();
    if (cpu == NULL) {
        u64 next = next_deadline();
        if (next > until_ns || next == UINT64_MAX)
            return false;
        clock_set(u64_max(next, simulation.now_ns));
        return true;
    }
    simulation.running = (u32)(cpu - simulation.cpus);
    trace_add((u64)POINT_RUN << 32 | simulation.running);
    simulation.in_machine = true;
    signals_enter(cpu);
    context_switch(&simulation.test_stack, cpu->left);
    signals_leave(cpu);
    simulation.in_machine = false;
    return true;
}

void simulate_pause(void)
{
    simulation.paused = true;
}

bool simulate_is_busy(void)
{
    return simulation.was_busy;
}

static bool any_busy(void)
{
    for (u32 i = 0; i < simulation.cpu_count; i++)
        if (simulation.cpus[i].busy)
            return true;
    return false;
}

bool simulate_run(u64 until_ns)
{
    BASE_ASSERT(simulation.running == MACHINE_NO_CPU);
    if (simulation.cpus[0].state == CPU_OFF)
        cpu_start(&simulation.cpus[0]);
    state_forget_busy();
    simulation.until_ns = until_ns > simulation.now_ns ? until_ns : UINT64_MAX;
    bool more = true;
    while (more && !simulation.paused && simulation.now_ns <= simulation.until_ns)
        more = state_step(until_ns);
    simulation.was_busy = any_busy();
    bool paused = simulation.paused;
    simulation.paused = false;
    if (!paused && until_ns != UINT64_MAX && until_ns > simulation.now_ns)
        clock_set(until_ns);
    return paused;
}

static bool all_done(void)
{
    for (u32 i = 0; i < simulation.cpu_count; i++)
        if (simulation.cpus[i].state != CPU_OFF && simulation.cpus[i].state != CPU_DONE)
            return false;
    return true;
}

bool simulate_run_out(void)
{
    enum { PATIENCE = 5000 };
    u32 busy_count = 0;
    simulation.options.switch_one_in = 0;
    simulation.until_ns = UINT64_MAX;
    if (simulation.cpus[0].state == CPU_OFF)
        cpu_start(&simulation.cpus[0]);
    state_forget_busy();
    for (;;) {
        simulation.paused = false;
        if (all_done())
            return true;
        if (state_step(UINT64_MAX))
            continue;
        if (!any_busy() || busy_count++ == PATIENCE)
            return false;
        state_forget_busy();
    }
}

/* ---- Start and end ---- */

void simulate_start(const struct simulate_options *options)
{
    simulation = (struct simulation){
        .options = *options,
        .cpu_count = options->cpu_count == 0 ? 1 : options->cpu_count,
        .running = MACHINE_NO_CPU,
        .now_ns = 1000000000,
        .until_ns = UINT64_MAX,
        .random = options->seed,
        .trace = 0xCBF29CE484222325,
    };
    list_init(&simulation.reservations);
    for (u32 i = 0; i < MACHINE_CPUS_MAX; i++)
        simulation.cpus[i].timer_at_ns = UINT64_MAX;
    signals_take();
}

struct simulate_taken simulate_taken(void)
{
    return simulation.taken;
}

static bool none_left(u64 count, const char *what)
{
    if (count != 0)
        printf("# %llu %s not given back\n", (unsigned long long)count, what);
    return count == 0;
}

bool simulate_end(void)
{
    for (u32 i = 0; i < simulation.cpu_count; i++) {
        struct machine_context *own = simulation.cpus[i].own;
        if (own != NULL && simulation.cpus[i].state == CPU_DONE)
            machine_context_destroy(own);
    }
    contexts_free_spares();
    signals_give_back();
    bool blocks = none_left(simulation.taken.blocks, "blocks");
    bool reservations = none_left(simulation.taken.reservations, "reservations");
    bool contexts = none_left(simulation.taken.contexts, "contexts");
    bool code_memories = none_left(simulation.taken.code_memories, "memories for code");
    return blocks && reservations && contexts && code_memories;
}
