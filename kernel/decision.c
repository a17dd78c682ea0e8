#include "kernel/decision.h"

#include "kernel/block.h"
#include "kernel/endpoint.h"
#include "kernel/handlers.h"
#include "kernel/lock.h"
#include "kernel/system.h"

/* Its address is the badge of the slot, of which only this file makes any. */
struct decision {
    struct list_link link; /* in `decisions` */
    struct binding *row;   /* held */
    struct slot_target handler; /* that the row had when it asked, held, or none */
    u64 asker;
};

static struct list decisions;

static void destroy(struct decision *decision)
{
    list_remove(&decision->link);
    slot_target_release(decision->handler);
    binding_release(decision->row);
    block_give(decision, sizeof(*decision));
}

void decisions_init(void)
{
    list_init(&decisions);
}

void decisions_deinit(void)
{
    struct list_link *link;
    while ((link = list_first(&decisions)) != NULL)
        destroy(BASE_CONTAINER_OF(link, struct decision, link));
}

enum weft_status decision_create(struct native *native, struct binding *row, u64 asker,
                                 struct slot_target *gift)
{
    struct decision *decision = block_take(sizeof(*decision));
    if (decision == NULL)
        return WEFT_NO_MEMORY;
    enum weft_status status =
        endpoint_create(&native->party, PERMISSION_INTERFACE_ID, (u64)(usize)decision, false,
                        &gift->endpoint);
    if (status != WEFT_OK) {
        block_give(decision, sizeof(*decision));
        return status;
    }
    gift->kind = SLOT_ENDPOINT;
    decision->row = row;
    decision->asker = asker;
    decision->handler = row->handler;
    slot_target_hold(row->handler);
    binding_hold(row);
    list_push_back(&decisions, &decision->link);
    return WEFT_OK;
}

/* ---- What a row says ------------------------------------------------------------------------- */

static struct interface_key key_of(const struct binding *row)
{
    return (struct interface_key){ row->hash, row->name, row->tag };
}

static enum weft_status bind(struct binding *row, struct slot_target handler)
{
    struct interface_key key = key_of(row);
    slot_target_hold(handler);
    enum weft_status status = binding_set_handler(row->silo, &key, handler);
    if (status != WEFT_OK)
        slot_target_release(handler);
    return status;
}

/* As it was before anything was answered. */
static enum weft_status reopen(const struct decision *decision)
{
    struct binding *row = decision->row;
    struct interface_key key = key_of(row);
    enum weft_status status = binding_set_verdict(row->silo, &key, VERDICT_ALLOW);
    if (status == WEFT_OK && decision->handler.kind != SLOT_FREE)
        status = bind(row, decision->handler);
    if (status == WEFT_OK && row->silo->id == decision->asker)
        status = binding_set_verdict(row->silo, &key, VERDICT_ASK);
    return status;
}

static enum weft_status deny(struct binding *row)
{
    struct interface_key key = key_of(row);
    enum weft_status status = binding_set_verdict(row->silo, &key, VERDICT_DENY);
    row->is_answered = status == WEFT_OK;
    return status;
}

static enum weft_status substitute_for(struct binding *row, struct slot_target substitute)
{
    struct interface_key key = key_of(row);
    struct slot_target handler;
    enum weft_status status = system_handler_of(substitute, &key, &handler);
    if (status != WEFT_OK)
        return status;
    status = bind(row, handler);
    slot_target_release(handler);
    return status;
}

enum weft_status decision_apply(struct binding *row, u64 asker, enum permission_answer_tag answer,
                                struct slot_target substitute)
{
    switch (answer) {
    case PERMISSION_ANSWER_ALLOW:
        return binding_permit(row, asker);
    case PERMISSION_ANSWER_DENY:
    case PERMISSION_ANSWER_END:
        return deny(row);
    case PERMISSION_ANSWER_SUBSTITUTE:
        break;
    }
    return substitute_for(row, substitute);
}

/* ---- The slot -------------------------------------------------------------------------------- */

static struct decision *decision_of(const struct weft_event *event)
{
    return (struct decision *)(usize)event->badge;
}

static bool encode_done(struct body_writer *writer, const void *result)
{
    return permission_decision_change_result_encode(writer, result);
}

static enum weft_status answer_done(const struct request *request, enum weft_status status)
{
    const struct permission_none_error_result result = {
        .failed = status != WEFT_OK,
        .error = status == WEFT_GONE ? PERMISSION_ERROR_GONE : PERMISSION_ERROR_FAILED,
    };
    return request_answer(request->native, request->message->id, encode_done, &result);
}

/* With anything but that it may. */
static bool was_answered(const struct binding *row)
{
    return row->verdict == VERDICT_DENY ||
           (row->verdict == VERDICT_ALLOW && row->handler.kind != SLOT_FREE);
}

/* What was had by the old answer ends. */
static enum weft_status change(const struct request *request, const struct decision *decision,
                               const struct permission_answer *answer)
{
    struct slot_target substitute = { 0 };
    struct binding *row = decision->row;
    if (answer->tag == PERMISSION_ANSWER_END)
        return WEFT_INVALID;
    if (answer->tag == PERMISSION_ANSWER_SUBSTITUTE) {
        const struct slot *slot =
            slots_find(&request->native->party.slots, answer->substitute);
        if (slot == NULL)
            return WEFT_BAD_SLOT;
        substitute = slot_target_of(slot);
    }
    enum weft_status status = WEFT_OK;
    if (answer->tag == PERMISSION_ANSWER_SUBSTITUTE)
        status = deny(row);
    else if (answer->tag == PERMISSION_ANSWER_ALLOW && was_answered(row))
        status = reopen(decision);
    return status == WEFT_OK
               ? decision_apply(row, decision->asker, answer->tag, substitute)
               : status;
}

static enum weft_status take_change(void *context, const struct weft_event *event,
                                    const struct permission_decision_change_arguments *arguments)
{
    lock_take();
    enum weft_status status = change(context, decision_of(event), &arguments->answer);
    lock_give();
    return answer_done(context, status);
}

static enum weft_status take_reopen(void *context, const struct weft_event *event)
{
    const struct decision *decision = decision_of(event);
    lock_take();
    enum weft_status status = reopen(decision);
    lock_give();
    return answer_done(context, status);
}

static bool encode_stands(struct body_writer *writer, const void *result)
{
    return permission_decision_stands_result_encode(writer, result);
}

static enum weft_status take_stands(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    lock_take();
    bool stands = !decision_of(event)->row->silo->destroyed;
    lock_give();
    return request_answer(request->native, request->message->id, encode_stands, &stands);
}

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    static const struct permission_server server = {
        .decision_change = take_change,
        .decision_reopen = take_reopen,
        .decision_stands = take_stands,
    };
    return permission_dispatch(&server, request, event, reader);
}

void decision_message(void *context, const struct native_message *message)
{
    request_take(context, message, dispatch);
}

void decision_closed(void *context, u64 badge)
{
    (void)context;
    lock_take();
    destroy((struct decision *)(usize)badge);
    lock_give();
}
