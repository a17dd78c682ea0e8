#include "kernel/native.h"

#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/call.h"
#include "kernel/endpoint.h"
#include "kernel/process.h"
#include "kernel/schedule.h"

static struct list pending;

void native_init(void)
{
    list_init(&pending);
}

/* ---- Calls --------------------------------------------------------------------------------- */

static void mark_gifts(struct native_call *call)
{
    call->stamp = ++call->native->stamps;
    for (u32 i = 0; i < call->message.gift_count; i++)
        slots_find(&call->native->party.slots, call->message.gifts[i])->stamp = call->stamp;
}

static void close_gifts(struct native_call *call)
{
    struct party *party = &call->native->party;
    for (u32 i = 0; i < call->message.gift_count; i++) {
        struct slot *slot = slots_find(&party->slots, call->message.gifts[i]);
        if (slot != NULL && slot->stamp == call->stamp)
            slot_close(party, call->message.gifts[i]);
    }
}

void native_take(struct native_call *call, struct message *message)
{
    struct native *native = call->native;
    i64 id = call->message.id;
    message->in_call = true;
    if (id != 0)
        list_push_back(&native->party.unsettled, &message->receiver_link);
    else
        message_free(message);
    mark_gifts(call);
    struct endpoint *origin = call->endpoint == NULL ? NULL : endpoint_origin(call->endpoint);
    if (origin != NULL)
        endpoint_hold(origin);
    native->calls++;
    lock_give();
    native->operations->message(native->context, &call->message);
    lock_take();
    native->calls--;
    message = message_find(id);
    if (message != NULL)
        message->in_call = false;
    close_gifts(call);
    if (origin != NULL)
        endpoint_release(origin);
}

/* ---- Events -------------------------------------------------------------------------------- */

void native_notify(struct party *party)
{
    struct native *native = native_of_party(party);
    if (native->draining)
        return;
    if (!list_linked(&native->pending_link))
        list_push_back(&pending, &native->pending_link);
    lock_after |= LOCK_AFTER_NATIVES;
}

static void on_closed(struct native *native, struct endpoint *endpoint)
{
    u64 badge = endpoint->badge;
    party_unqueue(&native->party, &endpoint->closed);
    endpoint_free(endpoint);
    lock_give();
    if (native->operations->closed != NULL)
        native->operations->closed(native->context, badge);
    lock_take();
}

static void on_withdrawn(struct native *native, struct message *message)
{
    i64 id = message->withdrawn_id;
    party_unqueue(&native->party, &message->queued);
    message_free(message);
    lock_give();
    if (native->operations->withdrawn != NULL)
        native->operations->withdrawn(native->context, id);
    lock_take();
}

static void on_answered(struct native *native, struct message *message)
{
    party_unqueue(&native->party, &message->queued);
    list_remove(&message->sender_link);
    message->in_call = true;
    lock_give();
    native->answered(native->context, message);
    lock_take();
    message_free(message);
}

/* The process stays as it is meanwhile, as if the call were its own. */
static void take_and_leave(struct native_call *call, struct message *message)
{
    call->sender = process_visit(message->sender_id);
    native_take(call, message);
    if (call->sender == NULL)
        return;
    lock_give();
    process_leave(call->sender);
    lock_take();
}

/* A message that waited on a binding. Its body is kept aside: the message may end in the call. */
static void on_message(struct native *native, struct message *message)
{
    struct weft_event event;
    if (message->sender != NULL && message->sender->dead) {
        message_refuse(message, WEFT_GONE);
        return;
    }
    if (gifts_add(&native->party, message->gifts, message->gift_count, event.gifts) != WEFT_OK) {
        message_refuse(message, WEFT_LIMIT);
        return;
    }
    struct native_call call = {
        .native = native,
        .message = {
            .id = message->wants_answer ? message_id(message) : 0,
            .badge = message->badge,
            .interface = message->interface,
            .sender = { message->sender_id },
            .gifts = event.gifts,
            .gift_count = message->gift_count,
        },
    };
    message->gift_count = 0;
    message_unlink(message);
    u8 inline_body[BODY_INLINE_MAX];
    __builtin_memcpy(inline_body, message->inline_body, sizeof(inline_body));
    u32 size = message->size;
    u8 *block = message_disown_body(message);
    call.message.body = (struct bytes){ block == NULL ? inline_body : block, size };
    message_body_taken(message);
    message->state = MESSAGE_DELIVERED;
    take_and_leave(&call, message);
    block_give(block, size);
}

static void call_for_event(struct native *native, struct queued *queued)
{
    switch (queued->kind) {
    case QUEUED_MESSAGE:
        on_message(native, message_of_queued(queued));
        break;
    case QUEUED_ANSWER:
        on_answered(native, message_of_queued(queued));
        break;
    case QUEUED_WITHDRAWN:
        on_withdrawn(native, message_of_queued(queued));
        break;
    case QUEUED_CLOSED:
        on_closed(native, BASE_CONTAINER_OF(queued, struct endpoint, closed));
        break;
    case QUEUED_NOT:
        break;
    }
}

/* Events of one handler become calls one after the other, whichever CPU does it. */
static void drain_one(struct native *native)
{
    struct list_link *link;
    native->draining = true;
    while (!native->party.dead && (link = list_first(&native->party.events)) != NULL)
        call_for_event(native, BASE_CONTAINER_OF(link, struct queued, link));
    native->draining = false;
}

/* Nested, too: what is called gives the lock back and may find more to do. */
void native_drain(void)
{
    lock_take();
    struct cpu *cpu = lock_cpu;
    bool nested = cpu != NULL && cpu->draining;
    struct list_link *link;
    if (cpu != NULL)
        cpu->draining = true;
    while ((link = list_pop_front(&pending)) != NULL)
        drain_one(BASE_CONTAINER_OF(link, struct native, pending_link));
    if (cpu != NULL)
        cpu->draining = nested;
    lock_give();
}

/* ---- Birth and end ------------------------------------------------------------------------- */

enum status native_create(const struct native_operations *operations, void *context,
                          struct native **native)
{
    struct native *created = block_take(sizeof(*created));
    if (created == NULL)
        return STATUS_NO_MEMORY;
    created->operations = operations;
    created->context = context;
    party_init(&created->party, NULL, 0, true);
    *native = created;
    return STATUS_OK;
}

/* Nothing new comes in any more; waits for the calls that are under way. */
static void shut(struct native *native)
{
    native->party.dead = true;
    for (u32 turns = 0; native->calls != 0 || native->draining; turns++) {
        lock_give();
        machine_relax(turns);
        lock_take();
    }
    list_remove(&native->pending_link);
}

void native_destroy(struct native *native)
{
    lock_take();
    shut(native);
    while (party_end_some(&native->party)) {
        lock_give();
        lock_take();
    }
    pool_deinit(&native->party.slots.pool);
    list_remove(&native->pending_link);
    party_release(&native->party);
    lock_give();
}

void native_free(struct party *party)
{
    block_give(native_of_party(party), sizeof(struct native));
}

/* ---- What a handler asks of the kernel ------------------------------------------------------- */

enum weft_status native_answer(struct native *native, i64 id, enum weft_status status,
                               struct bytes body, const i32 *gifts, u32 gift_count)
{
    if (gift_count > WEFT_GIFTS_MAX)
        return WEFT_INVALID;
    if (body.size > WEFT_BODY_MAX)
        return WEFT_TOO_LARGE;
    struct answering answering = {
        .by = &native->party,
        .cpu = schedule_cpu_here(),
        .id = id,
        .status = status,
        .body = body,
        .gifts = { .count = gift_count },
    };
    for (u32 i = 0; i < gift_count; i++)
        answering.gifts.numbers[i] = gifts[i];
    return answer_message(&answering);
}

static enum status to_status(enum weft_status status)
{
    switch (status) {
    case WEFT_OK:
        return STATUS_OK;
    case WEFT_NO_MEMORY:
        return STATUS_NO_MEMORY;
    case WEFT_LIMIT:
        return STATUS_LIMIT;
    case WEFT_GONE:
    case WEFT_BAD_SLOT:
        return STATUS_NOT_FOUND;
    default:
        return STATUS_INVALID;
    }
}

enum status native_mint_for(struct native *receiver, struct native *handler, u64 interface,
                            u64 badge, i32 *slot)
{
    struct slot_target target = { .kind = SLOT_ENDPOINT };
    lock_take();
    enum weft_status status =
        endpoint_create(&handler->party, interface, badge, false, &target.endpoint);
    if (status == WEFT_OK) {
        status = slot_add(&receiver->party, target, slot);
        if (status != WEFT_OK)
            endpoint_free(target.endpoint);
    }
    lock_give();
    return to_status(status);
}

enum status native_mint(struct native *native, u64 interface, u64 badge, i32 *slot)
{
    return native_mint_for(native, native, interface, badge, slot);
}

bool native_slot_badge(struct native *native, i32 slot, u64 *badge)
{
    lock_take();
    const struct slot *found = slots_find(&native->party.slots, slot);
    bool is_own = found != NULL && found->kind == SLOT_ENDPOINT &&
                  found->endpoint->handler == &native->party;
    if (is_own)
        *badge = found->endpoint->badge;
    lock_give();
    return is_own;
}

bool native_keep(struct native *native, i32 slot)
{
    lock_take();
    struct slot *found = slots_find(&native->party.slots, slot);
    if (found != NULL)
        found->stamp = 0;
    lock_give();
    return found != NULL;
}

void *native_sender_memory(const struct native_message *message, u64 address, u64 size)
{
    const struct native_call *call = BASE_CONTAINER_OF(message, struct native_call, message);
    u64 there = call->memory == NULL ? 0 : memory_window_size(call->memory);
    if (size == 0 || size > there || address > there - size)
        return NULL;
    return call->memory->base + address;
}

void native_close(struct native *native, i32 slot)
{
    lock_take();
    slot_close(&native->party, slot);
    lock_give();
}

enum status native_bind(struct native *native, struct silo *silo, const struct interface_key *key)
{
    struct slot_target target = { .kind = SLOT_ENDPOINT };
    lock_take();
    enum weft_status status = endpoint_create(&native->party, interface_of_hash(&key->hash), 0,
                                              true, &target.endpoint);
    if (status == WEFT_OK) {
        status = binding_set_handler(silo, key, target);
        if (status != WEFT_OK)
            endpoint_free(target.endpoint);
    }
    lock_give();
    return to_status(status);
}

/* ---- Messages of its own -------------------------------------------------------------------- */

/* Charged, with the body and without a receiver; NULL: it cannot be. */
static struct message *new_message(struct silo *silo, struct bytes body, u64 reserve,
                                   enum weft_status *status)
{
    *status = WEFT_LIMIT;
    if (!silo_charge(silo, RESOURCE_BODY_BYTES, body.size))
        return NULL;
    struct message *message = message_create(silo, reserve, status);
    if (message == NULL) {
        silo_discharge(silo, RESOURCE_BODY_BYTES, body.size);
        return NULL;
    }
    message->charged_bytes += body.size;
    message->wants_answer = reserve != 0;
    message->sender_id = 0;
    message->slot = 0;
    message_own_body(message, (u8 *)(usize)body.data, (u32)body.size);
    return message;
}

static void queue_for(struct message *message, const struct endpoint *endpoint)
{
    message->badge = endpoint->badge;
    message->receiver = endpoint->handler;
    message_queue(message);
}

enum weft_status native_ask(struct native *native, struct binding *binding, struct silo *silo,
                            const struct native_question *question, i64 *id)
{
    struct endpoint *endpoint = NULL;
    enum route_kind route = binding_route(binding, &endpoint);
    if (route == ROUTE_DENIED || route == ROUTE_GONE || route == ROUTE_ASK)
        return WEFT_DENIED;
    enum weft_status status;
    struct message *message = new_message(silo, question->body, ANSWER_RESERVE, &status);
    if (message == NULL)
        return status;
    message->interface = interface_of_hash(&binding->hash);
    message->sender = &native->party;
    list_push_back(&native->party.sent, &message->sender_link);
    if (question->gift.kind != SLOT_FREE) {
        message->gifts[0] = question->gift;
        message->gift_count = 1;
    }
    *id = message_id(message);
    if (route == ROUTE_NOBODY)
        binding_queue(binding, message);
    else
        queue_for(message, endpoint);
    return WEFT_OK;
}

bool native_tell(const struct endpoint *endpoint, struct silo *silo, struct bytes body)
{
    enum weft_status status;
    if (body.data == NULL || endpoint->handler->message_count >= QUEUE_MAX)
        return false;
    struct message *message = new_message(silo, body, 0, &status);
    if (message == NULL)
        return false;
    message->interface = endpoint->interface;
    queue_for(message, endpoint);
    return true;
}
