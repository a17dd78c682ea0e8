/* What a person's programs start from: it starts the program of the boot bundle that its arguments
 * name, before its own streams or else the terminal of its silo, in the name space if there is one,
 * and ends as that ends, once all was shown. */
#include "interface/clock_program.h"
#include "interface/files_program.h"
#include "interface/mounts.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "interface/terminal_program.h"
#include "lib/bundle.h"
#include "lib/interface.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/start.h"

enum {
    STREAMS = 3,
    VARIABLES_MAX = 256,
    EXIT_NOT_RUNNABLE = 126,
    EXIT_NOT_FOUND = 127,
    EXIT_TRAPPED = 134,
    EXIT_KILLED = 137,
};

static const uint64_t show_ns = 5000000000;

/* Arguments and environment are at most a megabyte, and are encoded once. */
static _Alignas(8) uint8_t buffer[(1 << 20) + (1 << 15)];
static bool has_terminal; /* that was opened here */

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

/* ---- What it gives --------------------------------------------------------------------------- */

static const char *const stream_names[STREAMS] = { "stdin", "stdout", "stderr" };

static struct weft_bytes bytes_of(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

/* Those that it has itself. */
static uint32_t take_streams(struct system_named_slot streams[STREAMS])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < STREAMS; i++) {
        int32_t slot = start_slot(stream_names[i]);
        if (slot != WEFT_NO_SLOT)
            streams[count++] = (struct system_named_slot){ bytes_of(stream_names[i]), slot };
    }
    return count;
}

static uint32_t open_streams(struct system_named_slot streams[STREAMS])
{
    uint32_t count = take_streams(streams);
    while (count == 0 || (has_terminal && count < STREAMS)) {
        struct weft_client client = client_of(terminal_slot());
        streams[count].name = bytes_of(stream_names[count]);
        if (terminal_open(&client, &streams[count].slot) != WEFT_OK)
            break;
        has_terminal = true;
        count++;
    }
    return count;
}

static bool is_set(const struct system_string_string_tuple_list *variables, struct weft_bytes name)
{
    for (uint32_t i = 0; i < variables->count; i++)
        if (variables->data[i].f0.size == name.size &&
            memcmp(variables->data[i].f0.data, name.data, name.size) == 0)
            return true;
    return false;
}

/* Whether somebody keeps a name space for this silo. */
static bool has_space(void)
{
    struct interface_hash hash = interface_hash(MOUNTS_INTERFACE_HASH);
    struct weft_client client = client_of(system_slot());
    struct system_binding_list_error_result rows;
    if (system_bindings(&client, 0, &rows) != WEFT_OK || rows.failed)
        return false;
    for (uint32_t i = 0; i < rows.value.count; i++)
        if (rows.value.data[i].interface.size == INTERFACE_HASH_BYTES &&
            memcmp(rows.value.data[i].interface.data, hash.bytes, INTERFACE_HASH_BYTES) == 0)
            return rows.value.data[i].verdict != SYSTEM_VERDICT_DENY;
    return false;
}

/* Those that it was given, or `/`: its slot follows the row, so it leads to whoever keeps the name
 * space, also after another has ended. */
static uint32_t take_directories(bool has_root, struct system_named_slot *slots, uint32_t room)
{
    const struct system_start_record *record = start_record();
    uint32_t count = 0;
    if (has_root) {
        slots[0] = (struct system_named_slot){ WEFT_BYTES("dir:/"), files_slot() };
        return 1;
    }
    for (uint32_t i = 0; i < record->slots.count && count < room; i++)
        if (record->slots.data[i].name.size >= 4 &&
            memcmp(record->slots.data[i].name.data, "dir:", 4) == 0)
            slots[count++] = record->slots.data[i];
    return count;
}

/* The programs that the system came with, and those that `program` keeps in memory. */
static const char usual_path[] = "/programs:/tmp/store/bin";

/* The session's own, and what every program may count on. */
static uint32_t list_variables(const struct system_start_record *record, bool has_root,
                               struct system_string_string_tuple variables[VARIABLES_MAX])
{
    static const struct system_string_string_tuple usual[] = {
        { { (const uint8_t *)"PATH", 4 }, { (const uint8_t *)usual_path, sizeof(usual_path) - 1 } },
        { { (const uint8_t *)"HOME", 4 }, { (const uint8_t *)"/tmp", 4 } },
        { { (const uint8_t *)"PWD", 3 }, { (const uint8_t *)"/tmp", 4 } },
    };
    enum { USUAL = sizeof(usual) / sizeof(usual[0]) };
    uint32_t count = 0;
    for (; count < record->environment.count && count < VARIABLES_MAX - USUAL; count++)
        variables[count] = record->environment.data[count];
    for (uint32_t i = 0; has_root && i < USUAL; i++)
        if (!is_set(&record->environment, usual[i].f0))
            variables[count++] = usual[i];
    return count;
}

/* Below the session's own, which nobody there sees. 0: there is none. */
static uint64_t create_silo(void)
{
    struct weft_client client = client_of(system_slot());
    struct system_u64_error_result result;
    enum weft_status status =
        system_create_silo(&client, 0, WEFT_BYTES("person"), (struct system_limits){ 0 }, &result);
    return status == WEFT_OK && !result.failed ? result.value : 0;
}

/* The program's slot; WEFT_NO_SLOT: it was not started. */
static int32_t spawn(const struct bundle_program *program, const struct system_start_record *record)
{
    struct system_string_string_tuple variables[VARIABLES_MAX];
    struct system_named_slot slots[WEFT_GIFTS_MAX];
    struct system_named_slot_list list = { slots, open_streams(slots) };
    struct system_process_error_result result;
    bool has_root = has_space();
    struct system_spawn_options options = {
        .program = bundle_cid(program),
        .silo = create_silo(),
        .arguments = { record->arguments.data + 1, record->arguments.count - 1 },
        .environment = { variables, list_variables(record, has_root, variables) },
    };
    list.count += take_directories(has_root, slots + list.count, WEFT_GIFTS_MAX - list.count);
    if (options.silo == 0)
        return WEFT_NO_SLOT;
    struct weft_client client = client_of(system_slot());
    enum weft_status status = system_spawn(&client, options, list, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

/* ---- Its end --------------------------------------------------------------------------------- */

/* Who starts sessions starts another one then, and ends what is left of this. */
static _Noreturn void end_as_killed(void)
{
    struct weft_client client = client_of(system_slot());
    struct system_process_error_result self;
    struct system_none_error_result result;
    if (system_find(&client, start_record()->process, &self) == WEFT_OK && !self.failed) {
        client = client_of(self.value);
        system_process_kill(&client, &result);
    }
    main_exit(EXIT_KILLED);
}

static int await_end(int32_t process)
{
    struct weft_client client = client_of(process);
    struct system_ending ending;
    if (system_process_ended(&client, &ending) != WEFT_OK || ending.tag == SYSTEM_ENDING_KILLED)
        end_as_killed();
    return ending.tag == SYSTEM_ENDING_EXITED ? (int)ending.exited : EXIT_TRAPPED;
}

/* What was written last is seen before the end; but nobody is waited for who never shows it. */
static void await_output(void)
{
    struct weft_client client = client_of(terminal_slot());
    struct weft_event event;
    uint64_t now;
    int32_t stream;
    if (!has_terminal || terminal_open(&client, &stream) != WEFT_OK)
        return;
    client = client_of(stream);
    int64_t id = stream_finish_send(&client, WEFT_WANT_ANSWER);
    client = client_of(clock_slot());
    if (id > 0 && clock_monotonic(&client, &now) == WEFT_OK)
        weft_wait(&id, 1, &event, buffer, sizeof(buffer), (int64_t)(now + show_ns));
}

int weft_main(void)
{
    const struct system_start_record *record = start_record();
    struct bundle_program program;
    if (record == NULL || record->arguments.count < 2)
        return EXIT_NOT_FOUND;
    struct weft_bytes name = record->arguments.data[1];
    if (!bundle_add(name, &program)) {
        say(LOG_LEVEL_ERROR, name, "there is no such program in the boot bundle");
        return EXIT_NOT_FOUND;
    }
    int32_t process = spawn(&program, record);
    if (process == WEFT_NO_SLOT) {
        say(LOG_LEVEL_ERROR, name, "it cannot be started");
        return EXIT_NOT_RUNNABLE;
    }
    int status = await_end(process);
    await_output();
    return status;
}
