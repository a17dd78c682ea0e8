/* Stands in for the kernel in tests of the machine: what it is asked, a test decides. */
#ifndef TESTS_MACHINE_SUPPORT_KERNEL_H
#define TESTS_MACHINE_SUPPORT_KERNEL_H

#include "machine/machine.h"

struct test_kernel {
    void (*run_cpu)(void);
    void (*stop)(void);
    bool (*timer)(u32 cpu, struct interrupted *interrupted);
    bool (*interrupted)(u32 cpu, struct interrupted *interrupted);
    bool (*fault)(const struct machine_fault *fault);
};

extern struct test_kernel test_kernel;

#endif
