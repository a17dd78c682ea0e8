#include "kernel/argument.h"
#include "kernel/attend.h"
#include "kernel/block.h"
#include "kernel/call.h"
#include "kernel/deadlock.h"
#include "kernel/endpoint.h"
#include "kernel/lock.h"
#include "kernel/process.h"
#include "machine/machine.h"

struct waiting {
    struct thread *thread;
    const u8 *ids; /* i64 each, at any alignment */
    u32 id_count;
    i64 deadline;
    u8 *late; /* a large body that has yet to be copied: a block of `late_size` */
    u32 late_size;
};

/* ---- Taking an event ----------------------------------------------------------------------- */

/* Writes the event and copies the body, or leaves a large one to be copied without the lock. */
static i64 finish(struct waiting *waiting, struct weft_event *event, struct message *message)
{
    struct wait *wait = &waiting->thread->wait;
    wait->event->event = *event;
    if (message != NULL && message->size > LOCKED_COPY_MAX) {
        waiting->late_size = message->size;
        waiting->late = message_disown_body(message);
    } else if (message != NULL && message->size != 0) {
        __builtin_memcpy(wait->body, message->body, message->size);
    }
    return event->kind;
}

/* The event stays first in the queue; its record tells what room it needs. */
static i64 too_large(struct waiting *waiting, const struct weft_event *event)
{
    waiting->thread->wait.event->event = *event;
    return -WEFT_TOO_LARGE;
}

static i64 take_message(struct waiting *waiting, struct message *message)
{
    struct party *party = &waiting->thread->process->party;
    struct weft_event event = {
        .kind = WEFT_EVENT_MESSAGE,
        .id = message->wants_answer ? message_id(message) : 0,
        .badge = message->badge,
        .interface = message->interface,
        .sender = message->sender_id,
        .size = message->size,
        .sender_silo = message->silo->id,
    };
    if (message->size > waiting->thread->wait.capacity) {
        event.id = message_id(message); /* so that it can be refused */
        return too_large(waiting, &event);
    }
    /* The sender is told when this process has no room for the slots that it was given. */
    if (gifts_add(party, message->gifts, message->gift_count, event.gifts) != WEFT_OK) {
        message_refuse(message, WEFT_LIMIT);
        return THREAD_AGAIN;
    }
    event.gift_count = message->gift_count;
    message->gift_count = 0;
    message_unlink(message);
    i64 kind = finish(waiting, &event, message);
    if (!message->wants_answer) {
        message_free(message);
        return kind;
    }
    message_drop_body(message);
    message_body_taken(message);
    message->state = MESSAGE_DELIVERED;
    list_push_back(&party->unsettled, &message->receiver_link);
    return kind;
}

static i64 take_answer(struct waiting *waiting, struct message *message)
{
    struct party *party = &waiting->thread->process->party;
    struct weft_event event = {
        .kind = WEFT_EVENT_ANSWER,
        .status = (i32)message->status,
        .id = message_id(message),
        .interface = message->interface,
        .size = message->size,
    };
    if (message->size > waiting->thread->wait.capacity)
        return too_large(waiting, &event);
    if (gifts_add(party, message->gifts, message->gift_count, event.gifts) == WEFT_OK) {
        event.gift_count = message->gift_count;
        message->gift_count = 0;
    } else {
        event.status = WEFT_LIMIT;
        event.size = 0;
        message_drop_body(message);
    }
    party_unqueue(party, &message->queued);
    list_remove(&message->sender_link);
    i64 kind = finish(waiting, &event, message);
    message_free(message);
    return kind;
}

static i64 take_withdrawn(struct waiting *waiting, struct message *message)
{
    struct weft_event event = {
        .kind = WEFT_EVENT_WITHDRAWN,
        .id = message->withdrawn_id,
        .badge = message->badge,
        .interface = message->interface,
        .sender = message->sender_id,
        .sender_silo = message->silo->id,
    };
    party_unqueue(&waiting->thread->process->party, &message->queued);
    message_free(message);
    return finish(waiting, &event, NULL);
}

static i64 take_closed(struct waiting *waiting, struct endpoint *endpoint)
{
    struct weft_event event = {
        .kind = WEFT_EVENT_CLOSED,
        .badge = endpoint->badge,
        .interface = endpoint->interface,
    };
    party_unqueue(&waiting->thread->process->party, &endpoint->closed);
    endpoint_free(endpoint);
    return finish(waiting, &event, NULL);
}

BASE_APART static i64 take(struct waiting *waiting, struct queued *queued)
{
    switch (queued->kind) {
    case QUEUED_MESSAGE:
        return take_message(waiting, message_of_queued(queued));
    case QUEUED_ANSWER:
        return take_answer(waiting, message_of_queued(queued));
    case QUEUED_WITHDRAWN:
        return take_withdrawn(waiting, message_of_queued(queued));
    case QUEUED_CLOSED:
        return take_closed(waiting, BASE_CONTAINER_OF(queued, struct endpoint, closed));
    case QUEUED_NOT:
        break;
    }
    base_fail("an event of no kind", __FILE_NAME__, __LINE__);
}

/* ---- What to wait for ---------------------------------------------------------------------- */

static i64 read_id(const struct waiting *waiting, u32 index)
{
    i64 id;
    __builtin_memcpy(&id, waiting->ids + (usize)index * sizeof(id), sizeof(id));
    return id;
}

/* Whether that message can bring this party an event, now or later. */
static bool concerns(const struct message *message, const struct party *party)
{
    if (message->sender == party)
        return message->wants_answer && message->state != MESSAGE_BACKLOG;
    return message->receiver == party &&
           (message->state == MESSAGE_DELIVERED || message->state == MESSAGE_WITHDRAWN);
}

static bool is_ready(const struct message *message, const struct party *party)
{
    return message->state ==
           (message->sender == party ? MESSAGE_ANSWERED : MESSAGE_WITHDRAWN);
}

static void attach(struct thread *thread, struct message *message)
{
    struct wait *wait = &thread->wait;
    struct wait_node *node = &wait->nodes[wait->node_count];
    node->thread = thread;
    node->message = message;
    list_push_back(&message->waiters, &node->link);
    wait->node_count++;
    wait->live_count++;
}

/* The thread's nodes are in the messages' lists then; gives the event that became ready first. */
static struct queued *attach_ids(struct waiting *waiting)
{
    const struct party *party = &waiting->thread->process->party;
    struct queued *first = NULL;
    for (u32 i = 0; i < waiting->id_count; i++) {
        struct message *message = message_find(read_id(waiting, i));
        if (message == NULL || !concerns(message, party))
            continue;
        if (!is_ready(message, party))
            attach(waiting->thread, message);
        else if (first == NULL || message->queued.sequence < first->sequence)
            first = &message->queued;
    }
    return first;
}

static struct queued *attach_any(struct waiting *waiting)
{
    struct party *party = &waiting->thread->process->party;
    if (!list_empty(&party->events))
        return BASE_CONTAINER_OF(list_first(&party->events), struct queued, link);
    list_push_back(&party->waiters, &waiting->thread->wait.link);
    return NULL;
}

/* ---- Waiting ------------------------------------------------------------------------------- */

static bool is_past(i64 deadline)
{
    return deadline >= 0 && (deadline == 0 || (u64)deadline <= machine_monotonic_ns());
}

/* Whether to block in what is attached; if not, the result is there. */
static bool may_block(struct waiting *waiting, i64 *result)
{
    struct thread *thread = waiting->thread;
    bool is_any = waiting->id_count == 0;
    if (!is_any && thread->wait.live_count == 0) {
        *result = -WEFT_BAD_MESSAGE;
        return false;
    }
    if (is_past(waiting->deadline)) {
        *result = WEFT_EVENT_NONE;
        return false;
    }
    *result = -WEFT_DEADLOCK;
    if (waiting->deadline > 0)
        alarm_set(&thread->alarm, (u64)waiting->deadline);
    return is_any || waiting->deadline > 0 || !deadlock_closes(thread, NULL);
}

static i64 try_to_wait(struct waiting *waiting)
{
    struct thread *thread = waiting->thread;
    if (thread->process->ending)
        return THREAD_STOPPED;
    struct queued *queued = waiting->id_count == 0 ? attach_any(waiting) : attach_ids(waiting);
    i64 result;
    if (queued == NULL && may_block(waiting, &result)) {
        if (waiting->id_count == 0 && thread->process->waits_slowly)
            attend_process_waits(thread->process);
        return thread_block(thread);
    }
    thread_detach(thread);
    return queued == NULL ? result : take(waiting, queued);
}

static void copy_late(struct waiting *waiting)
{
    __builtin_memcpy(waiting->thread->wait.body, waiting->late, waiting->late_size);
    block_give(waiting->late, waiting->late_size);
}

/* Gives the lock. */
BASE_APART static i64 wait_anyhow(struct waiting *waiting)
{
    i64 result;
    do
        result = try_to_wait(waiting);
    while (result == THREAD_AGAIN);
    lock_give();
    if (waiting->late != NULL)
        copy_late(waiting);
    return result;
}

/* With room for the nodes of many ids, in the place of those in the thread. */
BASE_APART static i64 wait_for_many(struct waiting *waiting)
{
    struct wait *wait = &waiting->thread->wait;
    struct wait_node *nodes = block_take(waiting->id_count * sizeof(*nodes));
    if (nodes == NULL)
        return -WEFT_NO_MEMORY;
    wait->nodes = nodes;
    lock_take_on(waiting->thread->cpu);
    i64 result = wait_anyhow(waiting);
    block_give(wait->nodes, waiting->id_count * sizeof(*wait->nodes));
    wait->nodes = wait->inline_nodes;
    return result;
}

/* As `attach`, of a thread that waits for nothing else. */
static BASE_WITHIN void attach_only(struct thread *thread, struct message *message)
{
    struct wait *wait = &thread->wait;
    wait->inline_nodes[0].thread = thread;
    wait->inline_nodes[0].message = message;
    list_push_back(&message->waiters, &wait->inline_nodes[0].link);
    wait->node_count = 1;
    wait->live_count = 1;
}

/* For the answer to one message, which is under way. */
static BASE_WITHIN i64 wait_for_answer(struct thread *thread, i64 id)
{
    struct message *message = message_at(id);
    if (BASE_SELDOM(message == NULL || message->sender != &thread->process->party))
        return THREAD_AGAIN;
    if (BASE_SELDOM(message->state != MESSAGE_DELIVERED && message->state != MESSAGE_QUEUED))
        return THREAD_AGAIN;
    attach_only(thread, message);
    if (BASE_SELDOM(deadlock_closes_on(thread, NULL, message->receiver))) {
        thread_detach(thread);
        return -WEFT_DEADLOCK;
    }
    return thread_block(thread);
}

/* The short way, for anything or for one answer, without a deadline, if nothing has come yet.
 * Otherwise THREAD_AGAIN, and nothing has changed. */
static BASE_WITHIN i64 wait_straight(struct waiting *waiting)
{
    struct thread *thread = waiting->thread;
    if (BASE_SELDOM(waiting->deadline >= 0) ||
        BASE_SELDOM(thread->process->waits_slowly))
        return THREAD_AGAIN;
    if (waiting->id_count == 1)
        return wait_for_answer(thread, read_id(waiting, 0));
    if (BASE_SELDOM(waiting->id_count != 0) || BASE_SELDOM(attach_any(waiting) != NULL))
        return THREAD_AGAIN;
    return thread_block(thread);
}

static BASE_WITHIN i64 wait_for_event(struct waiting *waiting)
{
    lock_take_on(waiting->thread->cpu);
    i64 result = wait_straight(waiting);
    if (BASE_SELDOM(result == THREAD_AGAIN)) {
        struct waiting anyhow = *waiting;
        return wait_anyhow(&anyhow);
    }
    lock_give();
    return result;
}

static BASE_WITHIN enum weft_status read_arguments(const struct member *member, const u64 *slots,
                                                   struct waiting *waiting)
{
    struct memory_view memory = argument_memory(member);
    u32 ids = (u32)slots[0];
    u32 event = (u32)slots[2];
    u32 body = (u32)slots[3];
    u32 capacity = (u32)slots[4];
    waiting->id_count = (u32)slots[1];
    waiting->deadline = (i64)slots[5];
    if (BASE_SELDOM(waiting->id_count > WEFT_IDS_MAX || waiting->deadline < -1))
        return WEFT_INVALID;
    if (BASE_SELDOM(!argument_is_inside(&memory, ids, waiting->id_count * sizeof(i64)) ||
                    !argument_is_inside(&memory, event, sizeof(struct weft_event)) ||
                    !argument_is_inside(&memory, body, capacity)))
        return WEFT_FAULT;
    struct wait *wait = &waiting->thread->wait;
    waiting->ids = memory.start + ids;
    wait->event = (struct event_place *)(void *)(memory.start + event);
    wait->body = memory.start + body;
    wait->capacity = capacity;
    return WEFT_OK;
}

enum trap call_wait(struct execution *execution, void *member, u64 *slots)
{
    struct waiting waiting;
    waiting.thread = execution_owner(execution);
    waiting.late = NULL;
    enum weft_status status = read_arguments(member, slots, &waiting);
    i64 result;
    if (BASE_SELDOM(status != WEFT_OK)) {
        result = -(i64)status;
    } else if (BASE_SELDOM(waiting.id_count > WAIT_NODES_INLINE)) {
        struct waiting many = waiting;
        result = wait_for_many(&many);
    } else {
        result = wait_for_event(&waiting);
    }
    slots[0] = (u32)result;
    return argument_return(waiting.thread);
}
