/* Signals that stop a CPU's thread where it stands, to ask the kernel how it is to go on. Private
 * to the hosted platform. */
#ifndef PLATFORM_HOSTED_MACHINE_INTERRUPT_H
#define PLATFORM_HOSTED_MACHINE_INTERRUPT_H

#include <signal.h>

enum interrupt {
    INTERRUPT_TIMER,
    INTERRUPT_CPU, /* from another CPU */
    INTERRUPT_COUNT,
};

/* The host's number of the signal. */
int interrupt_number(enum interrupt interrupt);
/* Takes the signal over. Its handler runs on the stack for faults, as what it stops may have no
 * room, and is not interrupted by another of these signals. */
void interrupt_catch(enum interrupt interrupt, void (*handler)(int, siginfo_t *, void *));

#endif
