/* Rings of processes that wait for each other.
 *
 * A thread is stuck when it is blocked, with no deadline, until another process acts: in send, for
 * room in that process's queue, or in wait, for answers to messages that it sent and nothing else.
 * A process whose threads are all stuck goes on when one of those it waits for does. If all that
 * can be reached from a thread that is about to block are so, none of them ever goes on.
 *
 * Native handlers, bindings without a handler and anything with a deadline may always come to life.
 * Under the kernel's lock. */
#ifndef KERNEL_DEADLOCK_H
#define KERNEL_DEADLOCK_H

#include "kernel/thread.h"

/* Whether that party can still do something by itself. */
static inline bool deadlock_is_alive(struct party *party)
{
    if (party == NULL || party->is_native || party->dead)
        return true;
    const struct process *process = process_of_party(party);
    return process->stuck_count < process->thread_count || process->ending;
}

/* Who is to send the answer that the thread waits for. */
static inline struct party *deadlock_answerer(const struct thread *thread,
                                              const struct wait_node *node)
{
    const struct message *message = node->message;
    bool is_ours = message->sender == &thread->process->party;
    bool is_open = message->state == MESSAGE_QUEUED || message->state == MESSAGE_DELIVERED;
    return is_ours && is_open ? message->receiver : NULL;
}

/* The search for it, of a thread that counts as stuck already. */
bool deadlock_is_found(struct thread *thread, struct party *target);

/* Whether a ring would close if the running thread waited for `target`, or if that is NULL, for the
 * messages in its wait nodes. If not, it counts as stuck from now on, until thread_detach. `first` is
 * one of those that it would wait for. */
static inline bool deadlock_closes_on(struct thread *thread, struct party *target,
                                      struct party *first)
{
    thread->is_stuck = true;
    thread->process->stuck_count++;
    /* Mostly the first one to look at is at work, and there is nothing to search. */
    return BASE_SELDOM(!deadlock_is_alive(first)) && deadlock_is_found(thread, target);
}

/* The same, for callers that know no such one. */
static inline bool deadlock_closes(struct thread *thread, struct party *target)
{
    struct party *first =
        target != NULL ? target : deadlock_answerer(thread, &thread->wait.nodes[0]);
    return deadlock_closes_on(thread, target, first);
}

#endif
