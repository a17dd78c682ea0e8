/* Test programs of tests/base, tests/engine and tests/kernel in place of the bare kernel: what its
 * parts have of each other. */
#ifndef TESTS_SYSTEM_OWN_OWN_H
#define TESTS_SYSTEM_OWN_OWN_H

#include "arch/x86_64/context.h"
#include "machine/machine.h"

enum { OWN_TICK_NS = 250000 };

/* Whether the fault is that of a guest in the simulated machine; where that goes on. */
bool simulated_fault(const struct machine_fault *fault, struct context_guard *mark);
/* Every tick; `in_guest`: what was stopped is no code of the image. */
void simulated_tick(struct interrupted *interrupted, bool in_guest, u64 now_ns);
/* What `own_interrupt` has stopped, which may go on elsewhere. */
void simulated_interrupted(struct interrupted *interrupted);
/* The machine's timer, for the simulated machine: whether it ticks. */
void own_tick(bool on);
void own_interrupt(void);
/* Whether it is the guest's that the engine's tests watch; the place's guarded calls are the
 * machine's. */
bool place_has_fault(const struct machine_fault *fault);

#endif
