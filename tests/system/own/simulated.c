/* In place of tests/simulate/signals.c: the simulated machine on a bare one. A guest's faults come
 * from the bare platform. There is no tick, so a guest that computes for ever is never left. */
#include "kernel/kernel.h"
#include "tests/simulate/state.h"
#include "tests/system/own/own.h"

void signals_take(void)
{
}

void signals_give_back(void)
{
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
    if (guard == NULL || !kernel_fault(fault))
        return false;
    guard->fault_stack = context_frames_end(cpu->current, fault->sp);
    *mark = guard->mark;
    return true;
}
