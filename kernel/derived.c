#include "kernel/derived.h"

#include "interface/system.h"
#include "kernel/block.h"
#include "kernel/process.h"
#include "kernel/thread.h"

/* Whom a slot leads to that was cut off. */
static struct party nobody = { .dead = true, .holders = 1 };
/* In the place of one for which there was no memory: nothing gets out that could not be cut off. */
static struct endpoint lost = { .handler = &nobody, .holders = 1, .quiet = true };

bool derived_is_cut(const struct endpoint *endpoint)
{
    return endpoint->handler == &nobody;
}

/* ---- From which row ------------------------------------------------------------------------- */

/* Whose slot it was that the message went by is gone: a row of the sender's silo, or the nearest
 * above, that is about this interface. Held, or NULL. */
static struct binding *row_by_interface(struct silo *own, u64 interface)
{
    struct binding *row;
    for (const struct silo *silo = own; silo != NULL; silo = silo->parent)
        for (struct list_link *link = list_first(&silo->rows); link != NULL;
             link = list_next(&silo->rows, link)) {
            const struct binding *at = BASE_CONTAINER_OF(link, struct binding, silo_link);
            struct interface_key key = { at->hash, at->name, at->tag };
            if (interface_of_hash(&at->hash) == interface)
                return binding_get(own, &key, &row) == WEFT_OK ? row : NULL;
        }
    return NULL;
}

static bool went_by(const struct message *message, const struct slot *slot)
{
    if (slot == NULL)
        return false;
    if (slot->kind == SLOT_BINDING)
        return interface_of_hash(&slot->binding->hash) == message->interface;
    return slot->endpoint->interface == message->interface &&
           slot->endpoint->badge == message->badge && slot->endpoint->handler == message->receiver;
}

/* Held; NULL: from none. What `system` gives is derived from nothing: copies stay what they were,
 * and a start record's slots are of who gave them. */
static struct binding *row_of(const struct message *message)
{
    const struct party *sender = message->sender;
    if (sender == NULL || sender->is_native ||
        (message->receiver->is_native && message->interface == SYSTEM_INTERFACE_ID))
        return NULL;
    const struct slot *slot = slots_find(&sender->slots, message->slot);
    if (!went_by(message, slot))
        return row_by_interface(sender->silo, message->interface);
    struct binding *row =
        slot->kind == SLOT_BINDING ? slot->binding : slot->endpoint->row;
    if (row != NULL)
        binding_hold(row);
    return row;
}

/* ---- Making --------------------------------------------------------------------------------- */

static void link_to_row(struct endpoint *endpoint, struct binding *row)
{
    binding_hold(row);
    endpoint->row = row;
    list_push_back(&row->derived, &endpoint->row_link);
    if (!list_linked(&row->derived_link))
        list_push_back(&rows_with_derived, &row->derived_link);
}

static void unlink_from_row(struct endpoint *endpoint)
{
    struct binding *row = endpoint->row;
    if (row == NULL)
        return;
    endpoint->row = NULL;
    list_remove(&endpoint->row_link);
    if (list_empty(&row->derived))
        list_remove(&row->derived_link);
    binding_release(row);
}

/* Takes over the hold on `base`. */
static struct endpoint *derive(struct endpoint *base, struct binding *row)
{
    struct endpoint *derived;
    if (endpoint_create(base->handler, base->interface, base->badge, true, &derived) != WEFT_OK) {
        endpoint_release(base);
        endpoint_hold(&lost);
        return &lost;
    }
    derived->base = base;
    derived->is_derived = true;
    link_to_row(derived, row);
    return derived;
}

/* ---- Cutting off ---------------------------------------------------------------------------- */

static void cut(struct endpoint *endpoint)
{
    struct endpoint *base = endpoint->base;
    struct party *handler = endpoint->handler;
    unlink_from_row(endpoint);
    endpoint->base = NULL;
    endpoint->handler = &nobody;
    party_hold(&nobody);
    party_release(handler);
    endpoint_release(base); /* the handler hears that it is closed */
}

static bool says_no(struct binding *row)
{
    struct endpoint *endpoint;
    enum route_kind route = binding_route(row, &endpoint);
    return route == ROUTE_DENIED || route == ROUTE_ASK;
}

void derived_gifts(const struct message *message, struct slot_target *gifts, u32 count)
{
    struct binding *row = row_of(message);
    if (row == NULL)
        return;
    bool is_late = says_no(row);
    for (u32 i = 0; i < count && !row->silo->destroyed; i++) {
        if (gifts[i].kind != SLOT_ENDPOINT || gifts[i].endpoint->is_derived)
            continue;
        gifts[i].endpoint = derive(gifts[i].endpoint, row);
        if (is_late && gifts[i].endpoint != &lost)
            cut(gifts[i].endpoint);
    }
    binding_release(row);
}

static void cut_all(struct binding *row)
{
    struct list_link *link;
    binding_hold(row);
    while ((link = list_first(&row->derived)) != NULL)
        cut(BASE_CONTAINER_OF(link, struct endpoint, row_link));
    binding_release(row);
}

/* ---- What is under way ---------------------------------------------------------------------- */

/* What went by the row itself is answered: who stops a handler lets it finish what it has taken. */
static bool is_cut_off(const struct process *process, const struct message *message)
{
    const struct slot *slot = slots_find(&process->party.slots, message->slot);
    return slot != NULL && message->receiver != NULL && slot->kind == SLOT_ENDPOINT &&
           derived_is_cut(slot->endpoint);
}

static bool is_under_way(const struct message *message)
{
    return message->state == MESSAGE_QUEUED ||
           (message->state == MESSAGE_DELIVERED && !message->in_call);
}

static void break_off_threads(struct process *process)
{
    struct list_link *link = list_first(&process->threads);
    for (; link != NULL; link = list_next(&process->threads, link)) {
        struct thread *thread = BASE_CONTAINER_OF(link, struct thread, link);
        if (thread->backlogged != NULL && is_cut_off(process, thread->backlogged))
            message_break_off(thread, -(i64)WEFT_DENIED);
    }
}

static void revoke_messages(struct process *process)
{
    struct list_link *next;
    const struct list *sent = &process->party.sent;
    for (struct list_link *link = list_first(sent); link != NULL; link = next) {
        struct message *message = BASE_CONTAINER_OF(link, struct message, sender_link);
        next = list_next(sent, link);
        if (is_under_way(message) && is_cut_off(process, message))
            message_revoke(message);
    }
    break_off_threads(process);
}

void derived_check(struct silo *silo)
{
    struct list_link *next;
    for (struct list_link *link = list_first(&rows_with_derived); link != NULL; link = next) {
        struct binding *row = BASE_CONTAINER_OF(link, struct binding, derived_link);
        next = list_next(&rows_with_derived, link);
        if (silo_is_within(row->silo, silo) && says_no(row))
            cut_all(row);
    }
    for (struct silo *at = silo; at != NULL; at = silo_walk(silo, at))
        for (struct list_link *link = list_first(&at->processes); link != NULL;
             link = list_next(&at->processes, link))
            revoke_messages(BASE_CONTAINER_OF(link, struct process, silo_link));
}

/* ---- Ends ----------------------------------------------------------------------------------- */

void derived_let_go(struct binding *row)
{
    struct list_link *link;
    while ((link = list_first(&row->derived)) != NULL)
        unlink_from_row(BASE_CONTAINER_OF(link, struct endpoint, row_link));
}

void derived_end(struct endpoint *endpoint)
{
    struct endpoint *base = endpoint->base;
    unlink_from_row(endpoint);
    endpoint_free(endpoint);
    if (base != NULL)
        endpoint_release(base);
}
