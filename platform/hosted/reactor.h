/* One thread that waits for descriptors and signals, for all native handlers. Private to the hosted
 * platform. */
#ifndef PLATFORM_HOSTED_REACTOR_H
#define PLATFORM_HOSTED_REACTOR_H

#include "base/base.h"

/* A descriptor that is waited for. `ready` is called on the reactor's thread, without its lock,
 * once for each `reactor_arm`. */
struct reactor_watch {
    int fd;
    void (*ready)(struct reactor_watch *watch);
    u32 place; /* in the reactor's table, from 1; 0: not there yet */
};

/* Starts the thread. Every signal of `signals` goes to `on_signal`, on that thread: the caller has
 * blocked them before any other thread began. */
bool reactor_start(const int *signals, u32 signal_count, void (*on_signal)(int signal));
/* Ends the thread: no `ready` is called any more. */
void reactor_stop(void);
/* After it has stopped, and all watches are removed. */
void reactor_deinit(void);

/* Has `ready` called when one of `events` (EPOLLIN, EPOLLOUT) holds, or an error does. Replaces
 * what the watch was armed with. False: the host cannot wait for this descriptor: it is always
 * ready, or there is no memory. */
bool reactor_arm(struct reactor_watch *watch, u32 events);
/* After it, `ready` neither runs nor will; before the descriptor is closed. The caller holds no
 * lock that `ready` takes. */
void reactor_remove(struct reactor_watch *watch);

#endif
