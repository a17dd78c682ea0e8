/* The native handler of `stream`: standard input, output and error, and the terminal. Private to
 * the hosted platform. */
#ifndef PLATFORM_HOSTED_NATIVE_STREAM_H
#define PLATFORM_HOSTED_NATIVE_STREAM_H

#include "kernel/kernel.h"

/* Badges. The binding's own slot, badge 0, reads standard input and writes standard output. */
enum stream_badge {
    STREAM_BOTH,
    STREAM_INPUT,
    STREAM_OUTPUT,
    STREAM_ERRORS,
    STREAM_TERMINAL,
};

enum status native_stream_init(void);
void native_stream_deinit(void);
/* A slot in the table of `receiver` that leads to that stream. The terminal's is of the job that is
 * in front. */
enum status native_stream_mint(struct native *receiver, enum stream_badge badge, i32 *slot);
/* Takes back what programs have changed of the terminal's screen and not changed back: the other
 * screen, colours, a hidden cursor. Safe in signal handlers. */
void native_stream_restore_screen(void);

/* Streams that lead to a terminal stand still: nothing is read or written. */
void native_stream_hold(bool held);

/* ---- Jobs (native_stream_job.c) ---- */

/* A terminal's stream that is read only while it is in front. NULL: there is no terminal, or no
 * room for one more. */
struct native_stream_job *native_stream_job_create(void);
void native_stream_job_release(struct native_stream_job *job);
enum status native_stream_job_mint(struct native *receiver, struct native_stream_job *job,
                                   i32 *slot);
/* The one that is in front now; NULL: those that are of no job. */
void native_stream_job_front(struct native_stream_job *job);
/* What programs of the job have made of the screen is taken back, or there again. */
void native_stream_job_leave_screen(struct native_stream_job *job);
void native_stream_job_take_screen(struct native_stream_job *job);

#endif
