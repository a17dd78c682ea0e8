/* What the two files of `terminal` share. Private to them. */
#ifndef PLATFORM_HOSTED_TERMINAL_STATE_H
#define PLATFORM_HOSTED_TERMINAL_STATE_H

#include "abi/front.h"
#include "interface/terminal.h"
#include "platform/hosted/handler.h"
#include "platform/hosted/native_stream.h"

#include <signal.h>
#include <stdatomic.h>
#include <termios.h>

/* Who comes to the front together. The one that is in front is found from `terminal.outermost` on:
 * a shell in front may have a job in front of it, and that may be a shell with a job. */
struct job {
    struct object object;             /* the first member */
    struct native_stream_job *stream; /* NULL: of those that are of no job */
    struct front front;               /* its parent is held */
    struct termios mode;              /* while it is not in front */
    u64 mode_owner;                   /* process whose mode holds; 0: the original holds */
};

/* Somebody who waits for a key or for another size. */
struct question {
    struct list_link link;
    i64 id;
    struct terminal_size known;
    struct job *job; /* whose stop key it is; NULL: nobody's */
};

struct terminal_state {
    pthread_mutex_t lock;
    bool opened;
    int fd; /* -1: there is no terminal */
    struct termios original;
    struct termios current;
    atomic_bool stops_jobs; /* somebody has made jobs, or asked for the stop key: it is not for the
                               system as a whole any more */
    bool attended; /* lines are read with echo, whatever a program has set */
    volatile sig_atomic_t changed;
    struct job outermost; /* those that are of no job */
    struct list interrupted;
    struct list stopped;
    struct list resized;
    u32 question_count;
};

extern struct handler terminal_handler;
extern struct terminal_state terminal;

/* With the lock. */
struct job *terminal_in_front(void);
/* The terminal's descriptor, -1 if there is none. With the lock. */
int terminal_fd(void);
/* Also from the background, where the host would stop us for it. With the lock, or in a signal
 * handler. */
bool terminal_apply(const struct termios *mode);
/* Lets it wait; false: no room. */
bool terminal_wait_in(struct list *list, struct question waiting);
/* Tells those who wait there for the interrupt key or the stop key, on behalf of this job; false: nobody
 * does. */
bool terminal_tell_key(struct list *list, const struct job *job);
void terminal_answer_none(i64 id, bool done, enum terminal_error error);

/* ---- Of the interface, and of its handler (native_terminal_job.c) ---- */

enum weft_status terminal_on_job(void *context, const struct weft_event *event);
enum weft_status terminal_on_job_open(void *context, const struct weft_event *event);
enum weft_status terminal_on_job_front(void *context, const struct weft_event *event);
enum weft_status terminal_on_job_back(void *context, const struct weft_event *event);
enum weft_status terminal_on_job_stopped(void *context, const struct weft_event *event);
void terminal_on_closed(void *context, u64 badge);

#endif
