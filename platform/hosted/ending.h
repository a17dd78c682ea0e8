/* How the system came to its end: the first reason counts. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_ENDING_H
#define PLATFORM_HOSTED_ENDING_H

#include "base/base.h"

/* Stops the system; the process will exit with `status`. From any thread, not from a signal
 * handler; later calls change nothing. */
void ending_request(int status);
/* The same, but the process ends as if by `signal`, as Unix programs do that are interrupted. */
void ending_request_signal(int signal);
/* The exit status, -1 if nobody asked for an end yet. */
int ending_status(void);
/* Ends the process as was asked for. */
_Noreturn void ending_finish(void);

/* To be called before anything else: keeps what the parent process wants of SIGPIPE, then ignores
 * it, so that writing into a closed pipe is an error here. */
void ending_init(void);
/* Standard output has no reader any more: what SIGPIPE would do. */
void ending_broken_pipe(void);

#endif
