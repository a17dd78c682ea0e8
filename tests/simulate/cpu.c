/* Time, entropy, CPUs and words of the simulated machine. */
#include "kernel/kernel.h"
#include "tests/simulate/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_KEPT_BYTES = 64 << 10 };

static char log_text[LOG_KEPT_BYTES];
static usize log_size;
static u64 log_count;

u64 machine_monotonic_ns(void)
{
    state_point(POINT_TIME, 0);
    return simulation.now_ns;
}

u64 machine_realtime_ns(void)
{
    state_point(POINT_TIME, 1);
    return simulation.now_ns + 1700000000000000000;
}

void machine_random(void *buffer, usize size)
{
    u8 *at = buffer;
    state_point(POINT_RANDOM, size);
    for (usize i = 0; i < size; i++)
        at[i] = (u8)simulate_random();
}

bool machine_random_ready(void)
{
    state_point(POINT_RANDOM, 1);
    return simulation.options.entropy_lacks == 0;
}

void machine_random_add(struct bytes bytes, u32 bits)
{
    state_point(POINT_RANDOM, bytes.size);
    simulation.options.entropy_lacks -= (u32)u64_min(bits, simulation.options.entropy_lacks);
}

u32 machine_cpu_count(void)
{
    return simulation.cpu_count;
}

u32 machine_cpu(void)
{
    state_point(POINT_CPU, 0);
    return simulation.running;
}

void machine_cpu_wait(u64 deadline_ns)
{
    state_point(POINT_WAIT, deadline_ns);
    struct virtual_cpu *cpu = state_cpu();
    BASE_ASSERT(cpu != NULL && cpu->current == cpu->own);
    u32 early = simulation.options.early_one_in;
    if (!cpu->woken && (early == 0 || simulate_random() % early != 0)) {
        cpu->state = CPU_WAITING;
        cpu->wait_until_ns = deadline_ns;
        state_yield();
    }
    cpu->woken = false;
}

void machine_cpu_wake(u32 index)
{
    BASE_ASSERT(index < simulation.cpu_count);
    state_point(POINT_WAKE, index);
    struct virtual_cpu *cpu = &simulation.cpus[index];
    if (cpu->state == CPU_OFF)
        cpu_start(cpu);
    cpu->woken = true;
}

/* A busy guest is asked anyway, when its CPU's turn comes again (signals.c), and any other comes to
 * the kernel by itself. */
void machine_cpu_interrupt(u32 index)
{
    BASE_ASSERT(index < simulation.cpu_count);
    state_point(POINT_INTERRUPT, index);
}

void machine_relax(u32 turns)
{
    state_point(POINT_RELAX, turns == 0);
    state_forget_busy(); /* one of them may hold the lock */
    if (state_cpu() != NULL)
        state_yield();
    else
        BASE_ASSERT(state_step(simulation.now_ns)); /* or nobody will ever give the lock back */
}

/* Devices of the simulated machine answer by themselves. */
void machine_attend(void)
{
}

void machine_timer_arm(u64 deadline_ns)
{
    state_point(POINT_TIMER, deadline_ns);
    state_cpu()->timer_at_ns = deadline_ns;
}

/* ---- What a virtual CPU does ---- */

static void cpu_main(void *argument)
{
    struct virtual_cpu *cpu = argument;
    simulation.in_machine = false;
    kernel_run_cpu();
    cpu->state = CPU_DONE;
    cpu->timer_at_ns = UINT64_MAX;
    state_yield();
    BASE_ASSERT(false);
}

void cpu_start(struct virtual_cpu *cpu)
{
    u64 refuse_count = simulation.refuse_count;
    u32 refuse_one_in = simulation.refuse_one_in;
    simulation.refuse_count = 0; /* a CPU is there, or it is not part of the machine */
    simulation.refuse_one_in = 0;
    cpu->own = machine_context_create(cpu_main, cpu);
    simulation.refuse_count = refuse_count;
    simulation.refuse_one_in = refuse_one_in;
    BASE_ASSERT(cpu->own != NULL);
    cpu->current = cpu->own;
    cpu->left = cpu->own->stack_pointer;
    cpu->state = CPU_READY;
}

/* ---- Words ---- */

void machine_log(struct bytes line)
{
    state_point(POINT_LOG, line.size);
    log_count++;
    if (line.size >= LOG_KEPT_BYTES)
        return;
    if (log_size + line.size + 2 > LOG_KEPT_BYTES)
        log_size = 0;
    memcpy(log_text + log_size, line.data, line.size);
    log_size += line.size;
    log_text[log_size++] = '\n';
    log_text[log_size] = '\0';
    if (getenv("SIMULATE_LOG") != NULL)
        printf("# log: %.*s\n", (int)line.size, (const char *)line.data);
}

u64 simulate_log_count(void)
{
    return log_count;
}

bool simulate_logged(const char *part)
{
    return strstr(log_text, part) != NULL;
}

_Noreturn void machine_stop(int status)
{
    printf("not ok - the kernel stopped the machine with status %d\n", status);
    fflush(stdout);
    _Exit(1);
}
