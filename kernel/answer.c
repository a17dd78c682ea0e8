#include "kernel/argument.h"
#include "kernel/block.h"
#include "kernel/call.h"
#include "kernel/derived.h"
#include "kernel/lock.h"
#include "kernel/process.h"

static struct thread *thread_of_node(struct list_link *link)
{
    return BASE_CONTAINER_OF(link, struct wait_node, link)->thread;
}

/* A thread of the message's sender that waits for its answer, or for anything; NULL if there is
 * none. */
static struct thread *find_waiter(const struct message *message)
{
    const struct party *sender = message->sender;
    const struct list *waiters = &message->waiters;
    for (struct list_link *link = list_front(waiters); link != &waiters->head; link = link->next)
        if (&thread_of_node(link)->process->party == sender)
            return thread_of_node(link);
    if (list_empty(&sender->waiters))
        return NULL;
    return BASE_CONTAINER_OF(list_front(&sender->waiters), struct thread, wait.link);
}

/* The same, if it has room for the body. */
static struct thread *waiting_sender(const struct message *message, u64 size)
{
    if (message->sender == NULL || message->sender->is_native)
        return NULL;
    struct thread *thread = find_waiter(message);
    return thread != NULL && thread->wait.capacity >= size ? thread : NULL;
}

static void take_gifts(struct answering *answering, struct message *message)
{
    if (answering->gifts.count == 0)
        return;
    gifts_take(answering->by, &answering->gifts, message->gifts);
    message->gift_count = answering->gifts.count;
    derived_gifts(message, message->gifts, message->gift_count);
    gifts_commit(answering->by, &answering->gifts);
}

static enum weft_status keep_body(struct answering *answering, struct message *message, u64 extra)
{
    if (!silo_charge(message->silo, RESOURCE_BODY_BYTES, extra))
        return WEFT_LIMIT;
    message->charged_bytes += extra;
    if (answering->copy == NULL)
        return message_copy_body(message, answering->body) ? WEFT_OK : WEFT_NO_MEMORY;
    message_own_body(message, answering->copy, (u32)answering->body.size);
    answering->copy = NULL;
    return WEFT_OK;
}

/* The sender gets the answer as an event in its queue; without body and gifts, and with the status
 * that says why, if there is no room for them. */
BASE_APART static void settle_by_queue(struct answering *answering, struct message *message)
{
    u64 size = answering->body.size;
    u64 extra = size > ANSWER_RESERVE ? size - ANSWER_RESERVE : 0;
    answering->by->answered_count++;
    message_unlink(message);
    take_gifts(answering, message);
    enum weft_status status = keep_body(answering, message, extra);
    if (status != WEFT_OK)
        message_drop_gifts(message);
    message_settle(message, status == WEFT_OK ? answering->status : status);
}

static void write_event(const struct answering *answering, const struct message *message,
                        struct event_place *place)
{
    place->event.kind = WEFT_EVENT_ANSWER;
    place->event.status = (i32)answering->status;
    place->event.id = message_id(message);
    place->event.badge = 0;
    place->event.interface = message->interface;
    place->event.sender = 0;
    place->event.size = (u32)answering->body.size;
    place->event.gift_count = answering->gifts.count;
    place->event.sender_silo = 0;
}

/* The gifts go on into the sender's table, and their numbers into its event; if there is no room for
 * them, there is neither a body. */
BASE_APART static void hand_gifts_over(struct answering *answering, struct message *message,
                                       struct thread *thread)
{
    i32 gifts[WEFT_GIFTS_MAX];
    take_gifts(answering, message);
    if (gifts_add(message->sender, message->gifts, message->gift_count, gifts) == WEFT_OK) {
        message->gift_count = 0;
        for (u32 i = 0; i < answering->gifts.count; i++)
            thread->wait.event->event.gifts[i] = gifts[i];
        return;
    }
    answering->status = WEFT_LIMIT;
    answering->body.size = 0;
    answering->gifts.count = 0;
}

/* The sender waits: the answer goes straight to it. */
static BASE_WITHIN void settle_by_hand(const struct answering *answering, struct message *message,
                                       struct thread *thread)
{
    list_take_out(&message->receiver_link);
    list_take_out(&message->sender_link);
    answering->by->answered_count++;
    if (BASE_SELDOM(message->traffic != NULL))
        traffic_answered(message);
    write_event(answering, message, thread->wait.event);
    thread_detach(thread);
    message_free(message);
    call_hand_over(thread, WEFT_EVENT_ANSWER, answering->body);
}

/* Try again with a copy of the body. */
#define ANSWER_NEEDS_COPY WEFT_STATUS_COUNT
/* The short way does not lead there. */
#define ANSWER_OTHERWISE (WEFT_STATUS_COUNT + 1)

static enum weft_status settle(struct answering *answering, struct message *message)
{
    if (answering->fault != WEFT_OK)
        return answering->fault;
    u64 size = answering->body.size;
    struct thread *thread = waiting_sender(message, size);
    if (thread == NULL && size > LOCKED_COPY_MAX && answering->copy == NULL)
        return ANSWER_NEEDS_COPY;
    enum weft_status status = gifts_check(answering->by, &answering->gifts);
    if (status != WEFT_OK)
        return status;
    if (thread == NULL) {
        settle_by_queue(answering, message);
        return WEFT_OK;
    }
    if (answering->gifts.count != 0)
        hand_gifts_over(answering, message, thread);
    settle_by_hand(answering, message, thread);
    return WEFT_OK;
}

static bool is_to_be_settled(const struct answering *answering, const struct message *message)
{
    return message->receiver == answering->by && message->state == MESSAGE_DELIVERED;
}

static bool can_withdraw(const struct answering *answering, const struct message *message)
{
    return message->sender == answering->by && message->wants_answer && !message->in_call &&
           message->state != MESSAGE_BACKLOG;
}

/* Unread, because its body is too large for the receiver, for instance. */
static bool can_refuse(const struct answering *answering, const struct message *message)
{
    return message->receiver == answering->by && message->state == MESSAGE_QUEUED &&
           answering->status != WEFT_OK && answering->fault == WEFT_OK;
}

static enum weft_status try_to_answer(struct answering *answering)
{
    struct message *message = message_find(answering->id);
    if (message == NULL)
        return WEFT_BAD_MESSAGE;
    if (is_to_be_settled(answering, message))
        return settle(answering, message);
    if (can_withdraw(answering, message))
        message_withdraw(message);
    else if (can_refuse(answering, message))
        message_refuse(message, answering->status);
    else
        return WEFT_BAD_MESSAGE;
    return WEFT_OK;
}

static enum weft_status answer_with_copy(struct answering *answering)
{
    usize size = answering->body.size; /* which is 0 if there was no room for the gifts */
    answering->copy = (u8 *)(usize)block_copy(answering->body).data;
    if (answering->copy == NULL)
        return WEFT_NO_MEMORY;
    lock_take_on(answering->cpu);
    enum weft_status status = try_to_answer(answering);
    lock_give();
    block_give(answering->copy, size);
    return status;
}

/* Gives the lock. */
static enum weft_status answer_anyhow(struct answering *answering)
{
    enum weft_status status = try_to_answer(answering);
    lock_give();
    return status == ANSWER_NEEDS_COPY ? answer_with_copy(answering) : status;
}

enum weft_status answer_message(struct answering *answering)
{
    lock_take_on(answering->cpu);
    return answer_anyhow(answering);
}

BASE_APART static enum weft_status answer_with_gifts(struct answering *answering,
                                                     const struct member *member, const u64 *slots)
{
    struct memory_view memory = argument_memory(member);
    enum weft_status fault =
        argument_gifts(&memory, (u32)slots[4], (u32)slots[5], &answering->gifts);
    if (answering->fault == WEFT_OK)
        answering->fault = fault;
    return answer_anyhow(answering);
}

/* The short way, without gifts to a thread that waits for it. Anything else is ANSWER_OTHERWISE, and
 * nothing has changed. */
static BASE_WITHIN enum weft_status answer_straight(const struct answering *answering)
{
    struct message *message = message_at(answering->id);
    if (BASE_SELDOM(message == NULL || !is_to_be_settled(answering, message) ||
                    answering->fault != WEFT_OK || answering->gifts.count != 0))
        return ANSWER_OTHERWISE;
    struct thread *thread = waiting_sender(message, answering->body.size);
    if (BASE_SELDOM(thread == NULL))
        return ANSWER_OTHERWISE;
    settle_by_hand(answering, message, thread);
    return WEFT_OK;
}

static BASE_WITHIN enum weft_status answer(const struct answering *answering,
                                           const struct member *member, const u64 *slots)
{
    lock_take_on(answering->cpu);
    enum weft_status status = answer_straight(answering);
    if (BASE_SELDOM(status == ANSWER_OTHERWISE)) {
        struct answering anyhow = *answering;
        return answer_with_gifts(&anyhow, member, slots);
    }
    lock_give();
    return status;
}

/* All but the gifts, of which there is the count. */
static BASE_WITHIN enum weft_status read_arguments(const struct member *member, const u64 *slots,
                                                   struct answering *answering)
{
    struct memory_view memory = argument_memory(member);
    u32 answer_status = (u32)slots[1];
    answering->status = answer_status;
    answering->body = (struct bytes){ 0 };
    answering->gifts.count = (u32)slots[5];
    if (BASE_SELDOM(answer_status >= WEFT_STATUS_COUNT))
        return WEFT_INVALID;
    return argument_body(&memory, (u32)slots[2], (u32)slots[3], &answering->body);
}

enum trap call_answer(struct execution *execution, void *member, u64 *slots)
{
    struct thread *thread = execution_owner(execution);
    struct answering answering;
    answering.by = &thread->process->party;
    answering.cpu = thread->cpu;
    answering.id = (i64)slots[0];
    answering.copy = NULL;
    answering.fault = read_arguments(member, slots, &answering);
    slots[0] = (u32)-(i32)answer(&answering, member, slots);
    return argument_return(thread);
}
