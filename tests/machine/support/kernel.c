#include "tests/machine/support/kernel.h"

#include "kernel/kernel.h"

struct test_kernel test_kernel;

void kernel_run_cpu(void)
{
    test_kernel.run_cpu();
}

void kernel_stop(void)
{
    test_kernel.stop();
}

bool kernel_timer(u32 cpu, struct interrupted *interrupted)
{
    return test_kernel.timer(cpu, interrupted);
}

bool kernel_interrupted(u32 cpu, struct interrupted *interrupted)
{
    return test_kernel.interrupted(cpu, interrupted);
}

bool kernel_fault(const struct machine_fault *fault)
{
    return test_kernel.fault != NULL && test_kernel.fault(fault);
}
