/* `system`: silos below the caller's own, and their tables. */
#include "kernel/binding.h"
#include "kernel/cabin.h"
#include "kernel/cid.h"
#include "kernel/endpoint.h"
#include "kernel/lock.h"
#include "kernel/program.h"
#include "kernel/system.h"

static struct silo_limits limits_of(const struct system_limits *limits)
{
    return (struct silo_limits){
        .memory_pages = limits->memory_pages,
        .body_bytes = limits->body_bytes,
        .processes = limits->processes,
        .threads = limits->threads,
        .messages = limits->messages,
        .slots = limits->slots,
        .weight = limits->weight,
        .quota = limits->quota,
    };
}

/* ---- The tree ------------------------------------------------------------------------------ */

static bool encode_create(struct body_writer *writer, const void *result)
{
    return system_create_silo_result_encode(writer, result);
}

static enum weft_status create(const struct request *request, u64 parent_id,
                               struct weft_bytes name, const struct silo_limits *limits,
                               bool is_cabin)
{
    struct system_u64_error_result result = { 0 };
    lock_take();
    struct silo *parent = system_silo_seen(request, parent_id);
    struct silo *silo = NULL;
    enum weft_status status = WEFT_NOT_FOUND;
    if (parent != NULL)
        status = silo_create_locked(parent, system_view(name), limits, &silo);
    if (status == WEFT_OK) {
        silo->is_cabin = is_cabin;
        result.value = silo->id;
    }
    lock_give();
    result.failed = status != WEFT_OK;
    if (result.failed)
        result.error = system_error_of(status);
    return request_answer(request->native, request->message->id, encode_create, &result);
}

enum weft_status system_take_create_silo(void *context, const struct weft_event *event,
                                         const struct system_create_silo_arguments *arguments)
{
    (void)event;
    struct silo_limits limits = limits_of(&arguments->limits);
    return create(context, arguments->parent, arguments->name, &limits, false);
}

enum weft_status system_take_create_cabin(void *context, const struct weft_event *event,
                                         const struct system_create_cabin_arguments *arguments)
{
    (void)event;
    static const struct silo_limits none;
    return create(context, arguments->parent, arguments->name, &none, true);
}

enum weft_status system_take_destroy_silo(void *context, const struct weft_event *event,
                                          const struct system_destroy_silo_arguments *arguments)
{
    (void)event;
    lock_take();
    struct silo *silo = system_silo_beside(context, arguments->silo);
    if (silo != NULL)
        silo_destroy_locked(silo);
    lock_give();
    return system_answer_none(context, silo == NULL ? WEFT_NOT_FOUND : WEFT_OK);
}

enum weft_status system_take_set_limits(void *context, const struct weft_event *event,
                                        const struct system_set_limits_arguments *arguments)
{
    (void)event;
    struct silo_limits limits = limits_of(&arguments->limits);
    lock_take();
    struct silo *silo = system_silo_beside(context, arguments->silo);
    if (silo != NULL)
        silo_set_limits_locked(silo, &limits);
    lock_give();
    return system_answer_none(context, silo == NULL ? WEFT_NOT_FOUND : WEFT_OK);
}

enum weft_status
system_take_set_program_limits(void *context, const struct weft_event *event,
                               const struct system_set_program_limits_arguments *arguments)
{
    (void)event;
    struct silo_limits limits = limits_of(&arguments->limits);
    struct cid program;
    if (!cid_from_bytes(system_view(arguments->program), &program))
        return system_answer_none(context, WEFT_INVALID);
    lock_take();
    struct silo *silo = system_silo_below(context, arguments->silo);
    enum weft_status status =
        silo == NULL ? WEFT_NOT_FOUND : cabin_set_limits(silo, &program, &limits);
    lock_give();
    return system_answer_none(context, status);
}

enum weft_status system_take_show_parent(void *context, const struct weft_event *event,
                                         const struct system_show_parent_arguments *arguments)
{
    (void)event;
    lock_take();
    struct silo *silo = system_silo_below(context, arguments->silo);
    if (silo != NULL)
        silo->sees_parent = true;
    lock_give();
    return system_answer_none(context, silo == NULL ? WEFT_NOT_FOUND : WEFT_OK);
}

enum weft_status system_take_suspend_silo(void *context, const struct weft_event *event,
                                          const struct system_suspend_silo_arguments *arguments)
{
    (void)event;
    lock_take();
    struct silo *silo = system_silo_beside(context, arguments->silo);
    if (silo != NULL)
        silo_suspend_locked(silo);
    lock_give();
    return system_answer_none(context, silo == NULL ? WEFT_NOT_FOUND : WEFT_OK);
}

enum weft_status system_take_resume_silo(void *context, const struct weft_event *event,
                                         const struct system_resume_silo_arguments *arguments)
{
    (void)event;
    lock_take();
    struct silo *silo = system_silo_beside(context, arguments->silo);
    if (silo != NULL)
        silo_resume_locked(silo);
    lock_give();
    return system_answer_none(context, silo == NULL ? WEFT_NOT_FOUND : WEFT_OK);
}

/* ---- Tables -------------------------------------------------------------------------------- */

/* Of its own silo a caller may only take rights away. */
static bool widens(const struct request *request, const struct silo *silo,
                   const struct interface_key *key, enum verdict verdict)
{
    if (silo != request->sender->party.silo)
        return false;
    const struct binding *row = binding_find(silo, &key->hash, key->tag);
    bool is_denied = row != NULL && row->verdict == VERDICT_DENY;
    return verdict == VERDICT_ALLOW || (verdict == VERDICT_ASK && is_denied);
}

enum weft_status system_take_set_verdict(void *context, const struct weft_event *event,
                                         const struct system_set_verdict_arguments *arguments)
{
    (void)event;
    const struct request *request = context;
    struct interface_key key = { .tag = system_view(arguments->tag) };
    if (!system_hash(arguments->interface, &key.hash))
        return system_answer_none(request, WEFT_INVALID);
    enum verdict verdict = (enum verdict)arguments->verdict;
    enum weft_status status = WEFT_NOT_FOUND;
    lock_take();
    struct silo *silo = system_silo(request, arguments->silo);
    if (silo != NULL && widens(request, silo, &key, verdict)) {
        status = WEFT_DENIED;
    } else if (silo != NULL) {
        key.name = binding_known_name(silo, &key.hash, key.tag);
        status = binding_set_verdict(silo, &key, verdict);
    }
    lock_give();
    return system_answer_none(request, status);
}

/* Where a slot of the caller's leads, held. */
static enum weft_status handler_of(const struct request *request, i32 number,
                                   const struct interface_key *key, struct slot_target *handler)
{
    const struct slot *slot = slots_find(&request->native->party.slots, number);
    return slot == NULL ? WEFT_BAD_SLOT : system_handler_of(slot_target_of(slot), key, handler);
}

enum weft_status system_take_bind(void *context, const struct weft_event *event,
                                  const struct system_bind_arguments *arguments)
{
    (void)event;
    const struct request *request = context;
    struct interface_key key = {
        .name = system_view(arguments->name),
        .tag = system_view(arguments->tag),
    };
    if (!system_hash(arguments->interface, &key.hash))
        return system_answer_none(request, WEFT_INVALID);
    struct slot_target handler = { 0 };
    enum weft_status status = WEFT_NOT_FOUND;
    lock_take();
    struct silo *silo = system_silo_below(request, arguments->silo);
    if (silo != NULL)
        status = handler_of(request, arguments->handler, &key, &handler);
    if (status == WEFT_OK) {
        status = binding_set_handler(silo, &key, handler);
        if (status != WEFT_OK)
            slot_target_release(handler);
    }
    lock_give();
    return system_answer_none(request, status);
}

/* Under the lock: the slot is one of the system's own. */
static enum weft_status trace(const struct request *request, struct silo *silo,
                              const struct interface_key *key, i32 *slot)
{
    struct endpoint *tracer = NULL;
    struct slot_target below = { 0 };
    enum weft_status status =
        endpoint_create(&request->sender->party, interface_of_hash(&key->hash), 0, true, &tracer);
    if (status != WEFT_OK)
        return status;
    status = binding_trace(silo, key, tracer, &below);
    if (status != WEFT_OK) {
        endpoint_free(tracer);
        return status;
    }
    status = slot_add(&request->native->party, below, slot);
    if (status != WEFT_OK) {
        slot_target_release(below);
        binding_forget_tracer(&request->sender->party);
    }
    return status;
}

enum weft_status system_take_trace(void *context, const struct weft_event *event,
                                   const struct system_trace_arguments *arguments)
{
    (void)event;
    const struct request *request = context;
    struct interface_key key = { .tag = system_view(arguments->tag) };
    if (!system_hash(arguments->interface, &key.hash))
        return system_answer_any(request, WEFT_INVALID, WEFT_NO_SLOT);
    i32 slot = WEFT_NO_SLOT;
    enum weft_status status = WEFT_NOT_FOUND;
    lock_take();
    struct silo *silo = system_silo_below(request, arguments->silo);
    if (silo != NULL && request->sender->ending)
        status = WEFT_GONE;
    else if (silo != NULL)
        status = trace(request, silo, &key, &slot);
    lock_give();
    return system_answer_any(request, status, slot);
}

enum weft_status system_take_set_library(void *context, const struct weft_event *event,
                                         const struct system_set_library_arguments *arguments)
{
    (void)event;
    struct cid cid;
    if (!cid_from_bytes(system_view(arguments->program), &cid))
        return system_answer_none(context, WEFT_INVALID);
    enum weft_status status = WEFT_NOT_FOUND;
    lock_take();
    struct silo *silo = system_silo_below(context, arguments->silo);
    struct program *program = silo == NULL ? NULL : program_find_locked(&cid);
    if (program != NULL) {
        status = silo_set_library_locked(silo, system_view(arguments->namespace_), program);
        program_release_locked(program);
    }
    lock_give();
    return system_answer_none(context, status);
}
