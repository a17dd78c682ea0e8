/* `system`: slots. Gifts of a message are slots of the system itself while it is handled; those it
 * does not give on are closed when it returns. */
#include "kernel/binding.h"
#include "kernel/endpoint.h"
#include "kernel/lock.h"
#include "kernel/process.h"
#include "kernel/system.h"

enum weft_status system_answer_endpoint(const struct request *request, struct party *handler,
                                        struct weft_bytes interface, u64 badge, bool quiet)
{
    struct slot_target target = { .kind = SLOT_ENDPOINT };
    struct hash hash;
    if (!system_hash(interface, &hash))
        return system_answer_any(request, WEFT_INVALID, WEFT_NO_SLOT);
    i32 slot = WEFT_NO_SLOT;
    lock_take();
    enum weft_status status =
        endpoint_create(handler, interface_of_hash(&hash), badge, quiet, &target.endpoint);
    if (status == WEFT_OK) {
        status = slot_add(&request->native->party, target, &slot);
        if (status != WEFT_OK)
            endpoint_free(target.endpoint);
    }
    lock_give();
    return system_answer_any(request, status, slot);
}

enum weft_status system_take_mint(void *context, const struct weft_event *event,
                                  const struct system_mint_arguments *arguments)
{
    (void)event;
    const struct request *request = context;
    return system_answer_endpoint(request, &request->sender->party, arguments->interface,
                                  arguments->badge, false);
}

/* The gift is a copy already: it goes back. */
enum weft_status system_take_copy(void *context, const struct weft_event *event,
                                  const struct system_copy_arguments *arguments)
{
    (void)event;
    return system_answer_any(context, WEFT_OK, arguments->slot);
}

static bool encode_badge(struct body_writer *writer, const void *result)
{
    return system_badge_result_encode(writer, result);
}

/* The caller's own endpoint that the slot leads to, by a row too; NULL: it leads elsewhere. */
static const struct endpoint *own_endpoint(const struct request *request, i32 number)
{
    const struct slot *slot = slots_find(&request->native->party.slots, number);
    struct endpoint *endpoint = NULL;
    if (slot != NULL && slot->kind == SLOT_ENDPOINT)
        endpoint = slot->endpoint;
    else if (slot == NULL || slot->kind != SLOT_BINDING ||
             binding_route(slot->binding, &endpoint) != ROUTE_HANDLER)
        return NULL;
    return endpoint->handler == &request->sender->party ? endpoint : NULL;
}

enum weft_status system_take_badge(void *context, const struct weft_event *event,
                                   const struct system_badge_arguments *arguments)
{
    const struct request *request = context;
    struct system_u64_error_result result = { .failed = true, .error = SYSTEM_ERROR_DENIED };
    lock_take();
    const struct endpoint *endpoint = own_endpoint(request, arguments->slot);
    if (endpoint != NULL)
        result = (struct system_u64_error_result){ .value = endpoint->badge };
    lock_give();
    return request_answer(request->native, event->id, encode_badge, &result);
}

static bool encode_close(struct body_writer *writer, const void *result)
{
    (void)result;
    return system_close_result_encode(writer);
}

enum weft_status system_take_close(void *context, const struct weft_event *event,
                                   const struct system_close_arguments *arguments)
{
    (void)arguments;
    const struct request *request = context;
    return request_answer(request->native, event->id, encode_close, NULL);
}

/* Under the lock: the slot is one of the system's own. */
static enum weft_status add_row(struct native *native, struct binding *row, i32 *slot)
{
    const struct slot_target target = { .kind = SLOT_BINDING, .binding = row };
    enum weft_status status = slot_add(&native->party, target, slot);
    if (status == WEFT_OK)
        binding_hold(row);
    return status;
}

/* Under the lock: the row of a silo, held, and what it says. */
static enum weft_status find_row(struct silo *silo, struct interface_key *key, struct binding **row,
                                 enum route_kind *route)
{
    struct endpoint *endpoint;
    key->name = binding_known_name(silo, &key->hash, key->tag);
    enum weft_status status = binding_get(silo, key, row);
    if (status == WEFT_OK)
        *route = binding_route(*row, &endpoint);
    return status;
}

enum weft_status system_take_resolve(void *context, const struct weft_event *event,
                                     const struct system_resolve_arguments *arguments)
{
    (void)event;
    const struct request *request = context;
    struct interface_key key = { .tag = system_view(arguments->tag) };
    if (!system_hash(arguments->interface, &key.hash))
        return system_answer_any(request, WEFT_INVALID, WEFT_NO_SLOT);
    i32 slot = WEFT_NO_SLOT;
    struct binding *row;
    enum route_kind route;
    lock_take();
    enum weft_status status = find_row(request->sender->party.silo, &key, &row, &route);
    if (status == WEFT_OK) {
        status = route == ROUTE_DENIED ? WEFT_DENIED : add_row(request->native, row, &slot);
        binding_release(row);
    }
    lock_give();
    return system_answer_any(request, status, slot);
}

/* ---- For another process ---------------------------------------------------------------------- */

/* Whether a message of the process would get through; `undecided` is no status. */
static bool is_passing(enum route_kind route, struct system_any_error_result *result)
{
    static const enum system_error errors[] = {
        [ROUTE_ASK] = SYSTEM_ERROR_UNDECIDED,
        [ROUTE_DENIED] = SYSTEM_ERROR_DENIED,
        [ROUTE_GONE] = SYSTEM_ERROR_GONE,
    };
    if (route == ROUTE_HANDLER || route == ROUTE_NOBODY)
        return true;
    result->error = errors[route];
    return false;
}

static void resolve_for(const struct request *request, struct process *process,
                        struct interface_key *key, struct system_any_error_result *result)
{
    struct binding *row;
    enum route_kind route;
    enum weft_status status = find_row(process->party.silo, key, &row, &route);
    if (status == WEFT_OK) {
        if (!is_passing(route, result)) {
            binding_release(row);
            return;
        }
        status = add_row(request->native, row, &result->value);
        binding_release(row);
    }
    result->failed = status != WEFT_OK;
    if (result->failed)
        result->error = system_error_of(status);
}

static bool encode_resolved(struct body_writer *writer, const void *result)
{
    return system_resolve_for_result_encode(writer, result);
}

enum weft_status system_take_resolve_for(void *context, const struct weft_event *event,
                                         const struct system_resolve_for_arguments *arguments)
{
    const struct request *request = context;
    struct system_any_error_result result = { .failed = true, .error = SYSTEM_ERROR_NOT_FOUND };
    struct interface_key key = { .tag = system_view(arguments->tag) };
    if (!system_hash(arguments->interface, &key.hash))
        return system_answer_any(request, WEFT_INVALID, WEFT_NO_SLOT);
    struct process *process = system_client(request, arguments->process);
    if (process != NULL) {
        lock_take();
        resolve_for(request, process, &key, &result);
        lock_give();
        process_release(process);
    }
    return request_answer(request->native, event->id, encode_resolved, &result);
}
