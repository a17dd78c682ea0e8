/* Parties: whoever can send and receive, that is a process or a native handler.
 *
 * A party has slots, events that wait to be taken, and the messages that it owes an answer or is
 * owed one. It stays as a record, dead, until nobody holds it: endpoints lead to it, and others may
 * hold a process. All under the kernel's lock. */
#ifndef KERNEL_PARTY_H
#define KERNEL_PARTY_H

#include "kernel/slot.h"

/* What waits in a queue of events, as part of a message or an endpoint. */
enum queued_kind {
    QUEUED_NOT,
    QUEUED_MESSAGE,   /* a message to be handled */
    QUEUED_ANSWER,    /* a message of ours that is answered */
    QUEUED_WITHDRAWN, /* a message that we had and its sender took back */
    QUEUED_CLOSED,    /* an endpoint of ours that nobody holds any more */
};

struct queued {
    struct list_link link;
    enum queued_kind kind;
    u64 sequence; /* in which order events became ready */
};

struct party {
    bool is_native;
    bool dead;          /* takes nothing and gives nothing any more */
    u32 holders;        /* endpoints, handles; 1 while alive */
    struct silo *silo;  /* who pays; NULL: nobody, a native handler */
    u64 id;             /* of the process; 0: native */
    u64 sent_count;    /* messages, ever */
    u64 answered_count;
    struct slots slots;
    struct list events;    /* struct queued.link, in order */
    u32 message_count;     /* those of kind QUEUED_MESSAGE */
    struct list backlog;   /* messages that find no room: struct message.queued.link */
    struct list waiters;   /* threads that wait for any event: struct thread.wait.link */
    struct list unsettled; /* messages taken and not answered: struct message.receiver_link */
    struct list sent;      /* messages that want an answer: struct message.sender_link */
};

void party_init(struct party *party, struct silo *silo, u64 id, bool is_native);
void party_hold(struct party *party);
void party_release(struct party *party);
/* Puts an event in its place behind all others. Who waits for it, the caller wakes. */
void party_queue(struct party *party, struct queued *queued, enum queued_kind kind);
/* Wakes a thread that waits for any event, if there is one, to look again. */
void party_wake(struct party *party);
void party_unqueue(struct party *party, struct queued *queued);
/* One step of ending what a dead party still has: takes back what it sent, answers what it owes
 * with GONE, forgets its events, closes its slots. False: nothing is left. */
bool party_end_some(struct party *party);

#endif
