/* `system`: a process and itself, and what the slot of another one is good for. */
#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/endpoint.h"
#include "kernel/engine_place.h"
#include "kernel/link.h"
#include "kernel/lock.h"
#include "kernel/pending.h"
#include "kernel/program.h"
#include "kernel/start.h"
#include "kernel/system.h"
#include "kernel/thread.h"

/* ---- Itself -------------------------------------------------------------------------------- */

static bool encode_start(struct body_writer *writer, const void *result)
{
    return system_start_result_encode(writer, result);
}

/* The next slots of the start record, each once, as slots of the system itself. */
static enum weft_status take_slots(struct native *native, struct start_record *start,
                                   struct system_named_slot *slots, u32 *count)
{
    i32 numbers[WEFT_GIFTS_MAX];
    u32 left = start->slot_count - start->slot_next;
    *count = left < WEFT_GIFTS_MAX ? left : WEFT_GIFTS_MAX;
    enum weft_status status =
        gifts_add(&native->party, &start->slots[start->slot_next], *count, numbers);
    if (status != WEFT_OK)
        return status;
    for (u32 i = 0; i < *count; i++)
        slots[i] =
            (struct system_named_slot){ start->slot_names[start->slot_next + i], numbers[i] };
    start->slot_next += *count;
    return WEFT_OK;
}

enum weft_status system_take_start(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    struct process *process = request->sender;
    struct start_record *start = process->start;
    struct system_named_slot slots[WEFT_GIFTS_MAX];
    u8 cid[128];
    struct writer text;
    writer_init(&text, cid, sizeof(cid));
    cid_write(program_cid(process_program(process)), &text);
    struct system_start_record record = {
        .arguments = start->arguments,
        .environment = start->environment,
        .slots = { .data = slots },
        .program = { cid, (u32)text.size },
        .process = process->party.id,
        .silo = process->party.silo->id,
    };
    lock_take();
    enum weft_status status = take_slots(request->native, start, slots, &record.slots.count);
    lock_give();
    if (status != WEFT_OK)
        return status;
    return request_answer(request->native, event->id, encode_start, &record);
}

enum weft_status system_take_exit(void *context, const struct weft_event *event,
                                  const struct system_exit_arguments *arguments)
{
    (void)event;
    const struct request *request = context;
    const struct process_end end = {
        .kind = PROCESS_END_EXITED,
        .exit_status = arguments->status,
    };
    lock_take();
    process_end_locked(request->sender, &end);
    lock_give();
    return WEFT_OK;
}

static bool encode_thread(struct body_writer *writer, const void *result)
{
    return system_thread_result_encode(writer, result);
}

/* A library has one client instance, and could not tell its threads apart. */
static bool can_have_threads(const struct process *process)
{
    u32 function;
    const struct member *program = process->members[0];
    if (process->member_count != 1 ||
        !instance_find_export(program->instance, BYTES_LITERAL("weft_thread"), EXTERN_FUNCTION,
                              &function))
        return false;
    return host_type_is(module_function_type(program_module(program->program), function), "i:");
}

static enum weft_status start_thread(struct process *process, u32 argument, u32 *id)
{
    if (!can_have_threads(process))
        return WEFT_UNSUPPORTED;
    struct instance *instance;
    if (instance_create_thread(process->members[0]->instance, &instance) != STATUS_OK)
        return WEFT_NO_MEMORY;
    struct thread *thread;
    enum weft_status status = thread_create(process, instance, argument, &thread);
    if (status != WEFT_OK) {
        instance_destroy(instance);
        return status;
    }
    lock_take();
    status = thread_start(thread);
    *id = thread->id;
    lock_give();
    if (status != WEFT_OK) {
        instance_destroy(instance);
        thread_destroy(thread);
    }
    return status;
}

enum weft_status system_take_thread(void *context, const struct weft_event *event,
                                    const struct system_thread_arguments *arguments)
{
    const struct request *request = context;
    u32 id = 0;
    enum weft_status status = start_thread(request->sender, arguments->argument, &id);
    struct system_u32_error_result result = { .failed = status != WEFT_OK };
    if (result.failed)
        result.error = system_error_of(status);
    else
        result.value = id;
    return request_answer(request->native, event->id, encode_thread, &result);
}

/* ---- The slot of a process ------------------------------------------------------------------ */

/* Its badge is the address of the process's record, which the endpoint holds until it is closed:
 * badges come from whoever minted, and only this file mints for the system. */
struct process *system_process_of(u64 badge)
{
    return (struct process *)(usize)badge;
}

enum weft_status system_mint_process(struct native *native, struct process *process, i32 *slot)
{
    lock_take();
    process_hold(process);
    lock_give();
    u64 badge = (u64)(usize)process;
    enum status status = native_mint(native, SYSTEM_INTERFACE_ID, badge, slot);
    if (status == STATUS_OK)
        return WEFT_OK;
    process_release(process);
    return status == STATUS_LIMIT ? WEFT_LIMIT : WEFT_NO_MEMORY;
}

/* Native handlers with this interface are the system only. */
enum weft_status system_handler_of(struct slot_target target, const struct interface_key *key,
                                   struct slot_target *handler)
{
    const struct endpoint *endpoint = target.endpoint;
    *handler = target;
    if (target.kind == SLOT_ENDPOINT && endpoint->handler->is_native &&
        endpoint->interface == SYSTEM_INTERFACE_ID && endpoint->badge != 0) {
        struct process *process = system_process_of(endpoint->badge);
        return endpoint_create(&process->party, interface_of_hash(&key->hash), 0, true,
                               &handler->endpoint);
    }
    slot_target_hold(target);
    return WEFT_OK;
}

static bool encode_find(struct body_writer *writer, const void *result)
{
    return system_find_result_encode(writer, result);
}

enum weft_status system_take_find(void *context, const struct weft_event *event,
                                  const struct system_find_arguments *arguments)
{
    const struct request *request = context;
    struct system_process_error_result result = { .failed = true, .error = SYSTEM_ERROR_NOT_FOUND };
    struct process *process = process_find(silo_view(request->sender->party.silo), arguments->process);
    if (process != NULL) {
        enum weft_status status = system_mint_process(request->native, process, &result.value);
        process_release(process);
        result.failed = status != WEFT_OK;
        if (result.failed)
            result.error = system_error_of(status);
    }
    return request_answer(request->native, event->id, encode_find, &result);
}

void system_closed(void *native, u64 badge)
{
    (void)native;
    if (badge != 0)
        process_release(system_process_of(badge));
}

static bool encode_id(struct body_writer *writer, const void *result)
{
    return system_process_id_result_encode(writer, result);
}

enum weft_status system_take_process_id(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    return request_answer(request->native, event->id, encode_id,
                          &system_process_of(event->badge)->party.id);
}

enum weft_status system_take_process_kill(void *context, const struct weft_event *event)
{
    process_kill(system_process_of(event->badge));
    return system_answer_none(context, WEFT_OK);
}

enum weft_status system_take_process_slot(void *context, const struct weft_event *event,
                                          const struct system_process_slot_arguments *arguments)
{
    return system_answer_endpoint(context, &system_process_of(event->badge)->party,
                                  arguments->interface, 0, true);
}

enum weft_status system_take_process_suspend(void *context, const struct weft_event *event)
{
    process_suspend(system_process_of(event->badge));
    return system_answer_none(context, WEFT_OK);
}

enum weft_status system_take_process_resume(void *context, const struct weft_event *event)
{
    process_resume(system_process_of(event->badge));
    return system_answer_none(context, WEFT_OK);
}

enum weft_status system_take_process_weigh(void *context, const struct weft_event *event,
                                           const struct system_process_weigh_arguments *arguments)
{
    process_weigh(system_process_of(event->badge), arguments->weight);
    return system_answer_none(context, WEFT_OK);
}

/* ---- Its end ------------------------------------------------------------------------------- */

/* A question for the end of a process. */
struct ended_watcher {
    struct list_link link; /* in process->ended_watchers */
    struct pending pending;
    struct native *native;
};

static bool encode_ended(struct body_writer *writer, const void *result)
{
    return system_process_ended_result_encode(writer, result);
}

static enum weft_status answer_ended(struct native *native, i64 id, const struct process_end *end)
{
    struct system_ending ending = { .tag = SYSTEM_ENDING_KILLED };
    if (end->kind == PROCESS_END_EXITED) {
        ending.tag = SYSTEM_ENDING_EXITED;
        ending.exited = end->exit_status;
    } else if (end->kind == PROCESS_END_TRAPPED) {
        ending.tag = SYSTEM_ENDING_TRAPPED;
        ending.trapped = (struct weft_bytes){ end->text.data, (u32)end->text.size };
    }
    return request_answer(native, id, encode_ended, &ending);
}

static void on_withdrawn(struct pending *pending)
{
    struct ended_watcher *watcher = BASE_CONTAINER_OF(pending, struct ended_watcher, pending);
    list_remove(&watcher->link);
    block_give(watcher, sizeof(*watcher));
}

/* False: it has ended already. */
static bool watch(struct process *process, struct ended_watcher *watcher, i64 id)
{
    lock_take();
    bool is_running = !process->is_over;
    if (is_running) {
        list_push_back(&process->ended_watchers, &watcher->link);
        pending_add(&watcher->pending, id);
    } else {
        process->end_is_told = true;
    }
    lock_give();
    return is_running;
}

enum weft_status system_take_process_ended(void *context, const struct weft_event *event)
{
    const struct request *request = context;
    struct process *process = system_process_of(event->badge);
    if (event->id == 0)
        return WEFT_OK;
    struct ended_watcher *watcher = block_take(sizeof(*watcher));
    if (watcher == NULL)
        return WEFT_NO_MEMORY;
    watcher->pending.withdrawn = on_withdrawn;
    watcher->native = request->native;
    if (watch(process, watcher, event->id))
        return WEFT_OK;
    block_give(watcher, sizeof(*watcher));
    return answer_ended(request->native, event->id, &process->end);
}

static struct ended_watcher *take_watcher(struct process *process)
{
    lock_take();
    process->is_over = true;
    struct list_link *link = list_pop_front(&process->ended_watchers);
    struct ended_watcher *watcher = NULL;
    if (link != NULL) {
        watcher = BASE_CONTAINER_OF(link, struct ended_watcher, link);
        pending_remove(&watcher->pending);
        process->end_is_told = true;
    }
    lock_give();
    return watcher;
}

void system_process_ended(struct process *process)
{
    struct ended_watcher *watcher;
    while ((watcher = take_watcher(process)) != NULL) {
        struct native *native = watcher->native;
        i64 id = watcher->pending.id;
        block_give(watcher, sizeof(*watcher));
        (void)answer_ended(native, id, &process->end);
    }
}
