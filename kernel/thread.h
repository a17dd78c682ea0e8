/* Threads: one flow of guest code each, with an execution and a native stack of its own.
 *
 * A thread is created and runs at once; it ends by itself, when its function returns or traps, or
 * when its process ends: then whatever it waits for is broken off, and its guest code is stopped at
 * the next call or back-edge. Under the kernel's lock unless told otherwise. */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H

#include "kernel/message.h"
#include "kernel/alarm.h"
#include "kernel/process.h"
#include "kernel/schedule.h"

enum thread_state {
    THREAD_READY,
    THREAD_RUNNING,
    THREAD_BLOCKED,
    THREAD_ENDED,
};

/* One message that a thread waits for. */
struct wait_node {
    struct list_link link; /* in message->waiters; unlinked: that message has ended */
    struct thread *thread;
    struct message *message;
};

enum { WAIT_NODES_INLINE = 4 };

/* An event record in guest memory, at any alignment. */
struct __attribute__((packed)) event_place {
    struct weft_event event;
};

/* What a thread waits for, and where in its memory the event goes, which the thread itself writes
 * before it is found in any list. */
struct wait {
    struct list_link link; /* in party->waiters: any event will do */
    struct wait_node *nodes; /* `inline_nodes`, or as many as a call has ids */
    u32 node_count;
    u32 live_count; /* nodes whose message may still bring an event */
    struct wait_node inline_nodes[WAIT_NODES_INLINE];
    struct event_place *event;
    u8 *body;
    u32 capacity;
};

/* Why schedule_block came back, besides kinds of events, ids of messages and negated statuses. */
#define THREAD_AGAIN INT64_MIN         /* look again */
#define THREAD_STOPPED (INT64_MIN + 1) /* the process ends */

struct thread {
    struct process *process;
    struct list_link link;       /* in process->threads */
    struct list_link ready_link; /* in share.threads */
    enum thread_state state;
    bool receiving; /* blocked, and somebody copies into its memory without the lock: not to be
                       woken by anybody else */
    bool is_stuck;  /* blocked until some other process does something: see deadlock.h */
    u32 id;         /* within the process, from 1 */
    struct cpu *cpu; /* that it runs on */
    struct execution *execution;
    struct machine_context *context;
    struct instance *instance; /* of its own, but for the first thread */
    u32 argument;
    i64 result; /* of the call that it is blocked in */
    struct wait wait;
    struct alarm alarm;
    struct message *backlogged;    /* waits for room in some queue */
    const struct gift_list *gifts; /* that go with it */
};

/* Without the lock. A thread of a process that is being made or runs, with an instance of its own
 * (its to destroy) or, the first one, in those of the process. */
enum weft_status thread_create(struct process *process, struct instance *instance, u32 argument,
                               struct thread **thread);
/* Under the lock. On error nothing has changed. */
enum weft_status thread_start(struct thread *thread);
/* Without the lock, on another stack: gives back what an ended thread had. */
void thread_destroy(struct thread *thread);

static inline void thread_detach_nodes(struct wait *wait)
{
    struct wait_node *end = wait->nodes + wait->node_count;
    for (struct wait_node *node = wait->nodes; node < end; node++)
        list_remove(&node->link);
    wait->node_count = 0;
    wait->live_count = 0;
}

/* One that waits for any event does so no more. It is never stuck. */
static inline void thread_detach_any(struct thread *thread)
{
    list_take_out(&thread->wait.link);
    if (BASE_SELDOM(alarm_is_set(&thread->alarm)))
        alarm_clear(&thread->alarm);
}

/* Waits for nothing any more. */
static inline void thread_detach(struct thread *thread)
{
    if (thread->wait.node_count != 0)
        thread_detach_nodes(&thread->wait);
    else
        list_remove(&thread->wait.link);
    if (BASE_SELDOM(alarm_is_set(&thread->alarm)))
        alarm_clear(&thread->alarm);
    if (thread->is_stuck) {
        thread->is_stuck = false;
        thread->process->stuck_count--;
    }
}

/* The blocked thread goes on with that result. */
void thread_wake(struct thread *thread, i64 result);
/* The same for one that is detached already. */
static inline void thread_resume(struct thread *thread, i64 result)
{
    BASE_ASSERT(thread->state == THREAD_BLOCKED);
    thread->result = result;
    thread->state = THREAD_READY;
    if (!schedule_make_next(thread))
        schedule_ready(thread);
}

/* Without any lock, where the kernel is at work for long on the calling thread: others may have the CPU
 * meanwhile, and it may go on on another one. On a thread that is none of ours, nothing happens. */
void thread_pause(void);
/* Its process ends: break off what it waits for; if it runs, make it notice. */
void thread_stop(struct thread *thread);
/* Blocks the calling thread and gives its result. Its process must not be ending: whoever ends it
 * would not find the thread any more. */
static inline i64 thread_block(struct thread *thread)
{
    schedule_block(thread);
    return thread->result;
}

#endif
