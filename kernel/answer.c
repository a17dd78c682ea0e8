#include "kernel/block.h"
#include "kernel/call.h"
#include "kernel/process.h"

/* A thread of the message's sender that waits for the answer, or for anything, and has room for the
 * body; NULL if there is none. */
static struct thread *waiting_sender(const struct message *message, u64 size)
{
    struct party *sender = message->sender;
    if (sender == NULL || sender->is_native)
        return NULL;
    struct thread *thread = NULL;
    struct list_link *link = list_first(&message->waiters);
    for (; link != NULL && thread == NULL; link = list_next(&message->waiters, link)) {
        struct thread *waiter = BASE_CONTAINER_OF(link, struct wait_node, link)->thread;
        if (&waiter->process->party == sender)
            thread = waiter;
    }
    link = list_first(&sender->waiters);
    if (thread == NULL && link != NULL)
        thread = BASE_CONTAINER_OF(link, struct thread, wait.link);
    return thread != NULL && thread->wait.capacity >= size ? thread : NULL;
}

/* The gifts go into the message, and at once on into the sender's table if `event` is given. False:
 * there is no room for them, and they are gone. */
static bool move_gifts(struct answering *answering, struct message *message,
                       struct weft_event *event)
{
    if (answering->gifts.count == 0)
        return true;
    gifts_take(answering->by, &answering->gifts, message->gifts);
    message->gift_count = answering->gifts.count;
    gifts_commit(answering->by, &answering->gifts);
    if (event == NULL)
        return true;
    if (gifts_add(message->sender, message->gifts, message->gift_count, event->gifts) != WEFT_OK)
        return false;
    event->gift_count = message->gift_count;
    message->gift_count = 0;
    return true;
}

/* The sender gets the answer as an event in its queue. */
static void settle_by_queue(struct answering *answering, struct message *message)
{
    u64 size = answering->body.size;
    u64 extra = size > ANSWER_RESERVE ? size - ANSWER_RESERVE : 0;
    message_unlink(message);
    if (message->silo != NULL && !silo_charge(message->silo, RESOURCE_BODY_BYTES, extra)) {
        message_settle(message, WEFT_LIMIT);
        return;
    }
    message->charged_bytes += extra;
    if (answering->copy != NULL) {
        message_own_body(message, answering->copy, (u32)size);
        answering->copy = NULL;
    } else if (!message_copy_body(message, answering->body)) {
        message_settle(message, WEFT_NO_MEMORY);
        return;
    }
    move_gifts(answering, message, NULL);
    message_settle(message, answering->status);
}

/* The sender waits: the answer goes straight to it. */
static void settle_by_hand(struct answering *answering, struct message *message,
                           struct thread *thread)
{
    struct weft_event event = {
        .kind = WEFT_EVENT_ANSWER,
        .status = (i32)answering->status,
        .id = message_id(message),
        .interface = message->interface,
    };
    struct bytes body = answering->body;
    message_unlink(message);
    list_remove(&message->sender_link);
    if (!move_gifts(answering, message, &event)) {
        event.status = WEFT_LIMIT;
        body.size = 0;
    }
    event.size = (u32)body.size;
    thread_detach(thread);
    message_free(message);
    call_hand_over(thread, &event, body);
}

static enum weft_status settle(struct answering *answering, struct message *message)
{
    enum weft_status status = answering->fault;
    if (status == WEFT_OK && answering->gifts.count != 0)
        status = gifts_check(answering->by, &answering->gifts);
    if (status != WEFT_OK)
        return status;
    struct thread *thread = waiting_sender(message, answering->body.size);
    if (thread != NULL)
        settle_by_hand(answering, message, thread);
    else
        settle_by_queue(answering, message);
    return WEFT_OK;
}

static bool needs_copy(const struct answering *answering, const struct message *message)
{
    u64 size = answering->body.size;
    return answering->fault == WEFT_OK && size > LOCKED_COPY_MAX && answering->copy == NULL &&
           waiting_sender(message, size) == NULL;
}

static bool can_withdraw(const struct answering *answering, const struct message *message)
{
    return message->sender == answering->by && message->wants_answer && !message->in_call &&
           message->state != MESSAGE_BACKLOG;
}

/* False: try again with a copy. */
static bool try_to_answer(struct answering *answering, enum weft_status *status)
{
    struct message *message = message_find(answering->id);
    *status = WEFT_BAD_MESSAGE;
    if (message == NULL)
        return true;
    if (message->receiver == answering->by && message->state == MESSAGE_DELIVERED) {
        if (needs_copy(answering, message))
            return false;
        *status = settle(answering, message);
    } else if (can_withdraw(answering, message)) {
        message_withdraw(message);
        *status = WEFT_OK;
    }
    return true;
}

enum weft_status answer_message(struct answering *answering)
{
    enum weft_status status;
    lock_take_on(answering->cpu);
    if (!try_to_answer(answering, &status)) {
        lock_give();
        answering->copy = (u8 *)(usize)block_copy(answering->body).data;
        lock_take_on(answering->cpu);
        status = WEFT_NO_MEMORY;
        if (answering->copy != NULL)
            try_to_answer(answering, &status);
    }
    lock_give();
    block_give(answering->copy, answering->body.size);
    return status;
}
