#include "kernel/system.h"

#include "kernel/cabin.h"
#include "kernel/loading.h"
#include "kernel/lock.h"
#include "kernel/pending.h"

static const struct system_server server = {
    .start = system_take_start,
    .exit = system_take_exit,
    .spawn = system_take_spawn,
    .thread = system_take_thread,
    .find = system_take_find,
    .processes = system_take_processes,
    .silos = system_take_silos,
    .mint = system_take_mint,
    .copy = system_take_copy,
    .badge = system_take_badge,
    .close = system_take_close,
    .resolve = system_take_resolve,
    .resolve_for = system_take_resolve_for,
    .decided = system_take_decided,
    .create_silo = system_take_create_silo,
    .create_cabin = system_take_create_cabin,
    .destroy_silo = system_take_destroy_silo,
    .set_limits = system_take_set_limits,
    .set_program_limits = system_take_set_program_limits,
    .show_parent = system_take_show_parent,
    .suspend_silo = system_take_suspend_silo,
    .resume_silo = system_take_resume_silo,
    .bindings = system_take_bindings,
    .set_verdict = system_take_set_verdict,
    .awaited = system_take_awaited,
    .bind = system_take_bind,
    .trace = system_take_trace,
    .set_library = system_take_set_library,
    .add_program = system_take_add_program,
    .reach = system_take_reach,
    .process_id = system_take_process_id,
    .process_kill = system_take_process_kill,
    .process_ended = system_take_process_ended,
    .process_slot = system_take_process_slot,
    .process_listens = system_take_process_listens,
    .process_idle = system_take_process_idle,
    .process_suspend = system_take_process_suspend,
    .process_resume = system_take_process_resume,
    .process_weigh = system_take_process_weigh,
};

/* A slot with a badge is the right to one process, and to nothing else here: whoever was given it
 * may lack the right to `system`. */
static bool is_method(u32 function)
{
    return function >= SYSTEM_FUNCTION_PROCESS_ID && function <= SYSTEM_FUNCTION_PROCESS_WEIGH;
}

static enum weft_status dispatch(struct request *request, const struct weft_event *event,
                                 struct body_reader *reader)
{
    /* What a caller may do is read off its process, so that has to be there. */
    if (request->sender == NULL)
        return WEFT_GONE;
    if (event->badge != 0 && !is_method(body_get_function(reader)))
        return WEFT_DENIED;
    return system_dispatch(&server, request, event, reader);
}

static void on_message(void *native, const struct native_message *message)
{
    request_take(native, message, dispatch);
}

const struct handler handler_system = {
    .operations = {
        .name = "system",
        .message = on_message,
        .closed = system_closed,
        .withdrawn = pending_withdrawn,
    },
    .interface_name = SYSTEM_INTERFACE_NAME,
    .interface_hash = SYSTEM_INTERFACE_HASH,
    .answered = loading_answered,
};

/* ---- What the functions share --------------------------------------------------------------- */

enum system_error system_error_of(enum weft_status status)
{
    switch (status) {
    case WEFT_DENIED:
    case WEFT_BAD_SLOT:
        return SYSTEM_ERROR_DENIED;
    case WEFT_NOT_FOUND:
        return SYSTEM_ERROR_NOT_FOUND;
    case WEFT_EXISTS:
        return SYSTEM_ERROR_EXISTS;
    case WEFT_LIMIT:
        return SYSTEM_ERROR_LIMIT;
    case WEFT_NO_MEMORY:
        return SYSTEM_ERROR_NO_MEMORY;
    case WEFT_GONE:
        return SYSTEM_ERROR_GONE;
    case WEFT_TOO_LARGE:
        return SYSTEM_ERROR_TOO_LARGE;
    case WEFT_UNSUPPORTED:
        return SYSTEM_ERROR_UNSUPPORTED;
    default:
        return SYSTEM_ERROR_INVALID;
    }
}

struct silo *system_silo(const struct request *request, u64 id)
{
    struct silo *own = request->sender->party.silo;
    return id == 0 ? own : silo_find(own, id);
}

struct silo *system_silo_seen(const struct request *request, u64 id)
{
    struct silo *own = request->sender->party.silo;
    return id == 0 ? own : silo_find(silo_view(own), id);
}

struct silo *system_silo_beside(const struct request *request, u64 id)
{
    struct silo *silo = id == 0 ? NULL : system_silo_seen(request, id);
    return silo == NULL || silo_is_within(request->sender->party.silo, silo) ? NULL : silo;
}

struct silo *system_silo_below(const struct request *request, u64 id)
{
    struct silo *silo = id == 0 ? NULL : system_silo(request, id);
    return silo == request->sender->party.silo ? NULL : silo;
}

struct process *system_client(const struct request *request, u64 id)
{
    struct silo *own = request->sender->party.silo;
    struct process *process = process_find(own, id);
    if (process == NULL)
        return NULL;
    lock_take();
    bool is_open = process->party.silo == own || !cabin_is_asked_about(own);
    lock_give();
    if (is_open)
        return process;
    process_release(process);
    return NULL;
}

bool system_hash(struct weft_bytes bytes, struct hash *hash)
{
    if (bytes.size != HASH_SIZE)
        return false;
    __builtin_memcpy(hash->bytes, bytes.data, HASH_SIZE);
    return true;
}

static bool encode_any(struct body_writer *writer, const void *result)
{
    return system_mint_result_encode(writer, result);
}

enum weft_status system_answer_any(const struct request *request, enum weft_status status,
                                   i32 slot)
{
    struct system_any_error_result result = { .failed = status != WEFT_OK };
    if (result.failed)
        result.error = system_error_of(status);
    else
        result.value = slot;
    return request_answer(request->native, request->message->id, encode_any, &result);
}

static bool encode_none(struct body_writer *writer, const void *result)
{
    return system_bind_result_encode(writer, result);
}

enum weft_status system_answer_none(const struct request *request, enum weft_status status)
{
    const struct system_none_error_result result = {
        .failed = status != WEFT_OK,
        .error = status != WEFT_OK ? system_error_of(status) : 0,
    };
    return request_answer(request->native, request->message->id, encode_none, &result);
}
