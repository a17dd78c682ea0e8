/* What the fault handler asks of native stacks. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_MACHINE_CONTEXT_H
#define PLATFORM_HOSTED_MACHINE_CONTEXT_H

#include "machine/machine.h"

/* Makes the context that stands for the calling thread's own stack. */
void context_init_own(struct machine_context *context);
/* Whether `address` lies in the guard pages below the stack. */
bool context_overflowed(const struct machine_context *context, const u8 *address);
/* Where the frames end that a fault with the stack pointer `sp` leaves behind on the stack: guests
 * may have stacks of their own, and then any part of it may be such frames. */
u64 context_frames_end(const struct machine_context *context, u64 sp);

/* ---- Telling the address sanitizer, in a build with it (machine_sanitizer.c) ---- */

/* The frames in this piece of a stack are gone without having returned. */
void sanitizer_unpoison(const u8 *from, const u8 *to);

#define ONLY_SANITIZED __attribute__((weak))

ONLY_SANITIZED void __sanitizer_start_switch_fiber(void **fake_stack, const void *bottom,
                                                   usize size);
ONLY_SANITIZED void __sanitizer_finish_switch_fiber(void *fake_stack, const void **bottom,
                                                    usize *size);

static inline bool sanitizer_watches(void)
{
    return __sanitizer_start_switch_fiber != NULL;
}

/* The running code is about to go on on another stack; and it has come to one. */
static inline void sanitizer_leave(const u8 *to_bottom, usize to_size)
{
    if (__sanitizer_start_switch_fiber != NULL)
        __sanitizer_start_switch_fiber(NULL, to_bottom, to_size);
}

static inline void sanitizer_arrive(void)
{
    if (__sanitizer_finish_switch_fiber != NULL)
        __sanitizer_finish_switch_fiber(NULL, NULL, NULL);
}

/* Where the calling thread's own stack is; 0 bytes without the sanitizer. */
void sanitizer_own_stack(const u8 **bottom, usize *size);

#endif
