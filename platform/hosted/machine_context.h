/* What the fault handler asks of native stacks. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_MACHINE_CONTEXT_H
#define PLATFORM_HOSTED_MACHINE_CONTEXT_H

#include "machine/machine.h"

/* Whether `address` lies in the guard pages below the stack. */
bool context_overflowed(const struct machine_context *context, const u8 *address);

/* Tells the address sanitizer, where there is one, that the frames in this piece of a stack are
 * gone without having returned. */
void sanitizer_unpoison(const u8 *from, const u8 *to);

#endif
