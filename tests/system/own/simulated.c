/* In place of tests/simulate/signals.c: the simulated machine on a bare one, whose faults and whose timer
 * take the place of signals. An interrupt of the bare machine is never left in its midst: what a busy
 * guest was at is kept aside, and the interrupt returns to `leave_guest` on a stack of its own, which
 * has the other CPUs go on and then goes on where the guest was. */
#include "base/interrupted.h"
#include "kernel/kernel.h"
#include "tests/simulate/state.h"
#include "tests/system/own/own.h"

enum {
    LEAVE_STACK_BYTES = 64 << 10,
    /* Without a call of the machine, and still in guest code: busy. Emulated ones are slow. */
    BUSY_NS = 10000000,
    KERNEL_PATIENCE = 100, /* so many times as long if it is elsewhere */
};

/* A guest that was left. */
static struct leaving {
    struct interrupted left;
    _Alignas(16) u8 stack[LEAVE_STACK_BYTES];
} leavings[MACHINE_CPUS_MAX];

static bool goes_back; /* the next interrupt that the CPU makes itself returns to the guest */
static u64 seen_calls; /* of the machine, at the last tick */
static u64 seen_ns;
static u64 busy_ns; /* since the last call */

void signals_take(void)
{
    own_tick(true);
}

void signals_give_back(void)
{
    own_tick(false);
}

static _Noreturn void leave_guest(void)
{
    struct virtual_cpu *cpu = state_cpu();
    struct leaving *leaving = &leavings[cpu - simulation.cpus];
    cpu->busy = true;
    state_yield();
    (void)kernel_interrupted(simulation.running, &leaving->left);
    goes_back = true;
    own_interrupt();
    BASE_ASSERT(false);
}

void simulated_interrupted(struct interrupted *interrupted)
{
    if (!goes_back)
        return;
    goes_back = false;
    *interrupted = leavings[simulation.running].left;
}

static bool is_busy(bool in_guest, u64 now_ns)
{
    bool has_called = seen_calls != simulation.calls;
    busy_ns = has_called ? 0 : busy_ns + u64_min(now_ns - seen_ns, OWN_TICK_NS);
    seen_calls = simulation.calls;
    seen_ns = now_ns;
    return busy_ns >= (in_guest ? (u64)BUSY_NS : (u64)BUSY_NS * KERNEL_PATIENCE);
}

void simulated_tick(struct interrupted *interrupted, bool in_guest, u64 now_ns)
{
    if (simulation.in_machine || simulation.running == MACHINE_NO_CPU || goes_back ||
        !is_busy(in_guest, now_ns))
        return;
    struct leaving *leaving = &leavings[simulation.running];
    busy_ns = 0;
    simulation.calls++;
    leaving->left = *interrupted;
    interrupted->pc = (usize)leave_guest;
    interrupted->sp = (usize)leaving->stack + LEAVE_STACK_BYTES - sizeof(u64); /* as if called */
}

void signals_enter(const struct virtual_cpu *cpu)
{
    (void)cpu;
}

void signals_leave(const struct virtual_cpu *cpu)
{
    (void)cpu;
}

bool simulated_fault(const struct machine_fault *fault, struct context_guard *mark)
{
    struct virtual_cpu *cpu = simulation.running == MACHINE_NO_CPU ? NULL : state_cpu();
    struct guard *guard = cpu == NULL ? NULL : cpu->current->guard;
    simulation.in_fault = true; /* a handler is not to be left */
    bool is_guests = guard != NULL && kernel_fault(fault);
    simulation.in_fault = false;
    if (!is_guests)
        return false;
    guard->fault_stack = context_frames_end(cpu->current, fault->sp);
    *mark = guard->mark;
    return true;
}
