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

void kernel_timer(u32 cpu)
{
    test_kernel.timer(cpu);
}

bool kernel_fault(const void *address)
{
    return test_kernel.fault != NULL && test_kernel.fault(address);
}
