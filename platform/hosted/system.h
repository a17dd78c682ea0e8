/* The running system of the hosted platform: kernel, native handlers, reactor, CPUs. Private to the
 * hosted platform. */
#ifndef PLATFORM_HOSTED_SYSTEM_H
#define PLATFORM_HOSTED_SYSTEM_H

#include "kernel/kernel.h"

/* Starts the kernel and binds the native handlers in the root silo; what the host cannot give is
 * told. 0 or the exit status. */
int system_start(const struct kernel_options *options);
/* Runs it until something asks for its end, has the caller release what it holds of the kernel, and
 * gives all back. Does not return: the process ends as was asked for. */
_Noreturn void system_run(void (*release)(void));

#endif
