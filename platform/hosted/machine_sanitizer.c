/* The address sanitizer watches stacks; ours change under it. Its functions are there only in a
 * build with it: in any other, each of these is one test. */
#include "platform/hosted/machine_context.h"

#include <pthread.h>

ONLY_SANITIZED void __asan_unpoison_memory_region(const volatile void *start, usize size);
const char *__asan_default_options(void);

/* Fake stacks, of threads or of ours, are off: frames would be kept by OS thread, and our stacks
 * move between threads. The fault signals are ours. */
__attribute__((used)) const char *__asan_default_options(void)
{
    return "detect_stack_use_after_return=0:use_sigaltstack=0:handle_segv=0:handle_sigbus=0:"
           "handle_sigill=0:handle_sigfpe=0";
}

void sanitizer_unpoison(const u8 *from, const u8 *to)
{
    if (__asan_unpoison_memory_region != NULL)
        __asan_unpoison_memory_region(from, (usize)(to - from));
}

void sanitizer_own_stack(const u8 **bottom, usize *size)
{
    pthread_attr_t attributes;
    void *start = NULL;
    *size = 0;
    if (__sanitizer_start_switch_fiber != NULL &&
        pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &start, size);
        pthread_attr_destroy(&attributes);
    }
    *bottom = start;
}
