/* Messages from birth to end.
 *
 *                    no room              taken             answered
 *   send -> BACKLOG ---------> QUEUED ---------> DELIVERED ---------> ANSWERED -> taken by the sender
 *                                 |                  | withdrawn
 *                                 v withdrawn        v
 *                               gone             WITHDRAWN -> taken by the receiver
 *
 * A message that wants no answer ends when it is taken. With a native receiver it is DELIVERED at
 * once. Each is charged to its sender's silo until it ends. All under the kernel's lock. */
#ifndef KERNEL_MESSAGE_H
#define KERNEL_MESSAGE_H

#include "kernel/limits.h"
#include "kernel/party.h"
#include "kernel/silo.h"

struct thread;

enum message_state {
    MESSAGE_FREE,
    MESSAGE_BACKLOG,   /* its sender is blocked in send */
    MESSAGE_QUEUED,    /* in the receiver's events, or waiting on a binding */
    MESSAGE_DELIVERED,
    MESSAGE_ANSWERED,  /* in the sender's events */
    MESSAGE_WITHDRAWN, /* in the receiver's events; no sender any more */
};

struct message {
    struct message *next_spare; /* while it is free */
    i64 id; /* the index in the pool, and above MESSAGE_INDEX_BITS how often it was given */
    enum message_state state;
    bool wants_answer;
    bool in_call;           /* its native receiver has not returned from its first sight of it */
    struct party *sender;   /* NULL: gone, or not to be told */
    struct party *receiver; /* NULL: waits on a binding */
    struct binding *binding; /* QUEUED, BACKLOG: on which it waits, or NULL */
    struct queued queued;
    struct list_link sender_link;
    struct list_link receiver_link;
    struct list waiters; /* struct wait_node.link: threads that wait for just this message */
    struct thread *blocked; /* in BACKLOG: the sender's thread */
    struct silo *silo;   /* who pays */
    u64 charged_bytes;
    u64 interface;
    u64 sender_id;
    u64 badge;
    i32 slot; /* of the sender's: by which it went; 0: by none */
    i64 withdrawn_id; /* WITHDRAWN: what the receiver knows it by */
    enum weft_status status; /* of the answer */
    u32 gift_count;
    u8 *body; /* NULL, `inline_body`, or a block of `size` bytes */
    u32 size; /* 0 without a body */
    struct traffic *traffic; /* it is timed, for this row of its silo; NULL: it is not */
    u64 sent_ns;             /* if it is */
    u64 answerer_id; /* whose it is; 0: a native handler's, or the kernel's */
    struct slot_target gifts[WEFT_GIFTS_MAX]; /* held */
    u8 inline_body[BODY_INLINE_MAX];
};

void messages_init(void);
void messages_deinit(void);

/* All messages there are, and those of them that are free: of message.c and of what is inline here. */
extern struct pool message_pool;
extern struct message *message_spares;

/* A new one from the pool, with an id; NULL: there is no memory, or too many are out. */
struct message *message_grow(void);

/* An item whose ids are used up is never given again. */
static inline struct message *message_take(void)
{
    struct message *message = message_spares;
    if (BASE_SELDOM(message == NULL))
        return message_grow();
    message_spares = message->next_spare;
    message->id = (i64)((u64)message->id + (1u << MESSAGE_INDEX_BITS));
    return BASE_SELDOM(message->id < 0) ? message_grow() : message;
}

/* A message charged with `charged_bytes`; NULL and a status if that cannot be. */
static BASE_WITHIN struct message *message_create(struct silo *silo, u64 charged_bytes,
                                                  enum weft_status *status)
{
    *status = WEFT_LIMIT;
    if (BASE_SELDOM(!silo_charge_message(silo, charged_bytes)))
        return NULL;
    struct message *message = message_take();
    if (BASE_SELDOM(message == NULL)) {
        silo_discharge_message(silo, charged_bytes);
        *status = WEFT_NO_MEMORY;
        return NULL;
    }
    /* Body, gifts and waiters are gone since the last one, or have never been. */
    message->in_call = false;
    message->sender = NULL;
    message->receiver = NULL;
    message->silo = silo;
    message->charged_bytes = charged_bytes;
    message->traffic = NULL;
    return message;
}

/* Threads of other parties than `kept` wait for this message in vain. */
void message_dismiss_waiters(struct message *message, const struct party *kept);
void message_drop_body(struct message *message);
void message_drop_gifts(struct message *message);

/* Ends it: gives back body, gifts and charge, and sends threads away that wait for it. It is in no
 * list of a party any more. */
static inline void message_free(struct message *message)
{
    if (BASE_SELDOM(!list_empty(&message->waiters)))
        message_dismiss_waiters(message, NULL);
    if (BASE_SELDOM(message->body != NULL))
        message_drop_body(message);
    if (BASE_SELDOM(message->gift_count != 0))
        message_drop_gifts(message);
    message->state = MESSAGE_FREE;
    message->next_spare = message_spares;
    message_spares = message;
    silo_discharge_message(message->silo, message->charged_bytes);
}

static inline i64 message_id(const struct message *message)
{
    return message->id;
}

/* The item of that id, for callers that look at its state, which may be MESSAGE_FREE; NULL if there
 * is none. */
static inline struct message *message_at(i64 id)
{
    u64 index = (u64)id & ((1u << MESSAGE_INDEX_BITS) - 1);
    struct message *message = pool_at_sized(&message_pool, (u32)index, sizeof(*message));
    return BASE_SELDOM(message == NULL || message->id != id) ? NULL : message;
}

/* The message of that id that has not ended; NULL otherwise. Whose it is, the caller checks. */
static inline struct message *message_find(i64 id)
{
    struct message *message = message_at(id);
    return message == NULL || message->state == MESSAGE_FREE ? NULL : message;
}

/* Keeps a copy of a body up to LOCKED_COPY_MAX. */
bool message_copy_body(struct message *message, struct bytes body);
/* Takes over a block. */
void message_own_body(struct message *message, u8 *block, u32 size);
/* The block behind the body is the caller's now, or NULL if the body lies in the message. */
u8 *message_disown_body(struct message *message);

/* The request's body has been taken: what is kept is room for the answer. */
void message_body_taken(struct message *message);

/* To its receiver, which it names: there is room, or must be. */
void message_queue(struct message *message);
/* The receiver, or the binding, has room for one more: lets the longest blocked sender go on. */
void message_admit_next(struct list *backlog, u32 queued_count);
/* No longer with its receiver or binding, in whatever state. */
void message_unlink(struct message *message);
/* The answer is in the message, which is unlinked: on to its sender. */
void message_settle(struct message *message, enum weft_status status);
/* An answer without body and gifts, in any state before ANSWERED; a message that wants none ends,
 * and a blocked send fails. */
void message_refuse(struct message *message, enum weft_status status);
/* The send that the thread is blocked in fails. */
void message_break_off(struct thread *thread, i64 result);
/* DELIVERED or QUEUED at a receiver: the sender is answered DENIED, and the receiver told as if it
 * had been withdrawn. */
void message_revoke(struct message *message);
/* The sender takes it back, or dies; it is in the sender's `sent`. */
void message_withdraw(struct message *message);

/* The event that leads to this queue entry. */
static inline struct message *message_of_queued(struct queued *queued)
{
    return BASE_CONTAINER_OF(queued, struct message, queued);
}

#endif
