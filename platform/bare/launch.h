/* Runs the program that the command line names, from the boot bundle. Private to the bare
 * platforms. */
#ifndef PLATFORM_BARE_LAUNCH_H
#define PLATFORM_BARE_LAUNCH_H

#include "base/base.h"

/* Starts the kernel and the program; the exit status if that failed, told; 0: it is ready to run.
 */
int launch_start(struct bytes bundle);
/* After the kernel has stopped: gives everything back. The exit status of the program: its own, 134
 * if it trapped, 137 if it was killed, 130 at the interrupt key. */
int launch_end(void);
/* Whether somebody asked for the machine to start again rather than to be switched off. */
bool launch_restarts(void);

#endif
