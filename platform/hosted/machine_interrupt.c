#include "platform/hosted/machine_interrupt.h"

#include "base/base.h"

/* Between CPUs it is none of the queued ones: sending those fails when the host's queue is full,
 * and one that waits is as good as many. */
int interrupt_number(enum interrupt interrupt)
{
    return interrupt == INTERRUPT_TIMER ? SIGRTMIN : SIGURG;
}

void interrupt_catch(enum interrupt interrupt, void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction action = {
        .sa_sigaction = handler,
        .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK,
    };
    sigemptyset(&action.sa_mask);
    for (u32 i = 0; i < INTERRUPT_COUNT; i++)
        sigaddset(&action.sa_mask, interrupt_number((enum interrupt)i));
    BASE_ASSERT(sigaction(interrupt_number(interrupt), &action, NULL) == 0);
}
