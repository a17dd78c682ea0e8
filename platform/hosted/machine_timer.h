/* One timer a CPU: a POSIX timer whose signal goes to the CPU's own thread. Private to the hosted
 * platform. */
#ifndef PLATFORM_HOSTED_MACHINE_TIMER_H
#define PLATFORM_HOSTED_MACHINE_TIMER_H

#include "base/base.h"

/* Takes the signal over; once, before the first timer is armed. */
void timer_init(void);
/* Gives the timer of the calling CPU's thread back. */
void timer_deinit(u32 cpu);

#endif
