/* Opens the terminal of its silo, starts the program of the boot bundle that its arguments name
 * with that as its streams, and ends as that ends, once all was shown. */
#include "interface/clock_program.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "interface/terminal_program.h"
#include "lib/bundle.h"
#include "lib/main.h"
#include "lib/say.h"
#include "lib/start.h"

enum {
    STREAMS = 3,
    EXIT_NOT_RUNNABLE = 126,
    EXIT_NOT_FOUND = 127,
    EXIT_TRAPPED = 134,
    EXIT_KILLED = 137,
};

static const uint64_t show_ns = 5000000000;

static _Alignas(8) uint8_t buffer[1 << 15];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static bool open_streams(struct system_named_slot streams[STREAMS])
{
    static const struct weft_bytes names[STREAMS] = {
        { (const uint8_t *)"stdin", 5 },
        { (const uint8_t *)"stdout", 6 },
        { (const uint8_t *)"stderr", 6 },
    };
    for (uint32_t i = 0; i < STREAMS; i++) {
        struct weft_client client = client_of(terminal_slot());
        streams[i].name = names[i];
        if (terminal_open(&client, &streams[i].slot) != WEFT_OK)
            return false;
    }
    return true;
}

/* The program's slot; WEFT_NO_SLOT: it was not started. */
static int32_t spawn(const struct bundle_program *program, struct system_string_list arguments)
{
    struct system_named_slot streams[STREAMS];
    struct weft_client client = client_of(system_slot());
    struct system_process_error_result result;
    struct system_spawn_options options = { .program = bundle_cid(program),
                                            .arguments = arguments };
    if (!open_streams(streams))
        return WEFT_NO_SLOT;
    enum weft_status status = system_spawn(
        &client, options, (struct system_named_slot_list){ streams, STREAMS }, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

static int await_end(int32_t process)
{
    struct weft_client client = client_of(process);
    struct system_ending ending;
    if (system_process_ended(&client, &ending) != WEFT_OK)
        return EXIT_KILLED;
    if (ending.tag == SYSTEM_ENDING_EXITED)
        return (int)ending.exited;
    return ending.tag == SYSTEM_ENDING_TRAPPED ? EXIT_TRAPPED : EXIT_KILLED;
}

/* What was written last is seen before the end; but nobody is waited for who never shows it. */
static void await_output(void)
{
    struct weft_client client = client_of(terminal_slot());
    struct weft_event event;
    uint64_t now;
    int32_t stream;
    if (terminal_open(&client, &stream) != WEFT_OK)
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
    struct system_string_list arguments = { record->arguments.data + 1,
                                            record->arguments.count - 1 };
    if (!bundle_add(arguments.data[0], &program)) {
        say(LOG_LEVEL_ERROR, arguments.data[0], "there is no such program in the boot bundle");
        return EXIT_NOT_FOUND;
    }
    int32_t process = spawn(&program, arguments);
    if (process == WEFT_NO_SLOT) {
        say(LOG_LEVEL_ERROR, arguments.data[0], "it cannot be started");
        return EXIT_NOT_RUNNABLE;
    }
    int status = await_end(process);
    await_output();
    return status;
}
