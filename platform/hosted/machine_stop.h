/* Ending the process so that the terminal is as it was. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_MACHINE_STOP_H
#define PLATFORM_HOSTED_MACHINE_STOP_H

#include "base/base.h"

/* Called at every end that a process can see coming, also in signal handlers: only calls that are
 * safe there. May be called more than once. */
void stop_at_end(void (*restore)(void));
void stop_restore(void);
/* Ends the process as if by `signal`, so that who waits for it sees that; returns only if the
 * signal is ignored. */
void stop_by_signal(int signal);
/* Has the machine's log lines shown by `show`, in place of writing them to standard error. */
void stop_log_with(void (*show)(struct bytes line));
/* Writes all of `text` to standard error. Safe in signal handlers. */
void stop_say(struct bytes text);

#endif
