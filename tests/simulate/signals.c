/* Signals under the simulated machine: memory faults of guests, and a tick that finds guests which
 * compute without ever coming back. */
#include "tests/simulate/state.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>

enum {
    SIGNAL_STACK_BYTES = 128 << 10,
    TICK_NS = 250000,
    BUSY_NS = 1000000, /* of CPU time without a call of the machine: busy for ever */
};

static struct sigaction previous_segv, previous_bus, previous_tick;
static timer_t tick_timer;
static u8 signal_stack[SIGNAL_STACK_BYTES];
static u64 seen_calls;  /* of the machine, at the last tick */
static u64 seen_cpu_ns; /* CPU time then */
static u64 busy_ns;     /* CPU time since the last call */

/* A machine_guarded_call may be under way in a context that moved, so the guard is looked up when
 * the fault comes. */
static bool guest_fault(const u8 *address, ucontext_t *interrupted)
{
    struct virtual_cpu *cpu = state_cpu();
    struct guard *guard = cpu == NULL ? NULL : cpu->current->guard;
    if (guard == NULL || !kernel_fault(address))
        return false;
    greg_t *registers = interrupted->uc_mcontext.gregs;
    guard->fault_stack = (u64)registers[REG_RSP];
    registers[REG_RDI] = (greg_t)(usize)&guard->mark;
    registers[REG_RIP] = (greg_t)(usize)context_guard_unwind;
    return true;
}

/* What is not the guest's goes to whoever was there before: the sanitizer, or the end. */
static void on_fault(int number, siginfo_t *info, void *interrupted)
{
    if (guest_fault(info->si_addr, interrupted))
        return;
    sigaction(number, number == SIGSEGV ? &previous_segv : &previous_bus, NULL);
}

static u64 cpu_time_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

/* On the interrupted stack: the busy guest's context is left from within the handler, which
 * returns when its CPU's turn comes again. */
static void on_tick(int number)
{
    (void)number;
    if (simulation.in_machine || simulation.running == MACHINE_NO_CPU)
        return;
    /* Time that somebody else took from us in one piece is no sign of being busy. */
    u64 cpu_ns = cpu_time_ns();
    bool has_called = seen_calls != simulation.calls;
    busy_ns = has_called ? 0 : busy_ns + u64_min(cpu_ns - seen_cpu_ns, TICK_NS);
    seen_calls = simulation.calls;
    seen_cpu_ns = cpu_ns;
    if (busy_ns < BUSY_NS)
        return;
    busy_ns = 0;
    simulation.calls++;
    state_cpu()->busy = true;
    state_yield();
}

static void tick_start(void)
{
    struct sigaction action = { .sa_handler = on_tick, .sa_flags = SA_RESTART | SA_NODEFER };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2 };
    struct itimerspec every = {
        .it_value.tv_nsec = TICK_NS,
        .it_interval.tv_nsec = TICK_NS,
    };
    sigemptyset(&action.sa_mask);
    BASE_ASSERT(sigaction(SIGRTMIN + 2, &action, &previous_tick) == 0);
    BASE_ASSERT(timer_create(CLOCK_MONOTONIC, &event, &tick_timer) == 0);
    BASE_ASSERT(timer_settime(tick_timer, 0, &every, NULL) == 0);
}

void signals_take(void)
{
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    stack_t stack = { .ss_sp = signal_stack, .ss_size = SIGNAL_STACK_BYTES };
    sigfillset(&action.sa_mask);
    BASE_ASSERT(sigaltstack(&stack, NULL) == 0);
    BASE_ASSERT(sigaction(SIGSEGV, &action, &previous_segv) == 0);
    BASE_ASSERT(sigaction(SIGBUS, &action, &previous_bus) == 0);
    tick_start();
}

void signals_give_back(void)
{
    stack_t none = { .ss_flags = SS_DISABLE };
    timer_delete(tick_timer);
    sigaction(SIGRTMIN + 2, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    sigaction(SIGSEGV, &previous_segv, NULL);
    sigaction(SIGBUS, &previous_bus, NULL);
    sigaltstack(&none, NULL);
}

/* Fake frames are kept by OS thread, and ours move between stacks. The fault signals are ours. */
__attribute__((used, visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_stack_use_after_return=0:use_sigaltstack=0:handle_segv=0:handle_sigbus=0";
}
