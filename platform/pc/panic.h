/* The end after a mistake of the kernel's own. Private to the PC platform. */
#ifndef PLATFORM_PC_PANIC_H
#define PLATFORM_PC_PANIC_H

#include "machine/machine.h"

/* Tells what happened, with registers and a backtrace, and stops as the command line says.
 * `address` is what was accessed, for page faults. */
_Noreturn void panic_fault(const struct interrupted *interrupted, u32 vector, u64 error,
                           u64 address);

#endif
