#include "kernel/decided.h"

#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/lock.h"
#include "kernel/pending.h"
#include "kernel/permission.h"
#include "kernel/process.h"
#include "kernel/system.h"

/* A question under way. */
struct question {
    struct list_link link; /* in `questions` */
    struct pending pending;
    struct binding *row; /* held, of the silo of the process */
};

static struct list questions;

void decided_init(void)
{
    list_init(&questions);
}

/* ---- Ends of questions ----------------------------------------------------------------------- */

static void forget(struct question *question)
{
    list_remove(&question->link);
    binding_wanted_less(question->row);
    block_give(question, sizeof(*question));
}

static void on_withdrawn(struct pending *pending)
{
    forget(BASE_CONTAINER_OF(pending, struct question, pending));
}

static void settle(struct question *question)
{
    struct message *message = message_find(question->pending.id);
    pending_remove(&question->pending);
    forget(question);
    if (message != NULL && message->state == MESSAGE_DELIVERED)
        message_refuse(message, WEFT_OK); /* an answer without a result has no body */
}

static bool is_open(struct binding *row)
{
    struct endpoint *endpoint;
    return binding_route(row, &endpoint) == ROUTE_ASK && row->asking;
}

void decided_look(void)
{
    struct list_link *next;
    for (struct list_link *link = list_first(&questions); link != NULL; link = next) {
        struct question *question = BASE_CONTAINER_OF(link, struct question, link);
        next = list_next(&questions, link);
        if (!is_open(question->row))
            settle(question);
    }
}

/* ---- Questions ------------------------------------------------------------------------------- */

/* Under the lock. Where nobody can be asked, that is all there is to be decided. */
static enum weft_status ask(struct question *question, struct process *process,
                            struct interface_key *key, i64 id)
{
    struct endpoint *endpoint;
    struct silo *silo = process->party.silo;
    key->name = binding_known_name(silo, &key->hash, key->tag);
    enum weft_status status = binding_get(silo, key, &question->row);
    if (status != WEFT_OK)
        return status;
    question->pending.withdrawn = on_withdrawn;
    binding_wanted_more(question->row);
    binding_release(question->row);
    pending_add(&question->pending, id);
    list_push_back(&questions, &question->link);
    if (binding_route(question->row, &endpoint) == ROUTE_ASK)
        (void)permission_ask(process, question->row);
    if (!is_open(question->row))
        settle(question);
    return WEFT_OK;
}

static enum weft_status ask_about(struct process *process, struct interface_key *key, i64 id)
{
    struct question *question = block_take(sizeof(*question));
    if (question == NULL)
        return WEFT_NO_MEMORY;
    lock_take();
    enum weft_status status = ask(question, process, key, id);
    lock_give();
    if (status != WEFT_OK)
        block_give(question, sizeof(*question));
    return status;
}

enum weft_status system_take_decided(void *context, const struct weft_event *event,
                                     const struct system_decided_arguments *arguments)
{
    const struct request *request = context;
    struct interface_key key = { .tag = system_view(arguments->tag) };
    if (!system_hash(arguments->interface, &key.hash))
        return WEFT_INVALID;
    if (event->id == 0)
        return WEFT_OK;
    struct process *process = system_client(request, arguments->process);
    if (process == NULL)
        return WEFT_NOT_FOUND;
    enum weft_status status = ask_about(process, &key, event->id);
    process_release(process);
    return status;
}
