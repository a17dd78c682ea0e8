#include "kernel/message.h"

#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/process.h"
#include "kernel/silo.h"
#include "kernel/thread.h"

struct pool message_pool;
struct message *message_spares;

void messages_init(void)
{
    pool_init(&message_pool, sizeof(struct message), 1u << MESSAGE_INDEX_BITS);
    message_spares = NULL;
}

void messages_deinit(void)
{
    pool_deinit(&message_pool);
}

/* ---- Birth and end ------------------------------------------------------------------------- */

BASE_APART struct message *message_grow(void)
{
    u32 index;
    struct message *message = pool_take(&message_pool, &index);
    if (message == NULL)
        return NULL;
    message->id = (1ll << MESSAGE_INDEX_BITS) + index;
    list_init(&message->waiters);
    return message;
}

/* Those that wait for nothing else look again, and find that there is no such message. */
void message_dismiss_waiters(struct message *message, const struct party *kept)
{
    struct list_link *next;
    for (struct list_link *link = list_first(&message->waiters); link != NULL; link = next) {
        next = list_next(&message->waiters, link);
        struct thread *thread = BASE_CONTAINER_OF(link, struct wait_node, link)->thread;
        if (&thread->process->party == kept)
            continue;
        list_remove(link);
        if (--thread->wait.live_count == 0)
            thread_wake(thread, THREAD_AGAIN);
    }
}

void message_drop_gifts(struct message *message)
{
    for (u32 i = 0; i < message->gift_count; i++)
        slot_target_release(message->gifts[i]);
    message->gift_count = 0;
}

/* ---- Bodies -------------------------------------------------------------------------------- */

static void discharge_bytes(struct message *message, u64 bytes)
{
    message->charged_bytes -= bytes;
    silo_discharge(message->silo, RESOURCE_BODY_BYTES, bytes);
}

bool message_copy_body(struct message *message, struct bytes body)
{
    BASE_ASSERT(message->body == NULL && body.size <= LOCKED_COPY_MAX);
    u8 *copy = body.size <= BODY_INLINE_MAX ? message->inline_body : block_take(body.size);
    if (copy == NULL)
        return false;
    if (body.size != 0)
        __builtin_memcpy(copy, body.data, body.size);
    message->body = copy;
    message->size = (u32)body.size;
    return true;
}

void message_own_body(struct message *message, u8 *block, u32 size)
{
    BASE_ASSERT(message->body == NULL);
    message->body = block;
    message->size = size;
}

u8 *message_disown_body(struct message *message)
{
    u8 *block = message->body == message->inline_body ? NULL : message->body;
    message->body = NULL;
    message->size = 0;
    return block;
}

void message_drop_body(struct message *message)
{
    if (message->body == NULL)
        return;
    u32 size = message->size;
    u8 *block = message_disown_body(message);
    block_give(block, size);
}

void message_body_taken(struct message *message)
{
    u64 kept = message->wants_answer ? ANSWER_RESERVE : 0;
    if (message->charged_bytes > kept)
        discharge_bytes(message, message->charged_bytes - kept);
}

/* ---- Queues -------------------------------------------------------------------------------- */

/* Of the threads of `party` that wait for just this message, one looks again; otherwise one that
 * waits for any event. */
static void wake_for(struct message *message, struct party *party)
{
    struct list_link *link = list_first(&message->waiters);
    for (; link != NULL; link = list_next(&message->waiters, link)) {
        struct thread *thread = BASE_CONTAINER_OF(link, struct wait_node, link)->thread;
        if (&thread->process->party != party)
            continue;
        thread_wake(thread, THREAD_AGAIN);
        return;
    }
    party_wake(party);
}

void message_queue(struct message *message)
{
    message->state = MESSAGE_QUEUED;
    message->binding = NULL;
    party_queue(message->receiver, &message->queued, QUEUED_MESSAGE);
    party_wake(message->receiver);
}

void message_admit_next(struct list *backlog, u32 queued_count)
{
    struct list_link *link = list_first(backlog);
    if (link == NULL || queued_count >= QUEUE_MAX)
        return;
    list_remove(link);
    struct message *message = message_of_queued(BASE_CONTAINER_OF(link, struct queued, link));
    struct thread *thread = message->blocked;
    message->blocked = NULL;
    thread->backlogged = NULL;
    gifts_commit(message->sender, thread->gifts);
    if (message->wants_answer)
        list_push_back(&message->sender->sent, &message->sender_link);
    else
        message->sender = NULL;
    thread_wake(thread, message->wants_answer ? message_id(message) : 0);
    if (message->binding != NULL)
        binding_queue(message->binding, message);
    else
        message_queue(message);
}

/* From the events of its receiver, or from the binding on which it waits. */
static void unlink_queued(struct message *message)
{
    struct binding *binding = message->binding;
    if (binding != NULL) {
        message->binding = NULL;
        list_remove(&message->queued.link);
        binding_message_left(binding);
        return;
    }
    struct party *receiver = message->receiver;
    party_unqueue(receiver, &message->queued);
    if (!receiver->dead)
        message_admit_next(&receiver->backlog, receiver->message_count);
}

void message_unlink(struct message *message)
{
    if (message->state == MESSAGE_QUEUED)
        unlink_queued(message);
    else if (message->state == MESSAGE_DELIVERED)
        list_remove(&message->receiver_link);
    else if (message->state == MESSAGE_BACKLOG)
        list_remove(&message->queued.link);
}

/* ---- Answers ------------------------------------------------------------------------------- */

void message_settle(struct message *message, enum weft_status status)
{
    if (message->sender == NULL || !message->wants_answer) {
        message_free(message);
        return;
    }
    if (message->traffic != NULL)
        traffic_answered(message);
    message_dismiss_waiters(message, message->sender);
    message->answerer_id = message->receiver == NULL ? 0 : message->receiver->id;
    message->receiver = NULL;
    message->state = MESSAGE_ANSWERED;
    message->status = status;
    party_queue(message->sender, &message->queued, QUEUED_ANSWER);
    wake_for(message, message->sender);
}

static void refuse_blocked(struct message *message, i64 result)
{
    struct thread *thread = message->blocked;
    thread->backlogged = NULL;
    gifts_abort(message->sender, thread->gifts);
    message_free(message);
    thread_wake(thread, result);
}

void message_break_off(struct thread *thread, i64 result)
{
    struct message *message = thread->backlogged;
    message_unlink(message);
    refuse_blocked(message, result);
}

void message_refuse(struct message *message, enum weft_status status)
{
    message_unlink(message);
    if (message->state == MESSAGE_BACKLOG) {
        refuse_blocked(message, -(i64)status);
        return;
    }
    message_drop_body(message);
    message_drop_gifts(message);
    message_body_taken(message);
    message_settle(message, status);
}

/* The sender's message becomes its answer, so the receiver hears of it by another one. */
static void tell_withdrawn(const struct message *message)
{
    enum weft_status status;
    struct message *notice = message_create(message->silo, 0, &status);
    if (notice == NULL)
        return; /* it learns of it when it answers */
    notice->state = MESSAGE_WITHDRAWN;
    notice->wants_answer = false;
    notice->receiver = message->receiver;
    notice->withdrawn_id = message_id(message);
    notice->badge = message->badge;
    notice->interface = message->interface;
    notice->sender_id = message->sender_id;
    party_queue(notice->receiver, &notice->queued, QUEUED_WITHDRAWN);
    party_wake(notice->receiver);
}

void message_revoke(struct message *message)
{
    if (message->state == MESSAGE_QUEUED) {
        message_refuse(message, WEFT_DENIED);
        return;
    }
    tell_withdrawn(message);
    message_unlink(message);
    message_settle(message, WEFT_DENIED);
}

void message_withdraw(struct message *message)
{
    struct party *sender = message->sender;
    list_remove(&message->sender_link);
    message->sender = NULL;
    if (message->state == MESSAGE_ANSWERED) {
        party_unqueue(sender, &message->queued);
    } else if (message->state == MESSAGE_QUEUED) {
        message_unlink(message);
    } else {
        message_unlink(message);
        message_dismiss_waiters(message, message->receiver);
        message->state = MESSAGE_WITHDRAWN;
        message->withdrawn_id = message_id(message);
        party_queue(message->receiver, &message->queued, QUEUED_WITHDRAWN);
        wake_for(message, message->receiver);
        return;
    }
    message_free(message);
}
