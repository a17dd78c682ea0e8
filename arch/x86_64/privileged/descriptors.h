/* Segments, interrupt gates, and the stacks that interrupts run on. A door of arch/.
 *
 * Every vector enters on a stack of its own kind (IST), so what is interrupted needs no room on its
 * stack: it may be a guest's that is full, and code may use what lies below its stack pointer.
 * Interrupts are off in all handlers. */
#ifndef ARCH_X86_64_PRIVILEGED_DESCRIPTORS_H
#define ARCH_X86_64_PRIVILEGED_DESCRIPTORS_H

#include "base/base.h"

enum vector {
    VECTOR_DIVIDE = 0,
    VECTOR_NMI = 2,
    VECTOR_ILLEGAL = 6,
    VECTOR_DOUBLE_FAULT = 8,
    VECTOR_GENERAL_PROTECTION = 13,
    VECTOR_PAGE_FAULT = 14,
    VECTOR_MACHINE_CHECK = 18,
    VECTOR_INTERRUPTS = 32, /* those from here on are not exceptions */
    VECTOR_COUNT = 256,
};

enum interrupt_stack {
    INTERRUPT_STACK_FAULT, /* may interrupt a handler of interrupts */
    INTERRUPT_STACK_INTERRUPT,
    INTERRUPT_STACK_NMI,
    INTERRUPT_STACK_BROKEN, /* double faults, machine checks: whatever else ran is lost */
    INTERRUPT_STACK_COUNT,
};

/* A CPU's own tables. */
struct descriptors {
    u64 segments[5]; /* none, code, data, and two for the task state */
    u8 unused[8];
    u8 task_state[104]; /* at offset 36 the stacks, by number from 1 */
} __attribute__((aligned(16)));

/* Fills the tables in and makes them this CPU's. `tops` are the ends of its stacks. */
void descriptors_load(struct descriptors *descriptors, u8 *const tops[INTERRUPT_STACK_COUNT]);

/* ---- What the platform gives ---- */

/* Every vector comes here, with the registers as they were; what is changed in `interrupted` is
 * what goes on. `error` is 0 where the CPU pushes none. */
void vector_entry(struct interrupted *interrupted, u32 vector, u64 error);

#endif
