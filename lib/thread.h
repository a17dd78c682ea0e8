/* Threads of one process: they share its memory and its slots, and each has its own stack. There is
 * nothing here to wait for one; threads talk by messages on slots that lead to their own process.
 */
#ifndef LIB_THREAD_H
#define LIB_THREAD_H

#include "abi/weft.h"

/* Calls function(argument) in a new thread, which ends when that returns. The stack, aligned to 16,
 * is the thread's until then. */
enum weft_status thread_start(void (*function)(void *), void *argument, void *stack,
                              uint32_t stack_size);

#endif
