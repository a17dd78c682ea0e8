#include "kernel/decision.h"

#include "kernel/block.h"
#include "kernel/endpoint.h"
#include "kernel/handlers.h"
#include "kernel/lock.h"
#include "kernel/process.h"
#include "kernel/program.h"
#include "kernel/system.h"

/* Its address is the badge of the slot, of which only this file makes any. */
struct decision {
    struct list_link link; /* in `decisions` */
    struct decision_subject subject; /* its row held, its name a block */
    struct slot_target handler; /* that the row had when it asked, held, or none */
    bool is_kept; /* nobody has a slot of it */
};

static struct list decisions;

static void destroy(struct decision *decision)
{
    list_remove(&decision->link);
    slot_target_release(decision->handler);
    binding_release(decision->subject.row);
    block_give_bytes(decision->subject.name);
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

struct permission_question decision_question(const struct decision_subject *subject)
{
    const struct binding *row = subject->row;
    return (struct permission_question){
        .process = subject->process,
        .silo = row->silo->id,
        .is_starter = subject->is_starter,
        .program = { subject->program.bytes, subject->program.size },
        .program_name = { subject->name.data, (u32)subject->name.size },
        .interface = { row->hash.bytes, HASH_SIZE },
        .interface_name = { row->name.data, (u32)row->name.size },
        .tag = { row->tag.data, (u32)row->tag.size },
    };
}

static enum weft_status create_slot(struct native *native, struct decision *decision,
                                    struct slot_target *slot)
{
    slot->kind = SLOT_ENDPOINT;
    return endpoint_create(&native->party, PERMISSION_INTERFACE_ID, (u64)(usize)decision, false,
                           &slot->endpoint);
}

enum weft_status decision_create(struct native *native, const struct decision_subject *subject,
                                 struct slot_target *gift)
{
    struct slot_target slot;
    struct decision *decision = block_take(sizeof(*decision));
    if (decision == NULL)
        return WEFT_NO_MEMORY;
    enum weft_status status = create_slot(native, decision, &slot);
    if (status != WEFT_OK) {
        block_give(decision, sizeof(*decision));
        return status;
    }
    *gift = slot;
    decision->subject = *subject;
    decision->subject.name = block_copy(subject->name);
    decision->handler = subject->row->handler;
    slot_target_hold(decision->handler);
    binding_hold(subject->row);
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
    struct binding *row = decision->subject.row;
    struct interface_key key = key_of(row);
    enum weft_status status = binding_set_verdict(row->silo, &key, VERDICT_ALLOW);
    if (status == WEFT_OK && decision->handler.kind != SLOT_FREE)
        status = bind(row, decision->handler);
    if (status == WEFT_OK && row->silo->id == decision->subject.asker)
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

enum weft_status decision_apply(const struct decision_subject *subject,
                                enum permission_answer_tag answer, struct slot_target substitute)
{
    struct binding *row = subject->row;
    switch (answer) {
    case PERMISSION_ANSWER_ALLOW:
        if (!subject->is_starter)
            return binding_permit(row, subject->asker);
        binding_pass(row, subject->asker);
        return WEFT_OK;
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
    struct binding *row = decision->subject.row;
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
    return status == WEFT_OK ? decision_apply(&decision->subject, answer->tag, substitute) : status;
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
    bool stands = !decision_of(event)->subject.row->silo->destroyed;
    lock_give();
    return request_answer(request->native, request->message->id, encode_stands, &stands);
}

/* ---- Kept for the next handler --------------------------------------------------------------- */

static bool is_other_handler(struct slot_target a, struct slot_target b)
{
    if (a.kind != b.kind)
        return true;
    return a.kind == SLOT_ENDPOINT ? a.endpoint != b.endpoint : a.binding != b.binding;
}

/* What is in force of the answer; false: nothing. */
static bool outcome_of(const struct decision *decision, enum permission_outcome *outcome)
{
    const struct binding *row = decision->subject.row;
    u64 by = decision->subject.is_starter ? row->passed_by : row->permitted_by;
    if (row->silo->destroyed)
        return false;
    *outcome = PERMISSION_OUTCOME_DENY;
    if (row->verdict == VERDICT_DENY)
        return row->is_answered;
    *outcome = PERMISSION_OUTCOME_SUBSTITUTE;
    if (row->handler.kind != SLOT_FREE && is_other_handler(row->handler, decision->handler))
        return row->verdict == VERDICT_ALLOW;
    *outcome = PERMISSION_OUTCOME_ALLOW;
    return by != 0 && by <= decision->subject.asker;
}

static struct decision *decision_at(struct list_link *link)
{
    return BASE_CONTAINER_OF(link, struct decision, link);
}

/* Whether there is another that says the same of the same row: that one is as good. */
static bool is_needless(const struct decision *decision)
{
    for (struct list_link *link = list_first(&decisions); link != NULL;
         link = list_next(&decisions, link)) {
        const struct decision *other = decision_at(link);
        if (other != decision && other->subject.row == decision->subject.row &&
            other->subject.is_starter == decision->subject.is_starter)
            return true;
    }
    return false;
}

void decisions_forget(const struct silo *silo)
{
    struct list_link *next;
    for (struct list_link *link = list_first(&decisions); link != NULL; link = next) {
        struct decision *decision = decision_at(link);
        next = list_next(&decisions, link);
        if (decision->is_kept && decision->subject.row->silo == silo)
            destroy(decision);
    }
}

/* Whether it is this party that the silo asks now which has asked then. */
static bool is_asked_now(const struct decision *decision, const struct party *party)
{
    struct interface_key key = { .name = BYTES_LITERAL(PERMISSION_INTERFACE_NAME) };
    struct silo *asker = decision->subject.row->silo;
    struct binding *row;
    struct endpoint *endpoint;
    BASE_ASSERT(hash_from_hex(BYTES_LITERAL(PERMISSION_INTERFACE_HASH), &key.hash));
    while (asker != NULL && asker->id != decision->subject.asker)
        asker = asker->parent;
    if (asker == NULL || binding_get(asker, &key, &row) != WEFT_OK)
        return false;
    bool is_asked = binding_route(row, &endpoint) == ROUTE_HANDLER && endpoint->handler == party;
    binding_release(row);
    return is_asked;
}

/* The first that is kept, of those that are this party's; NULL: there is none. */
static struct decision *find_kept(const struct party *party, enum permission_outcome *outcome)
{
    struct list_link *next;
    for (struct list_link *link = list_first(&decisions); link != NULL; link = next) {
        struct decision *decision = decision_at(link);
        next = list_next(&decisions, link);
        if (!decision->is_kept)
            continue;
        if (!outcome_of(decision, outcome))
            destroy(decision);
        else if (is_asked_now(decision, party))
            return decision;
    }
    return NULL;
}

/* Nobody else has a slot of it, so what the answer borrows is there until this one is given. */
static enum weft_status give_kept(struct native *native, const struct party *party,
                                  struct permission_earlier_option *result)
{
    struct slot_target slot;
    struct decision *decision = find_kept(party, &result->value.outcome);
    result->present = decision != NULL;
    if (decision == NULL)
        return WEFT_OK;
    enum weft_status status = create_slot(native, decision, &slot);
    if (status != WEFT_OK)
        return status;
    status = slot_add(&native->party, slot, &result->value.decision);
    if (status != WEFT_OK) {
        endpoint_free(slot.endpoint);
        return status;
    }
    decision->is_kept = false;
    result->value.question = decision_question(&decision->subject);
    return WEFT_OK;
}

static bool encode_earlier(struct body_writer *writer, const void *result)
{
    return permission_decision_earlier_result_encode(writer, result);
}

static enum weft_status take_earlier(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    struct permission_earlier_option result = { 0 };
    enum weft_status status = WEFT_OK;
    (void)event;
    lock_take();
    if (request->sender != NULL)
        status = give_kept(request->native, &request->sender->party, &result);
    lock_give();
    return status == WEFT_OK ? request_answer(request->native, request->message->id,
                                              encode_earlier, &result)
                             : status;
}

/* ---- Messages -------------------------------------------------------------------------------- */

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    static const struct permission_server server = {
        .decision_change = take_change,
        .decision_reopen = take_reopen,
        .decision_stands = take_stands,
        .decision_earlier = take_earlier,
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
    struct decision *decision = (struct decision *)(usize)badge;
    enum permission_outcome outcome;
    lock_take();
    decision->is_kept = outcome_of(decision, &outcome) && !is_needless(decision);
    if (!decision->is_kept)
        destroy(decision);
    lock_give();
}
