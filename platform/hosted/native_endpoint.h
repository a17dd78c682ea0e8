/* What the two files of `stream` share: endpoints, and those of jobs. Private to them. */
#ifndef PLATFORM_HOSTED_NATIVE_ENDPOINT_H
#define PLATFORM_HOSTED_NATIVE_ENDPOINT_H

#include "abi/screen_text.h"
#include "interface/stream.h"
#include "platform/hosted/channel.h"

/* One direction of one descriptor. */
struct endpoint {
    struct object object;
    int source; /* the descriptor that was inherited; -1: the terminal */
    bool open;
    enum stream_kind kind;
    pthread_mutex_t text_lock;
    struct screen_text text; /* what programs have made of it, if it is a terminal */
    struct channel channel;
};

struct handler *endpoint_handler(void);
/* The channel of a job's stream; NULL: the badge is of none. */
struct channel *endpoint_of_job(struct handler *handler, u64 badge, bool output);
/* Terminals are held, or no longer. */
void endpoint_hold_jobs(bool held);
/* A job has the keyboard; false: none has. */
void endpoint_job_is_in_front(bool is_in_front);
/* Safe in signal handlers. */
void endpoint_restore_front(void);

#endif
