#include "kernel/loading.h"

#include "interface/loader.h"
#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/limits.h"
#include "kernel/lock.h"
#include "kernel/pending.h"
#include "kernel/program.h"
#include "kernel/system.h"

/* A spawn that waits for the loader. Whoever takes `asked` out of the table of pending messages
 * owns it: the answer, or the spawn's withdrawal. */
struct loading {
    struct pending spawn; /* by the id of the spawn */
    struct pending asked; /* by the id of the message to the loader */
    struct native *native;
    struct cid cid;
    struct arena arena; /* of the options' strings and lists */
    struct spawn_options options;
};

/* ---- Making -------------------------------------------------------------------------------- */

static bool copy_text(struct loading *loading, struct bytes from, struct bytes *to)
{
    *to = arena_copy(&loading->arena, from);
    return to->data != NULL;
}

static bool copy_environment(struct loading *loading, const struct spawn_options *from)
{
    u32 count = from->environment_count;
    struct bytes(*list)[2] = arena_take(&loading->arena, count, sizeof(*list));
    bool ok = list != NULL;
    for (u32 i = 0; ok && i < count; i++)
        ok = copy_text(loading, from->environment[i][0], &list[i][0]) &&
             copy_text(loading, from->environment[i][1], &list[i][1]);
    loading->options.environment = (const struct bytes(*)[2])list;
    return ok;
}

static bool copy_arguments(struct loading *loading, const struct spawn_options *from)
{
    u32 count = from->argument_count;
    struct bytes *list = arena_take(&loading->arena, count, sizeof(*list));
    bool ok = list != NULL;
    for (u32 i = 0; ok && i < count; i++)
        ok = copy_text(loading, from->arguments[i], &list[i]);
    loading->options.arguments = list;
    return ok;
}

static bool copy_slots(struct loading *loading, const struct spawn_options *from)
{
    u32 count = from->slot_count;
    struct named_slot *list = arena_take(&loading->arena, count, sizeof(*list));
    bool ok = list != NULL;
    for (u32 i = 0; ok && i < count; i++) {
        list[i].slot = from->slots[i].slot;
        ok = copy_text(loading, from->slots[i].name, &list[i].name);
    }
    loading->options.slots = list;
    return ok;
}

/* Under the lock. Slots that have gone on to a process are not in `options` any more. */
static void destroy(struct loading *loading)
{
    for (u32 i = 0; i < loading->options.slot_count; i++)
        slot_close(&loading->native->party, loading->options.slots[i].slot);
    silo_release_locked(loading->options.silo);
    arena_deinit(&loading->arena);
    block_give(loading, sizeof(*loading));
}

/* Under the lock: the spawn was taken back. */
static void on_withdrawn(struct pending *pending)
{
    struct loading *loading = BASE_CONTAINER_OF(pending, struct loading, spawn);
    struct message *message = message_find(loading->asked.id);
    pending_remove(&loading->asked);
    if (!message->in_call) /* else its answer is about to find nothing, and ends it */
        message_withdraw(message);
    destroy(loading);
}

static struct loading *create(struct native *native, const struct cid *cid,
                              const struct spawn_options *options)
{
    struct loading *loading = block_take(sizeof(*loading));
    if (loading == NULL)
        return NULL;
    arena_init(&loading->arena, &block_source, 4 * START_RECORD_MAX_BYTES);
    loading->spawn.withdrawn = on_withdrawn;
    loading->native = native;
    loading->cid = *cid;
    loading->options = *options;
    if (copy_arguments(loading, options) && copy_environment(loading, options) &&
        copy_slots(loading, options)) {
        lock_take();
        silo_hold(options->silo);
        lock_give();
        return loading;
    }
    arena_deinit(&loading->arena);
    block_give(loading, sizeof(*loading));
    return NULL;
}

/* ---- Asking -------------------------------------------------------------------------------- */

static struct bytes question(const struct cid *cid)
{
    u8 buffer[128];
    struct body_writer writer;
    body_writer_init(&writer, buffer, sizeof(buffer));
    BASE_ASSERT(loader_load_encode(&writer, (struct weft_bytes){ cid->bytes, cid->size }));
    return block_copy((struct bytes){ writer.data, writer.size });
}

/* Under the lock. */
static enum weft_status ask(struct loading *loading, struct bytes body, i64 *id)
{
    struct interface_key key = { .name = BYTES_LITERAL(LOADER_INTERFACE_NAME) };
    BASE_ASSERT(hash_from_hex(BYTES_LITERAL(LOADER_INTERFACE_HASH), &key.hash));
    struct silo *silo = loading->options.silo;
    struct binding *binding;
    enum weft_status status = binding_get(silo, &key, &binding);
    if (status != WEFT_OK)
        return status;
    const struct native_question asked = { .body = body };
    status = native_ask(loading->native, binding, silo, &asked, id);
    binding_release(binding);
    return status;
}

static enum weft_status ask_and_keep(struct loading *loading, i64 id)
{
    struct bytes body = question(&loading->cid);
    i64 asked;
    if (body.data == NULL)
        return WEFT_NO_MEMORY;
    lock_take();
    enum weft_status status = ask(loading, body, &asked);
    if (status == WEFT_OK) {
        pending_add(&loading->asked, asked);
        pending_add(&loading->spawn, id);
        for (u32 i = 0; i < loading->options.slot_count; i++)
            slots_find(&loading->native->party.slots, loading->options.slots[i].slot)->stamp = 0;
    }
    lock_give();
    if (status != WEFT_OK)
        block_give_bytes(body);
    return status;
}

enum weft_status loading_begin(struct request *request, const struct cid *cid,
                               const struct spawn_options *options)
{
    i64 id = request->message->id;
    /* Without an answer there would be nobody to hold the right to the process. */
    if (id == 0)
        return WEFT_OK;
    struct loading *loading = create(request->native, cid, options);
    if (loading == NULL)
        return WEFT_NO_MEMORY;
    enum weft_status status = ask_and_keep(loading, id);
    if (status == WEFT_OK)
        return WEFT_OK;
    lock_take();
    loading->options.slot_count = 0; /* the gifts are still the message's */
    destroy(loading);
    lock_give();
    enum system_error error =
        status == WEFT_DENIED ? SYSTEM_ERROR_NOT_FOUND : system_error_of(status);
    return system_answer_spawn_error(request->native, id, error);
}

/* ---- The answer ---------------------------------------------------------------------------- */

static struct loading *take_loading(i64 asked)
{
    lock_take();
    struct pending *pending = pending_take(asked);
    struct loading *loading = NULL;
    if (pending != NULL) {
        loading = BASE_CONTAINER_OF(pending, struct loading, asked);
        pending_remove(&loading->spawn);
    }
    lock_give();
    return loading;
}

static void log_lie(const struct loading *loading, u64 loader)
{
    u8 buffer[256];
    struct writer line;
    writer_init(&line, buffer, sizeof(buffer));
    writer_text(&line, "the loader, process ");
    writer_decimal(&line, loader);
    writer_text(&line, ", gave bytes that are not the program ");
    cid_write(&loading->cid, &line);
    writer_text(&line, "; it is not started");
    log_line(LOG_ERROR, (struct process_id){ loader }, (struct bytes){ buffer, line.size });
}

/* What the loader said, as an error of the spawn; false: it gave bytes. */
static bool read_failure(const struct message *message, struct weft_bytes *program,
                         enum system_error *error)
{
    static const enum system_error errors[] = {
        [LOADER_ERROR_NOT_FOUND] = SYSTEM_ERROR_NOT_FOUND,
        [LOADER_ERROR_BAD_NAME] = SYSTEM_ERROR_INVALID,
        [LOADER_ERROR_UNAVAILABLE] = SYSTEM_ERROR_GONE,
    };
    const struct weft_event event = { .size = message->size };
    struct loader_bytes_error_result result;
    struct body_reader reader;
    body_reader_init(&reader, &event, message->body);
    *error = system_error_of(message->status);
    if (message->status != WEFT_OK)
        return true;
    *error = SYSTEM_ERROR_INVALID;
    if (!loader_load_result_decode(&reader, &result))
        return true;
    if (result.failed)
        *error = errors[result.error];
    else
        *program = result.value;
    return result.failed;
}

static void log_failure(const struct loading *loading, const struct engine_error *error)
{
    u8 buffer[128];
    struct writer name;
    writer_init(&name, buffer, sizeof(buffer));
    cid_write(&loading->cid, &name);
    system_log_program_error(error, (struct bytes){ buffer, name.size });
}

/* Loads what came, if it is what was asked for. */
static bool load(struct loading *loading, struct weft_bytes wasm, u64 loader,
                 enum system_error *error)
{
    struct bytes copy = block_copy(system_view(wasm));
    struct engine_error engine_error = { 0 };
    *error = SYSTEM_ERROR_NO_MEMORY;
    if (copy.size != wasm.size)
        return false;
    enum status status =
        program_load(&loading->cid, copy, &loading->options.program, &engine_error);
    if (status == STATUS_OK)
        return true;
    *error = system_load_error_of(status);
    if (status == STATUS_NOT_FOUND) {
        log_lie(loading, loader);
        *error = SYSTEM_ERROR_WRONG_HASH;
    } else {
        log_failure(loading, &engine_error);
    }
    return false;
}

void loading_answered(void *native, struct message *message)
{
    struct loading *loading = take_loading(message_id(message));
    if (loading == NULL)
        return;
    struct weft_bytes wasm;
    enum system_error error;
    i64 id = loading->spawn.id;
    if (read_failure(message, &wasm, &error) ||
        !load(loading, wasm, message->answerer_id, &error)) {
        (void)system_answer_spawn_error(native, id, error);
    } else {
        (void)system_spawn_and_answer(native, id, &loading->options);
        program_release(loading->options.program);
    }
    lock_take();
    destroy(loading);
    lock_give();
}
