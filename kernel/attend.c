#include "kernel/attend.h"

#include "kernel/block.h"
#include "kernel/lock.h"
#include "kernel/pending.h"
#include "kernel/system.h"
#include "kernel/thread.h"

/* A question under way. */
struct question {
    struct list_link link; /* in process->attending or row->awaiting */
    struct pending pending;
    struct process *process; /* that is asked about: it has ended the question when it ends */
    struct binding *row;     /* held; NULL: it is about a process */
    bool wants_idle;
};

/* ---- Ends of questions ----------------------------------------------------------------------- */

static void forget(struct question *question)
{
    list_remove(&question->link);
    if (question->row != NULL)
        binding_release(question->row);
    else
        question->process->waits_slowly =
            question->process->ending || !list_empty(&question->process->attending);
    block_give(question, sizeof(*question));
}

static void on_withdrawn(struct pending *pending)
{
    forget(BASE_CONTAINER_OF(pending, struct question, pending));
}

static void settle(struct question *question, enum weft_status status)
{
    struct message *message = message_find(question->pending.id);
    pending_remove(&question->pending);
    forget(question);
    if (message != NULL && message->state == MESSAGE_DELIVERED)
        message_refuse(message, status); /* an answer without a result has no body */
}

static struct question *first_of(struct list *questions)
{
    return BASE_CONTAINER_OF(list_first(questions), struct question, link);
}

/* Questions of a row, which its last one may free. */
static void settle_row(struct binding *row, enum weft_status status)
{
    binding_hold(row);
    while (!list_empty(&row->awaiting))
        settle(first_of(&row->awaiting), status);
    binding_release(row);
}

/* ---- What happens ---------------------------------------------------------------------------- */

static bool listens(const struct process *process)
{
    return !list_empty(&process->party.waiters);
}

/* Who owes no answer may be at work for a message that wanted none: its threads tell. */
static bool is_idle(const struct process *process)
{
    const struct party *party = &process->party;
    u32 waiting = 0;
    for (struct list_link *link = list_first(&party->waiters); link != NULL;
         link = list_next(&party->waiters, link))
        waiting++;
    return waiting == process->thread_count && list_empty(&party->events) &&
           list_empty(&party->unsettled) && list_empty(&party->backlog);
}

void attend_process_waits(struct process *process)
{
    bool idle = is_idle(process);
    struct list_link *next;
    for (struct list_link *link = list_first(&process->attending); link != NULL; link = next) {
        struct question *question = BASE_CONTAINER_OF(link, struct question, link);
        next = list_next(&process->attending, link);
        if (question->wants_idle ? idle : listens(process))
            settle(question, WEFT_OK);
    }
}

void attend_process_ends(struct process *process)
{
    while (!list_empty(&process->attending))
        settle(first_of(&process->attending), WEFT_GONE);
}

void attend_row_awaited(struct binding *row)
{
    settle_row(row, WEFT_OK);
}

void attend_row_gone(struct binding *row)
{
    settle_row(row, WEFT_GONE);
}

/* ---- Questions ------------------------------------------------------------------------------- */

static struct question *new_question(i64 id)
{
    struct question *question = block_take(sizeof(*question));
    if (question == NULL)
        return NULL;
    question->pending.id = id;
    question->pending.withdrawn = on_withdrawn;
    return question;
}

static bool has_room(const struct process *process)
{
    u32 count = 0;
    for (struct list_link *link = list_first(&process->attending); link != NULL;
         link = list_next(&process->attending, link))
        count++;
    return count < ATTENDING_MAX;
}

/* From now on, or at once. */
static void attend(struct process *process, struct question *question)
{
    pending_add(&question->pending, question->pending.id);
    list_push_back(&process->attending, &question->link);
    process->waits_slowly = true;
    if (process->ending)
        attend_process_ends(process);
    else
        attend_process_waits(process);
}

/* Who asks about itself would be told while it waits, and not wait any more. */
static enum weft_status ask_process(const struct request *request, const struct weft_event *event,
                                    bool wants_idle)
{
    struct process *process = system_process_of(event->badge);
    if (event->badge == 0 || process == request->sender)
        return WEFT_INVALID;
    if (event->id == 0)
        return WEFT_OK;
    struct question *question = new_question(event->id);
    if (question == NULL)
        return WEFT_NO_MEMORY;
    question->process = process;
    question->wants_idle = wants_idle;
    lock_take();
    bool is_well = has_room(process);
    if (is_well)
        attend(process, question);
    lock_give();
    if (!is_well)
        block_give(question, sizeof(*question));
    return is_well ? WEFT_OK : WEFT_LIMIT;
}

enum weft_status system_take_process_listens(void *context, const struct weft_event *event)
{
    return ask_process(context, event, false);
}

enum weft_status system_take_process_idle(void *context, const struct weft_event *event)
{
    return ask_process(context, event, true);
}

/* Under the lock. */
static enum weft_status ask_row(const struct request *request, struct question *question,
                                u64 silo_id, const struct interface_key *key)
{
    struct silo *silo = system_silo_below(request, silo_id);
    if (silo == NULL)
        return WEFT_NOT_FOUND;
    enum weft_status status = binding_get(silo, key, &question->row);
    if (status != WEFT_OK)
        return status;
    pending_add(&question->pending, question->pending.id);
    list_push_back(&question->row->awaiting, &question->link);
    if (binding_is_awaited(question->row))
        attend_row_awaited(question->row);
    return WEFT_OK;
}

enum weft_status system_take_awaited(void *context, const struct weft_event *event,
                                     const struct system_awaited_arguments *arguments)
{
    struct interface_key key = { .tag = system_view(arguments->tag) };
    if (!system_hash(arguments->interface, &key.hash))
        return WEFT_INVALID;
    if (event->id == 0)
        return WEFT_OK;
    struct question *question = new_question(event->id);
    if (question == NULL)
        return WEFT_NO_MEMORY;
    lock_take();
    enum weft_status status = ask_row(context, question, arguments->silo, &key);
    lock_give();
    if (status != WEFT_OK)
        block_give(question, sizeof(*question));
    return status;
}
