#include "kernel/argument.h"
#include "kernel/attend.h"
#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/call.h"
#include "kernel/deadlock.h"
#include "kernel/denial.h"
#include "kernel/derived.h"
#include "kernel/endpoint.h"
#include "kernel/lock.h"
#include "kernel/native.h"
#include "kernel/permission.h"
#include "kernel/process.h"

struct sending {
    struct thread *thread;
    const struct member *member; /* whose call it is */
    i32 slot;
    u32 flags;
    struct bytes body;
    struct gift_list gifts; /* on the short way no more than their count is known */
    u8 *copy; /* of a large body, a block, charged; NULL: none was needed so far */
    struct denial *denial; /* to be told to the operator, or NULL */
};

/* Try again with a copy of the body. */
#define SEND_NEEDS_COPY (INT64_MIN + 2)
/* The short way does not lead there. */
#define SEND_OTHERWISE (INT64_MIN + 3)

/* Where a message goes, found from its slot. */
struct route {
    struct endpoint *endpoint; /* of whoever receives it; NULL: it waits on `binding` */
    struct binding *binding;
};

/* ---- Finding the receiver ------------------------------------------------------------------ */

/* What was answered is told by whoever answered it. */
static struct denial *note_denial(struct process *process, struct binding *binding)
{
    if (binding->is_answered)
        return NULL;
    struct denial *denial = denial_note(process, binding);
    if (denial != NULL || !binding->denial_told)
        permission_tell_denied(process, binding);
    return denial;
}

static enum weft_status route_binding(struct sending *sending, struct binding *binding,
                                      struct route *route)
{
    enum route_kind kind = binding_route(binding, &route->endpoint);
    if (kind == ROUTE_ASK)
        kind = permission_ask(sending->thread->process, binding) ? ROUTE_NOBODY : ROUTE_DENIED;
    switch (kind) {
    case ROUTE_HANDLER:
        return WEFT_OK;
    case ROUTE_NOBODY:
        if (binding->holding != NULL)
            attend_row_awaited(binding->holding);
        route->endpoint = NULL;
        route->binding = binding;
        return (sending->flags & WEFT_NO_WAIT) != 0 ? WEFT_WOULD_BLOCK : WEFT_OK;
    case ROUTE_DENIED:
        sending->denial = note_denial(sending->thread->process, binding);
        return WEFT_DENIED;
    case ROUTE_ASK:
    case ROUTE_GONE:
        break;
    }
    return WEFT_GONE;
}

static enum weft_status find_route(struct sending *sending, const struct slot *slot,
                                   struct route *route)
{
    if (slot->kind == SLOT_BINDING)
        return route_binding(sending, slot->binding, route);
    route->endpoint = slot->endpoint;
    if (!slot->endpoint->handler->dead)
        return WEFT_OK;
    return derived_is_cut(slot->endpoint) ? WEFT_DENIED : WEFT_GONE;
}

static struct party *receiver_of(const struct route *route)
{
    return route->endpoint == NULL ? NULL : route->endpoint->handler;
}

static u64 interface_of(const struct route *route)
{
    return route->endpoint == NULL ? interface_of_hash(&route->binding->hash)
                                   : route->endpoint->interface;
}

/* ---- The message --------------------------------------------------------------------------- */

static bool wants_answer(const struct sending *sending)
{
    return (sending->flags & WEFT_WANT_ANSWER) != 0;
}

static BASE_WITHIN struct message *new_message(const struct sending *sending,
                                               const struct route *route, enum weft_status *status)
{
    struct party *sender = &sending->thread->process->party;
    u64 reserve = wants_answer(sending) ? ANSWER_RESERVE : 0;
    struct message *message = message_create(sender->silo, reserve, status);
    if (message == NULL)
        return NULL;
    message->wants_answer = wants_answer(sending);
    message->receiver = receiver_of(route);
    message->badge = route->endpoint == NULL ? 0 : route->endpoint->badge;
    message->interface = interface_of(route);
    message->sender_id = sender->id;
    sender->sent_count++;
    traffic_count(traffic_of(&sender->silo->traffic, message->interface), message);
    message->slot = sending->slot;
    return message;
}

static void link_to_sender(const struct sending *sending, struct message *message)
{
    if (!wants_answer(sending))
        return;
    message->sender = &sending->thread->process->party;
    list_push_back(&message->sender->sent, &message->sender_link);
}

static i64 result_of(const struct sending *sending, const struct message *message)
{
    return wants_answer(sending) ? message_id(message) : 0;
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
    const struct party *receiver = receiver_of(route);
    if (receiver != NULL)
        return receiver->message_count < QUEUE_MAX && list_empty(&receiver->backlog);
    return route->binding->waiting_count < QUEUE_MAX && list_empty(&route->binding->backlog);
}

/* Whether the message can wait for room; it will then. */
static enum weft_status check_backlog(struct sending *sending, const struct route *route)
{
    if ((sending->flags & WEFT_NO_WAIT) != 0)
        return WEFT_WOULD_BLOCK;
    if (route->endpoint != NULL && deadlock_closes(sending->thread, route->endpoint->handler))
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
        route->endpoint != NULL ? &route->endpoint->handler->backlog : &route->binding->backlog;
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

BASE_APART static i64 enqueue(struct sending *sending, struct message *message,
                              const struct route *route)
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
    link_to_sender(sending, message);
    i64 result = result_of(sending, message);
    if (route->endpoint != NULL)
        message_queue(message);
    else
        binding_queue(route->binding, message);
    return result;
}

/* ---- To a process -------------------------------------------------------------------------- */

/* A thread that waits for any event and has room for the body; NULL if there is none. */
static struct thread *waiting_receiver(const struct route *route, u64 size)
{
    if (route->endpoint == NULL)
        return NULL;
    const struct list *waiters = &route->endpoint->handler->waiters;
    if (list_empty(waiters))
        return NULL;
    struct thread *thread = BASE_CONTAINER_OF(list_front(waiters), struct thread, wait.link);
    return thread->wait.capacity >= size ? thread : NULL;
}

/* The gifts become slots of the receiver; nothing has changed if they find no room there. */
BASE_APART static bool hand_gifts_over(struct sending *sending, struct message *message,
                                       i32 *numbers)
{
    take_gifts(sending, message);
    if (gifts_add(message->receiver, message->gifts, message->gift_count, numbers) != WEFT_OK) {
        gifts_abort(&sending->thread->process->party, &sending->gifts);
        message_drop_gifts(message);
        return false;
    }
    message->gift_count = 0;
    commit_gifts(sending);
    return true;
}

/* Their numbers go into the event of the thread that receives them, which its process may change at
 * any time. */
BASE_APART static bool hand_gifts_to(struct sending *sending, struct message *message,
                                     struct thread *receiver)
{
    i32 gifts[WEFT_GIFTS_MAX];
    if (!hand_gifts_over(sending, message, gifts))
        return false;
    for (u32 i = 0; i < sending->gifts.count; i++)
        receiver->wait.event->event.gifts[i] = gifts[i];
    return true;
}

/* What is in the message too is not read from there: it was written just now. */
static BASE_WITHIN void write_event(const struct sending *sending, const struct endpoint *endpoint,
                                    i64 id, struct event_place *place)
{
    const struct party *sender = &sending->thread->process->party;
    place->event.kind = WEFT_EVENT_MESSAGE;
    place->event.status = 0;
    place->event.id = id;
    place->event.badge = endpoint->badge;
    place->event.interface = endpoint->interface;
    place->event.sender = sender->id;
    place->event.size = (u32)sending->body.size;
    place->event.gift_count = sending->gifts.count;
    place->event.sender_silo = sender->silo->id;
}

static BASE_WITHIN i64 deliver(const struct sending *sending, struct message *message,
                               const struct endpoint *endpoint, struct thread *receiver)
{
    i64 result = result_of(sending, message);
    write_event(sending, endpoint, result, receiver->wait.event);
    if (wants_answer(sending)) {
        message->state = MESSAGE_DELIVERED;
        list_push_back(&endpoint->handler->unsettled, &message->receiver_link);
        link_to_sender(sending, message);
    } else {
        message_free(message);
    }
    thread_detach_any(receiver);
    call_hand_over(receiver, WEFT_EVENT_MESSAGE, sending->body);
    return result;
}

static i64 send_to_process(struct sending *sending, const struct route *route)
{
    struct thread *receiver = waiting_receiver(route, sending->body.size);
    if (receiver == NULL && sending->copy == NULL && sending->body.size > LOCKED_COPY_MAX)
        return SEND_NEEDS_COPY;
    enum weft_status status;
    struct message *message = new_message(sending, route, &status);
    if (message == NULL)
        return -(i64)status;
    if (receiver != NULL &&
        (sending->gifts.count == 0 || hand_gifts_to(sending, message, receiver)))
        return deliver(sending, message, route->endpoint, receiver);
    if (sending->copy != NULL || sending->body.size <= LOCKED_COPY_MAX)
        return enqueue(sending, message, route);
    message_free(message);
    return SEND_NEEDS_COPY;
}

/* ---- To a native handler ------------------------------------------------------------------- */

BASE_APART static i64 send_to_native(struct sending *sending, const struct route *route)
{
    struct process *process = sending->thread->process;
    /* Another thread of the sender could change the body under the handler's eyes. */
    if (process->thread_count > 1 && sending->copy == NULL && sending->body.size != 0)
        return SEND_NEEDS_COPY;
    enum weft_status status;
    struct message *message = new_message(sending, route, &status);
    if (message == NULL)
        return -(i64)status;
    i32 gifts[WEFT_GIFTS_MAX];
    if (sending->gifts.count != 0 && !hand_gifts_over(sending, message, gifts)) {
        message_free(message);
        return -WEFT_LIMIT;
    }
    i64 result = result_of(sending, message);
    struct native_call call = {
        .native = native_of_party(route->endpoint->handler),
        .sender = process,
        .memory = &sending->member->memory,
        .endpoint = route->endpoint,
        .message = {
            .id = result,
            .badge = message->badge,
            .interface = message->interface,
            .sender = { message->sender_id },
            .body = sending->body,
            .gifts = gifts,
            .gift_count = sending->gifts.count,
        },
    };
    if (sending->copy != NULL)
        call.message.body.data = sending->copy;
    message->state = MESSAGE_DELIVERED;
    link_to_sender(sending, message);
    native_take(&call, message);
    return result;
}

/* ---- Sending ------------------------------------------------------------------------------- */

static i64 try_to_send(struct sending *sending)
{
    const struct process *process = sending->thread->process;
    if (process->ending)
        return THREAD_STOPPED;
    const struct slot *slot = slots_find(&process->party.slots, sending->slot);
    if (slot == NULL)
        return -WEFT_BAD_SLOT;
    struct route route = { 0 };
    enum weft_status status = find_route(sending, slot, &route);
    if (status == WEFT_OK && sending->gifts.count != 0)
        status = gifts_check(&process->party, &sending->gifts);
    if (status != WEFT_OK)
        return -(i64)status;
    if (route.endpoint != NULL && route.endpoint->handler->is_native)
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

static i64 send_with_copy(struct sending *sending)
{
    enum weft_status status = copy_body(sending);
    if (status != WEFT_OK)
        return -(i64)status;
    i64 result = try_to_send(sending);
    drop_copy(sending);
    return result;
}

/* Gives the lock. */
BASE_APART static i64 send_anyhow(struct sending *sending, const struct member *member,
                                  const u64 *slots)
{
    struct memory_view memory = argument_memory(member);
    enum weft_status status =
        argument_gifts(&memory, (u32)slots[3], (u32)slots[4], &sending->gifts);
    i64 result = status == WEFT_OK ? try_to_send(sending) : -(i64)status;
    if (result == SEND_NEEDS_COPY)
        result = send_with_copy(sending);
    lock_give();
    if (sending->denial != NULL)
        denial_tell(sending->denial);
    return result;
}

/* The short way, of a message without gifts to a process of which a thread waits for it. Anything
 * else is SEND_OTHERWISE, and nothing has changed. */
static BASE_WITHIN i64 send_straight(const struct sending *sending)
{
    const struct process *process = sending->thread->process;
    if (BASE_SELDOM(sending->gifts.count != 0 || process->ending))
        return SEND_OTHERWISE;
    const struct slot *slot = slots_find(&process->party.slots, sending->slot);
    if (BASE_SELDOM(slot == NULL))
        return SEND_OTHERWISE;
    struct route route = {
        .endpoint = slot->kind == SLOT_BINDING ? binding_known(slot->binding) : slot->endpoint,
    };
    if (BASE_SELDOM(route.endpoint == NULL || route.endpoint->handler->dead ||
                    route.endpoint->handler->is_native))
        return SEND_OTHERWISE;
    struct thread *receiver = waiting_receiver(&route, sending->body.size);
    if (BASE_SELDOM(receiver == NULL))
        return SEND_OTHERWISE;
    enum weft_status status;
    struct message *message = new_message(sending, &route, &status);
    if (BASE_SELDOM(message == NULL))
        return SEND_OTHERWISE;
    return deliver(sending, message, route.endpoint, receiver);
}

static BASE_WITHIN i64 send_message(const struct sending *sending, const struct member *member,
                                    const u64 *slots)
{
    lock_take_on(sending->thread->cpu);
    i64 result = send_straight(sending);
    if (BASE_SELDOM(result == SEND_OTHERWISE)) {
        struct sending anyhow = *sending;
        return send_anyhow(&anyhow, member, slots);
    }
    lock_give();
    return result;
}

/* All but the gifts. */
static BASE_WITHIN enum weft_status read_arguments(const struct member *member, const u64 *slots,
                                                   struct sending *sending)
{
    struct memory_view memory = argument_memory(member);
    sending->slot = (i32)slots[0];
    sending->flags = (u32)slots[5];
    sending->gifts.count = (u32)slots[4];
    if (BASE_SELDOM((sending->flags & ~(u32)(WEFT_WANT_ANSWER | WEFT_NO_WAIT)) != 0))
        return WEFT_INVALID;
    return argument_body(&memory, (u32)slots[1], (u32)slots[2], &sending->body);
}

enum trap call_send(struct execution *execution, void *member, u64 *slots)
{
    struct sending sending;
    sending.thread = execution_owner(execution);
    sending.member = member;
    sending.copy = NULL;
    sending.denial = NULL;
    enum weft_status status = read_arguments(member, slots, &sending);
    slots[0] = BASE_SELDOM(status != WEFT_OK) ? (u64)-(i64)status
                                              : (u64)send_message(&sending, member, slots);
    return argument_return(sending.thread);
}
