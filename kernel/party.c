#include "kernel/party.h"

#include "kernel/endpoint.h"
#include "kernel/limits.h"
#include "kernel/message.h"
#include "kernel/native.h"
#include "kernel/process.h"
#include "kernel/thread.h"

static u64 sequence;

void party_init(struct party *party, struct silo *silo, u64 id, bool is_native)
{
    *party = (struct party){ .is_native = is_native, .holders = 1, .silo = silo, .id = id };
    slots_init(&party->slots, is_native ? NATIVE_SLOTS_MAX : SLOTS_PER_PROCESS_MAX);
    list_init(&party->events);
    list_init(&party->backlog);
    list_init(&party->waiters);
    list_init(&party->unsettled);
    list_init(&party->sent);
}

void party_hold(struct party *party)
{
    party->holders++;
}

void party_release(struct party *party)
{
    BASE_ASSERT(party->holders != 0);
    if (--party->holders != 0)
        return;
    if (party->is_native)
        native_free(party);
    else
        process_free(process_of_party(party));
}

void party_queue(struct party *party, struct queued *queued, enum queued_kind kind)
{
    queued->kind = kind;
    queued->sequence = ++sequence;
    party->message_count += kind == QUEUED_MESSAGE;
    list_push_back(&party->events, &queued->link);
    if (party->is_native)
        native_notify(party);
}

void party_wake(struct party *party)
{
    struct list_link *first = list_first(&party->waiters);
    if (first != NULL)
        thread_wake(BASE_CONTAINER_OF(first, struct thread, wait.link), THREAD_AGAIN);
}

void party_unqueue(struct party *party, struct queued *queued)
{
    party->message_count -= queued->kind == QUEUED_MESSAGE;
    queued->kind = QUEUED_NOT;
    list_remove(&queued->link);
}

/* What it was told and has not heard: messages and answers go with whom they belong to. */
static void forget_event(struct party *party, struct queued *queued)
{
    switch (queued->kind) {
    case QUEUED_MESSAGE:
        message_refuse(message_of_queued(queued), WEFT_GONE);
        return;
    case QUEUED_CLOSED:
        party_unqueue(party, queued);
        endpoint_free(BASE_CONTAINER_OF(queued, struct endpoint, closed));
        return;
    case QUEUED_ANSWER:
    case QUEUED_WITHDRAWN:
    case QUEUED_NOT:
        party_unqueue(party, queued);
        message_free(message_of_queued(queued));
        return;
    }
}

bool party_end_some(struct party *party)
{
    enum { SLOTS_A_STEP = 16 };
    struct list_link *link;
    if ((link = list_first(&party->sent)) != NULL)
        message_withdraw(BASE_CONTAINER_OF(link, struct message, sender_link));
    else if ((link = list_first(&party->unsettled)) != NULL)
        message_refuse(BASE_CONTAINER_OF(link, struct message, receiver_link), WEFT_GONE);
    else if ((link = list_first(&party->events)) != NULL)
        forget_event(party, BASE_CONTAINER_OF(link, struct queued, link));
    else if ((link = list_first(&party->backlog)) != NULL)
        message_refuse(message_of_queued(BASE_CONTAINER_OF(link, struct queued, link)), WEFT_GONE);
    else
        return !slots_close_some(party, SLOTS_A_STEP);
    return true;
}
