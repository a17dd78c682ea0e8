#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/call.h"
#include "kernel/deadlock.h"
#include "kernel/denial.h"
#include "kernel/endpoint.h"
#include "kernel/native.h"
#include "kernel/process.h"

/* Where a message goes, found from its slot. */
struct route {
    struct party *receiver; /* NULL: it waits on `binding` */
    struct binding *binding;
    struct endpoint *endpoint;
    u64 interface;
};

/* ---- Finding the receiver ------------------------------------------------------------------ */

static enum weft_status route_binding(struct sending *sending, struct binding *binding,
                                      struct route *route)
{
    switch (binding_route(binding, &route->endpoint)) {
    case ROUTE_HANDLER:
        route->receiver = route->endpoint->handler;
        route->interface = route->endpoint->interface;
        return WEFT_OK;
    case ROUTE_NOBODY:
        route->binding = binding;
        route->interface = interface_of_hash(&binding->hash);
        return (sending->flags & WEFT_NO_WAIT) != 0 ? WEFT_WOULD_BLOCK : WEFT_OK;
    case ROUTE_DENIED:
        sending->denial = denial_note(sending->thread->process, binding);
        return WEFT_DENIED;
    case ROUTE_GONE:
        break;
    }
    return WEFT_GONE;
}

static enum weft_status find_route(struct sending *sending, struct route *route)
{
    struct slot *slot = slots_find(&sending->thread->process->party.slots, sending->slot);
    if (slot == NULL)
        return WEFT_BAD_SLOT;
    if (slot->kind == SLOT_BINDING)
        return route_binding(sending, slot->binding, route);
    route->endpoint = slot->endpoint;
    route->receiver = slot->endpoint->handler;
    route->interface = slot->endpoint->interface;
    return route->receiver->dead ? WEFT_GONE : WEFT_OK;
}

/* ---- The message --------------------------------------------------------------------------- */

static bool wants_answer(const struct sending *sending)
{
    return (sending->flags & WEFT_WANT_ANSWER) != 0;
}

static struct message *new_message(struct sending *sending, const struct route *route,
                                   enum weft_status *status)
{
    struct party *sender = &sending->thread->process->party;
    u64 reserve = wants_answer(sending) ? ANSWER_RESERVE : 0;
    struct message *message = message_create(sender->silo, reserve, status);
    if (message == NULL)
        return NULL;
    message->wants_answer = wants_answer(sending);
    message->receiver = route->receiver;
    message->badge = route->endpoint == NULL ? 0 : route->endpoint->badge;
    message->interface = route->interface;
    message->sender_id = sender->id;
    message->sender_silo = sender->silo->id;
    return message;
}

static void link_to_sender(struct message *message, struct party *sender)
{
    if (!message->wants_answer)
        return;
    message->sender = sender;
    list_push_back(&sender->sent, &message->sender_link);
}

static i64 result_of(const struct message *message)
{
    return message->wants_answer ? message_id(message) : 0;
}

/* ---- Into a queue -------------------------------------------------------------------------- */

static enum weft_status keep_body(struct sending *sending, struct message *message)
{
    u64 size = sending->body.size;
    if (sending->copy != NULL) {
        message_own_body(message, sending->copy, (u32)size);
        message->charged_bytes += size;
        sending->copy = NULL;
        return WEFT_OK;
    }
    if (!silo_charge(message->silo, RESOURCE_BODY_BYTES, size))
        return WEFT_LIMIT;
    message->charged_bytes += size;
    return message_copy_body(message, sending->body) ? WEFT_OK : WEFT_NO_MEMORY;
}

static bool has_room(const struct route *route)
{
    if (route->receiver != NULL)
        return route->receiver->message_count < QUEUE_MAX && list_empty(&route->receiver->backlog);
    return route->binding->waiting_count < QUEUE_MAX && list_empty(&route->binding->backlog);
}

/* Whether the message can wait for room; it will then. */
static enum weft_status check_backlog(struct sending *sending, const struct route *route)
{
    if ((sending->flags & WEFT_NO_WAIT) != 0)
        return WEFT_WOULD_BLOCK;
    if (route->receiver != NULL && deadlock_closes(sending->thread, route->receiver))
        return WEFT_DEADLOCK;
    return WEFT_OK;
}

static i64 block_on_backlog(struct sending *sending, struct message *message,
                            const struct route *route)
{
    struct thread *thread = sending->thread;
    message->state = MESSAGE_BACKLOG;
    message->sender = &thread->process->party;
    message->binding = route->binding;
    message->blocked = thread;
    thread->backlogged = message;
    thread->gifts = &sending->gifts;
    struct list *backlog =
        route->receiver != NULL ? &route->receiver->backlog : &route->binding->backlog;
    list_push_back(backlog, &message->queued.link);
    return thread_block(thread);
}

static void take_gifts(struct sending *sending, struct message *message)
{
    if (sending->gifts.count == 0)
        return;
    gifts_take(&sending->thread->process->party, &sending->gifts, message->gifts);
    message->gift_count = sending->gifts.count;
}

static void commit_gifts(struct sending *sending)
{
    if (sending->gifts.count != 0)
        gifts_commit(&sending->thread->process->party, &sending->gifts);
}

static i64 enqueue(struct sending *sending, struct message *message, const struct route *route)
{
    enum weft_status status = keep_body(sending, message);
    bool room = has_room(route);
    if (status == WEFT_OK && !room)
        status = check_backlog(sending, route);
    if (status != WEFT_OK) {
        message_free(message);
        return -(i64)status;
    }
    take_gifts(sending, message);
    if (!room)
        return block_on_backlog(sending, message, route);
    commit_gifts(sending);
    link_to_sender(message, &sending->thread->process->party);
    i64 result = result_of(message);
    if (route->receiver != NULL)
        message_queue(message);
    else
        binding_queue(route->binding, message);
    return result;
}

/* ---- To a process -------------------------------------------------------------------------- */

/* A thread that waits for any event and has room for the body; NULL if there is none. */
static struct thread *waiting_receiver(const struct route *route, u64 size)
{
    if (route->receiver == NULL)
        return NULL;
    struct list_link *first = list_first(&route->receiver->waiters);
    if (first == NULL)
        return NULL;
    struct thread *thread = BASE_CONTAINER_OF(first, struct thread, wait.link);
    return thread->wait.capacity >= size ? thread : NULL;
}

/* The gifts become slots of the receiver; nothing has changed if they find no room there. */
static bool hand_gifts_over(struct sending *sending, struct message *message,
                            struct weft_event *event)
{
    if (sending->gifts.count == 0)
        return true;
    take_gifts(sending, message);
    event->gift_count = message->gift_count;
    if (gifts_add(message->receiver, message->gifts, message->gift_count, event->gifts) !=
        WEFT_OK) {
        gifts_abort(&sending->thread->process->party, &sending->gifts);
        message_drop_gifts(message);
        return false;
    }
    message->gift_count = 0;
    commit_gifts(sending);
    return true;
}

static i64 deliver(struct sending *sending, struct message *message, struct thread *receiver,
                   struct weft_event *event)
{
    i64 result = result_of(message);
    event->kind = WEFT_EVENT_MESSAGE;
    event->id = result;
    event->badge = message->badge;
    event->interface = message->interface;
    event->sender = message->sender_id;
    event->sender_silo = message->sender_silo;
    event->size = (u32)sending->body.size;
    if (message->wants_answer) {
        message->state = MESSAGE_DELIVERED;
        list_push_back(&message->receiver->unsettled, &message->receiver_link);
        link_to_sender(message, &sending->thread->process->party);
    } else {
        message_free(message);
    }
    call_hand_over(receiver, event, sending->body);
    return result;
}

static i64 send_to_process(struct sending *sending, const struct route *route)
{
    struct thread *receiver = waiting_receiver(route, sending->body.size);
    if (receiver == NULL && sending->copy == NULL && sending->body.size > LOCKED_COPY_MAX)
        return CALL_NEEDS_COPY;
    enum weft_status status;
    struct message *message = new_message(sending, route, &status);
    if (message == NULL)
        return -(i64)status;
    struct weft_event event = { 0 };
    if (receiver != NULL && hand_gifts_over(sending, message, &event))
        return deliver(sending, message, receiver, &event);
    if (sending->copy != NULL || sending->body.size <= LOCKED_COPY_MAX)
        return enqueue(sending, message, route);
    message_free(message);
    return CALL_NEEDS_COPY;
}

/* ---- To a native handler ------------------------------------------------------------------- */

static i64 send_to_native(struct sending *sending, const struct route *route)
{
    struct process *process = sending->thread->process;
    /* Another thread of the sender could change the body under the handler's eyes. */
    if (process->thread_count > 1 && sending->copy == NULL && sending->body.size != 0)
        return CALL_NEEDS_COPY;
    enum weft_status status;
    struct message *message = new_message(sending, route, &status);
    if (message == NULL)
        return -(i64)status;
    struct weft_event event = { 0 };
    if (!hand_gifts_over(sending, message, &event)) {
        message_free(message);
        return -WEFT_LIMIT;
    }
    i64 result = result_of(message);
    struct native_call call = {
        .native = native_of_party(route->receiver),
        .sender = process,
        .endpoint = route->endpoint,
        .message = {
            .id = result,
            .badge = message->badge,
            .interface = message->interface,
            .sender = { message->sender_id },
            .body = sending->body,
            .gifts = event.gifts,
            .gift_count = event.gift_count,
        },
    };
    if (sending->copy != NULL)
        call.message.body.data = sending->copy;
    message->state = MESSAGE_DELIVERED;
    link_to_sender(message, &process->party);
    native_take(&call, message);
    return result;
}

/* ---- Sending ------------------------------------------------------------------------------- */

static i64 try_to_send(struct sending *sending)
{
    if (sending->thread->process->ending)
        return THREAD_STOPPED;
    struct route route = { 0 };
    enum weft_status status = find_route(sending, &route);
    if (status == WEFT_OK && sending->gifts.count != 0)
        status = gifts_check(&sending->thread->process->party, &sending->gifts);
    if (status != WEFT_OK)
        return -(i64)status;
    if (route.receiver != NULL && route.receiver->is_native)
        return send_to_native(sending, &route);
    return send_to_process(sending, &route);
}

/* Charges for a copy of the body and makes it, without the lock. */
static enum weft_status copy_body(struct sending *sending)
{
    struct thread *thread = sending->thread;
    struct silo *silo = thread->process->party.silo;
    if (!silo_charge(silo, RESOURCE_BODY_BYTES, sending->body.size))
        return WEFT_LIMIT;
    lock_give();
    struct bytes copy = block_copy(sending->body);
    lock_take_on(thread->cpu);
    if (copy.data == NULL) {
        silo_discharge(silo, RESOURCE_BODY_BYTES, sending->body.size);
        return WEFT_NO_MEMORY;
    }
    sending->copy = (u8 *)(usize)copy.data;
    return WEFT_OK;
}

static void drop_copy(struct sending *sending)
{
    if (sending->copy == NULL)
        return;
    silo_discharge(sending->thread->process->party.silo, RESOURCE_BODY_BYTES, sending->body.size);
    block_give(sending->copy, sending->body.size);
}

i64 send_message(struct sending *sending)
{
    lock_take_on(sending->thread->cpu);
    i64 result = try_to_send(sending);
    if (result == CALL_NEEDS_COPY) {
        enum weft_status status = copy_body(sending);
        result = status == WEFT_OK ? try_to_send(sending) : -(i64)status;
    }
    drop_copy(sending);
    lock_give();
    if (sending->denial != NULL)
        denial_tell(sending->denial);
    return result;
}
