/* Test programs of tests/base, tests/engine and tests/kernel in place of the bare kernel: what its
 * parts have of each other. */
#ifndef TESTS_SYSTEM_OWN_OWN_H
#define TESTS_SYSTEM_OWN_OWN_H

#include "arch/x86_64/context.h"
#include "machine/machine.h"

/* Whether the fault is that of a guest in the simulated machine; where that goes on. */
bool simulated_fault(const struct machine_fault *fault, struct context_guard *mark);
/* Whether it is the guest's that the engine's tests watch; the place's guarded calls are the
 * machine's. */
bool place_has_fault(const struct machine_fault *fault);

#endif
