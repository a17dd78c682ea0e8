#include "programs/session/space.h"

#include "interface/files.h"
#include "interface/mounts_program.h"
#include "interface/pipe.h"
#include "interface/system_program.h"
#include "lib/bundle.h"
#include "lib/interface.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"

enum { BUFFER_BYTES = 1 << 18, PARENT_BADGE = 1 };

static _Alignas(8) uint8_t buffer[BUFFER_BYTES];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static bool told(bool is_well, struct weft_bytes who, const char *what)
{
    if (!is_well)
        say(LOG_LEVEL_ERROR, who, what);
    return is_well;
}

/* In the session's own silo, so that it sees what the session sees; WEFT_NO_SLOT: it was not
 * started. */
static int32_t spawn(const struct bundle_program *program, struct weft_bytes name, int32_t parent)
{
    struct system_named_slot slot = { WEFT_BYTES("parent"), parent };
    struct system_named_slot_list slots = { &slot, parent == WEFT_NO_SLOT ? 0 : 1 };
    struct system_process_error_result result;
    struct system_spawn_options options = { .program = bundle_cid(program),
                                            .arguments = { &name, 1 } };
    struct weft_client client = client_of(system_slot());
    bool is_well = system_spawn(&client, options, slots, &result) == WEFT_OK && !result.failed;
    return told(is_well, name, "it cannot be started") ? result.value : WEFT_NO_SLOT;
}

static bool bind(uint64_t silo, const char *name, const char *hash_text, int32_t process)
{
    struct interface_hash hash = interface_hash(hash_text);
    struct weft_bytes text = { (const uint8_t *)name, (uint32_t)strlen(name) };
    struct weft_client client = client_of(system_slot());
    struct system_none_error_result result;
    bool is_well = system_bind(&client, silo, interface_bytes(&hash), text,
                               (struct weft_bytes){ 0 }, process, &result) == WEFT_OK &&
                   !result.failed;
    return told(is_well, text, "nobody can be bound to it");
}

/* ---- Pipes ----------------------------------------------------------------------------------- */

static bool is_handled(const char *hash_text)
{
    struct interface_hash hash = interface_hash(hash_text);
    struct weft_client client = client_of(system_slot());
    struct system_binding_list_error_result rows;
    if (system_bindings(&client, 0, &rows) != WEFT_OK || rows.failed)
        return false;
    for (uint32_t i = 0; i < rows.value.count; i++)
        if (rows.value.data[i].interface.size == INTERFACE_HASH_BYTES &&
            memcmp(rows.value.data[i].interface.data, hash.bytes, INTERFACE_HASH_BYTES) == 0)
            return true;
    return false;
}

static void start_pipes(uint64_t silo)
{
    struct bundle_program program;
    if (is_handled(PIPE_INTERFACE_HASH) || !bundle_add(WEFT_BYTES("pipe"), &program))
        return;
    int32_t process = spawn(&program, WEFT_BYTES("pipe"), WEFT_NO_SLOT);
    if (process != WEFT_NO_SLOT)
        bind(silo, PIPE_INTERFACE_NAME, PIPE_INTERFACE_HASH, process);
}

/* ---- The name space -------------------------------------------------------------------------- */

static enum weft_status on_serve(void *context, const struct weft_event *event,
                                 const struct mounts_serve_arguments *arguments)
{
    struct space *space = context;
    (void)event;
    space->root = arguments->directory;
    space->table = arguments->table;
    return WEFT_OK;
}

/* Until it has told of itself, or has ended. */
static bool await_root(struct space *space, int32_t process)
{
    static const struct mounts_server handler = { .serve = on_serve };
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    struct weft_client client = client_of(process);
    int64_t ended = system_process_ended_send(&client, WEFT_WANT_ANSWER);
    while (ended > 0 && space->root == WEFT_NO_SLOT) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_ANSWER && server.event.id == ended)
            return false;
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, mounts_dispatch(&handler, space, &server.event, &server.reader));
    }
    if (ended > 0)
        weft_answer(ended, WEFT_OK, NULL, 0, NULL, 0); /* it is not asked for any more */
    return ended > 0;
}

static void mount(const struct space *space, const struct system_named_slot *directory)
{
    static const char prefix[] = "dir:";
    enum { PREFIX = sizeof(prefix) - 1 };
    struct mounts_none_error_result result = { .failed = true };
    struct weft_bytes path = directory->name;
    if (path.size < PREFIX || memcmp(path.data, prefix, PREFIX) != 0)
        return;
    path.data += PREFIX;
    path.size -= PREFIX;
    struct weft_client client = client_of(space->table);
    enum weft_status status =
        mounts_mount(&client, path, WEFT_BYTES("granted directory"), directory->slot, &result);
    told(status == WEFT_OK && !result.failed, path,
         "it cannot be mounted: its path is to be absolute, and not that of another mount or below "
         "one");
}

static bool start_root(struct space *space)
{
    const struct system_start_record *record = start_record();
    struct bundle_program program;
    if (!bundle_add(WEFT_BYTES("fs/root"), &program))
        return false;
    int32_t parent = server_mint(MOUNTS_INTERFACE_HASH, PARENT_BADGE);
    int32_t process =
        parent == WEFT_NO_SLOT ? WEFT_NO_SLOT : spawn(&program, WEFT_BYTES("fs/root"), parent);
    if (process == WEFT_NO_SLOT ||
        !told(await_root(space, process), WEFT_BYTES("fs/root"), "it ended before it had begun"))
        return false;
    for (uint32_t i = 0; record != NULL && i < record->slots.count; i++)
        mount(space, &record->slots.data[i]);
    return bind(space->silo, FILES_INTERFACE_NAME, FILES_INTERFACE_HASH, process) &&
           bind(space->silo, MOUNTS_INTERFACE_NAME, MOUNTS_INTERFACE_HASH, process);
}

void space_start(struct space *space)
{
    struct system_u64_error_result result;
    struct weft_client client = client_of(system_slot());
    *space = (struct space){ .root = WEFT_NO_SLOT, .table = WEFT_NO_SLOT };
    if (system_create_silo(&client, 0, WEFT_BYTES("person"), (struct system_limits){ 0 },
                           &result) != WEFT_OK ||
        result.failed)
        return;
    space->silo = result.value;
    start_pipes(space->silo);
    start_root(space);
}
