/* Native handlers inside the kernel's room; kernel.h has what the platform sees.
 *
 * Their messages come as calls on the sender's stack; closed badges, withdrawals and what waited
 * on a binding come as events, which whoever gives the lock back next turns into calls. Under the
 * kernel's lock unless told otherwise. */
#ifndef KERNEL_NATIVE_H
#define KERNEL_NATIVE_H

#include "kernel/kernel.h"
#include "kernel/message.h"

struct native {
    struct party party;
    const struct native_operations *operations;
    void *context;
    /* The answer to a message of its own (native_ask): body and gifts are in the message, which
     * ends after the call. Without the lock. */
    void (*answered)(void *context, struct message *message);
    struct list_link pending_link; /* it has events to be turned into calls */
    bool draining;                 /* somebody does that now */
    u32 calls;                     /* under way */
    u32 stamps;                    /* of calls so far */
};

struct native_call {
    struct native *native;
    struct process *sender; /* alive during the call; NULL: it has ended, or is none */
    const struct memory_window *memory; /* of the instance that sent it; NULL: the message waited
                                           somewhere, and it may have changed */
    struct endpoint *endpoint; /* of the badge, so that CLOSED comes after the call; or NULL */
    struct native_message message;
    u32 stamp; /* on the slots that came with it, until the handler keeps them */
};

static inline struct native *native_of_party(struct party *party)
{
    return BASE_CONTAINER_OF(party, struct native, party);
}

void native_init(void);

/* Calls the handler, without the lock meanwhile; the message is DELIVERED, or ends here if it wants
 * no answer. Gifts that the handler has not kept when it returns are closed. */
void native_take(struct native_call *call, struct message *message);
/* It has events: see to it that they become calls. */
void native_notify(struct party *party);
/* Without the lock: turns events into calls. */
void native_drain(void);
/* No holder any more. */
void native_free(struct party *party);

struct native_question {
    struct bytes body; /* a block */
    struct slot_target gift; /* held; SLOT_FREE: none */
};

/* A message from the native to whoever is bound, charged to `silo`; takes over what the question
 * has. The answer comes by `answered`. On error nothing has changed. */
enum weft_status native_ask(struct native *native, struct binding *binding, struct silo *silo,
                            const struct native_question *question, i64 *id);
/* A message of the kernel to a handler that is there, without an answer, if there is room.
 * True: it has taken over the block. */
bool native_tell(const struct endpoint *endpoint, struct silo *silo, struct bytes body);

#endif
