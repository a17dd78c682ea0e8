/* What `silo start` leaves behind. It stays when the program has ended, so that one can see why. */
#include "programs/tool/shared/system.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interface/console_program.h"
#include "interface/pipe_program.h"
#include "interface/stream_program.h"
#include "interface/terminal.h"
#include "lib/server.h"
#include "lib/waiting.h"
#include "programs/terminal/clients.h"
#include "programs/tool/keeper/terminal.h"

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_adopt"))) extern int
wasi_fd_adopt(int slot, int *descriptor);

static const char help[] =
    "usage: keeper [-t] PROGRAM [ARGUMENT...]\n"
    "Starts a program in a silo below its own, keeps the last 256 KiB of what that writes, and "
    "passes\n"
    "on what it is to read, for those who ask by the interface `console`, as `silo log` and `silo\n"
    "attach` do. It is what `silo start` leaves behind, and never ends by itself. -t: the program\n"
    "has a terminal of its own, for whoever attaches.\n";

extern char **environ;

enum { KEPT = 256 << 10, PART = 32 << 10, WRITES_MAX = 8 };

static struct {
    uint8_t kept[KEPT]; /* its last bytes; the one at `position` is at `position % KEPT` */
    struct console_state state;
    char ending[64];
    bool is_over;    /* nothing will be written any more */
    int32_t output;  /* the reading end of what it writes */
    int32_t input;   /* the writing end of what it reads; WEFT_NO_SLOT: it is closed */
    int64_t reading; /* id of what is asked of `output` */
    struct waiting readers;
    struct {
        int64_t taken; /* 0: the place is free */
        int64_t sent;
    } writes[WRITES_MAX];
} keeper;

static _Alignas(8) uint8_t body[256 << 10];

static struct weft_client client_of(int32_t slot)
{
    static _Alignas(8) uint8_t buffer[PART + 4096];
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static struct body_writer *writer(void)
{
    static _Alignas(8) uint8_t bytes[PART + 256];
    static struct body_writer writer;
    body_writer_init(&writer, bytes, sizeof(bytes));
    return &writer;
}

/* ---- Output ---- */

static void ask_for_output(void)
{
    struct weft_client client = client_of(keeper.output);
    keeper.reading = stream_read_send(&client, PART, WEFT_WANT_ANSWER);
    keeper.is_over = keeper.reading <= 0;
}

/* Where a reader goes on: what is older than what is kept is gone. */
static uint64_t first_kept(uint64_t position)
{
    uint64_t written = keeper.state.written;
    uint64_t first = written > KEPT ? written - KEPT : 0;
    return position < first ? first : position < written ? position : written;
}

static enum weft_status answer_read(int64_t id, uint64_t position, uint32_t count)
{
    uint64_t from = first_kept(position);
    uint64_t left = keeper.state.written - from;
    uint64_t behind = KEPT - from % KEPT; /* until the ring begins again */
    uint32_t most = count < PART ? count : PART;
    uint32_t size = left < most ? (uint32_t)left : most;
    struct console_u64_bytes_tuple result = { .f1.data = keeper.kept + from % KEPT };
    result.f1.size = size < behind ? size : (uint32_t)behind;
    result.f0 = from + result.f1.size;
    return console_read_answer(writer(), id, &result);
}

static void answer_readers(void)
{
    struct waiting readers = keeper.readers;
    keeper.readers.count = 0;
    for (uint32_t i = 0; i < readers.count; i++)
        answer_read(readers.list[i].id, readers.list[i].number, PART);
}

/* Who has read all is told so when it is known how it ended, too. */
static bool is_finished(void)
{
    return keeper.is_over && keeper.state.process == 0;
}

static void keep(struct weft_bytes bytes)
{
    for (uint32_t i = 0; i < bytes.size; i++)
        keeper.kept[keeper.state.written++ % KEPT] = bytes.data[i];
}

/* From the terminal. */
static void show(struct weft_bytes bytes)
{
    keep(bytes);
    answer_readers();
}

static void take_output(const struct weft_event *event, struct body_reader *reader)
{
    struct stream_bytes_error_result result = { .failed = true };
    if (event->status == WEFT_OK)
        stream_read_result_decode(reader, &result);
    bool has_some = !result.failed && result.value.size != 0;
    if (has_some) {
        keep(result.value);
        ask_for_output();
    } else {
        keeper.is_over = true;
    }
    if (has_some || is_finished())
        answer_readers();
}

/* ---- Input ---- */

static void close_input(void)
{
    if (keeper.input != WEFT_NO_SLOT)
        server_close(&keeper.input, 1);
    keeper.input = WEFT_NO_SLOT;
}

static enum weft_status refuse_write(int64_t id, enum console_error error)
{
    struct console_u32_error_result result = { .failed = true, .error = error };
    return console_write_answer(writer(), id, &result);
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct console_write_arguments *arguments)
{
    uint32_t place = 0;
    (void)context;
    if (keeper.state.terminal && keeper.state.process != 0) {
        struct console_u32_error_result result = { .value = arguments->bytes.size };
        terminal_type(arguments->bytes);
        return console_write_answer(writer(), event->id, &result);
    }
    while (place < WRITES_MAX && keeper.writes[place].taken != 0)
        place++;
    if (keeper.input == WEFT_NO_SLOT)
        return refuse_write(event->id, CONSOLE_ERROR_CLOSED);
    if (event->id == 0 || place == WRITES_MAX || arguments->bytes.size > PART)
        return refuse_write(event->id, CONSOLE_ERROR_BUSY);
    struct weft_client client = client_of(keeper.input);
    int64_t sent = stream_write_send(&client, arguments->bytes, WEFT_WANT_ANSWER);
    if (sent <= 0)
        return refuse_write(event->id, CONSOLE_ERROR_CLOSED);
    keeper.writes[place].taken = event->id;
    keeper.writes[place].sent = sent;
    return WEFT_OK;
}

static void take_written(uint32_t place, const struct weft_event *event, struct body_reader *reader)
{
    struct stream_u32_error_result answer = { .failed = true };
    struct console_u32_error_result result = { 0 };
    if (event->status == WEFT_OK)
        stream_write_result_decode(reader, &answer);
    result.failed = answer.failed;
    if (answer.failed)
        result.error = CONSOLE_ERROR_CLOSED;
    else
        result.value = answer.value;
    console_write_answer(writer(), keeper.writes[place].taken, &result);
    keeper.writes[place].taken = 0;
}

static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    static const uint8_t end = 4; /* ^D */
    (void)context;
    if (keeper.state.terminal)
        terminal_type((struct weft_bytes){ &end, 1 });
    close_input();
    return console_finish_answer(writer(), event->id);
}

/* ---- The rest of the interface ---- */

static enum weft_status on_state(void *context, const struct weft_event *event)
{
    (void)context;
    keeper.state.ending =
        (struct weft_bytes){ (const uint8_t *)keeper.ending, (uint32_t)strlen(keeper.ending) };
    if (keeper.state.terminal)
        keeper.state.modes = terminal_modes();
    return console_state_answer(writer(), event->id, &keeper.state);
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct console_read_arguments *arguments)
{
    (void)context;
    bool waits =
        arguments->position >= keeper.state.written && !is_finished() && arguments->count != 0;
    if (!waits)
        return answer_read(event->id, arguments->position, arguments->count);
    bool has_room = event->id != 0 && waiting_add(&keeper.readers, event->id, arguments->position);
    return has_room ? WEFT_OK : WEFT_LIMIT;
}

static enum weft_status on_resize(void *context, const struct weft_event *event,
                                  const struct console_resize_arguments *arguments)
{
    (void)context;
    if (keeper.state.terminal)
        terminal_resize(arguments->columns, arguments->rows);
    return console_resize_answer(writer(), event->id);
}

static void take_ending(const struct weft_event *event, struct body_reader *reader)
{
    struct system_ending ending = { .tag = SYSTEM_ENDING_KILLED };
    if (event->status != WEFT_OK || !system_process_ended_result_decode(reader, &ending))
        ending.tag = SYSTEM_ENDING_KILLED;
    if (ending.tag == SYSTEM_ENDING_EXITED)
        snprintf(keeper.ending, sizeof(keeper.ending), "it has ended with the status %" PRIu32,
                 ending.exited);
    else
        strcpy(keeper.ending, ending.tag == SYSTEM_ENDING_KILLED ? "it was killed"
                                                                 : "it trapped; `log` tells why");
    keeper.state.process = 0;
    keeper.is_over = keeper.is_over || keeper.state.terminal;
    close_input();
    if (is_finished())
        answer_readers();
}

static void take_answer(const struct weft_event *event, struct body_reader *reader)
{
    if (event->id == keeper.reading) {
        take_output(event, reader);
        return;
    }
    for (uint32_t i = 0; i < WRITES_MAX; i++)
        if (keeper.writes[i].taken != 0 && keeper.writes[i].sent == event->id) {
            take_written(i, event, reader);
            return;
        }
    take_ending(event, reader); /* nothing else is asked of anybody */
}

/* Who wrote does not wait any more; what is on its way into the pipe stays. */
static void take_withdrawal(int64_t id)
{
    waiting_remove(&keeper.readers, id);
    clients_forget(id);
    for (uint32_t i = 0; i < WRITES_MAX; i++)
        if (keeper.writes[i].taken == id)
            weft_answer(keeper.writes[i].sent, WEFT_OK, NULL, 0, NULL, 0);
    for (uint32_t i = 0; i < WRITES_MAX; i++)
        keeper.writes[i].taken = keeper.writes[i].taken == id ? 0 : keeper.writes[i].taken;
}

/* ---- Starting ---- */

static bool make_pipe(int32_t *reading, int32_t *writing)
{
    struct pipe_end_end_tuple_error_result result = { .failed = true };
    struct weft_client client = client_of(pipe_slot());
    if (pipe_create(&client, 0, &result) != WEFT_OK || result.failed)
        return false;
    *reading = result.value.f0;
    *writing = result.value.f1;
    return true;
}

static bool make_silo(uint64_t *silo)
{
    static const struct system_limits none;
    struct system_u64_error_result result = { .failed = true };
    struct weft_bytes name = WEFT_BYTES("program");
    struct weft_client client = client_of(system_slot());
    if (system_create_silo(&client, 0, name, none, &result) != WEFT_OK || result.failed)
        return false;
    posix_set_silo(result.value);
    *silo = result.value;
    return true;
}

static bool make_pipes(int streams[2])
{
    int32_t input, output;
    return make_pipe(&input, &keeper.input) && make_pipe(&keeper.output, &output) &&
           wasi_fd_adopt(input, &streams[0]) == 0 && wasi_fd_adopt(output, &streams[1]) == 0;
}

static bool make_terminal(uint64_t silo, int streams[2])
{
    int32_t slot = terminal_start(silo, show);
    return slot != WEFT_NO_SLOT && wasi_fd_adopt(slot, &streams[0]) == 0 &&
           (streams[1] = dup(streams[0])) >= 0;
}

/* Its ends of the pipes are this process's descriptors only until it has them. */
static void start(char **arguments)
{
    uint64_t silo;
    int streams[3];
    if (!make_silo(&silo) ||
        !(keeper.state.terminal ? make_terminal(silo, streams) : make_pipes(streams))) {
        strcpy(keeper.ending, "there is no room for another silo, or its pipes or terminal");
        keeper.is_over = true;
        return;
    }
    streams[2] = streams[1];
    pid_t process = posix_start(arguments[0], arguments, environ, streams);
    keeper.state.started = process > 0;
    keeper.state.process = process > 0 ? (uint64_t)process : 0;
    if (process <= 0) {
        snprintf(keeper.ending, sizeof(keeper.ending), "%s",
                 errno == ENOENT ? "there is no such program in PATH" : strerror(errno));
        close_input();
    }
    close(streams[0]);
    close(streams[1]);
    if (!keeper.state.terminal)
        ask_for_output();
    else
        keeper.is_over = process <= 0;
}

static bool is_for_terminal(uint64_t interface)
{
    return keeper.state.terminal &&
           (interface == STREAM_INTERFACE_ID || interface == TERMINAL_INTERFACE_ID);
}

int main(int count, char **arguments)
{
    static const struct console_server handler = {
        .state = on_state,
        .read = on_read,
        .write = on_write,
        .finish = on_finish,
        .resize = on_resize,
    };
    struct weft_server server = { .buffer = body, .capacity = sizeof(body) };
    if (count < 2 || (count == 2 && strcmp(arguments[1], "--help") == 0)) {
        fputs(help, count < 2 ? stderr : stdout);
        return count < 2 ? EXIT_USAGE : 0;
    }
    keeper.input = keeper.output = WEFT_NO_SLOT;
    keeper.state.terminal = count > 2 && strcmp(arguments[1], "-t") == 0;
    start(arguments + 1 + keeper.state.terminal);
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE && server.event.interface == CONSOLE_INTERFACE_ID)
            server_finish(&server, console_dispatch(&handler, NULL, &server.event, &server.reader));
        else if (kind == WEFT_EVENT_MESSAGE && is_for_terminal(server.event.interface))
            server_finish(&server, clients_take(&server.event, &server.reader));
        else if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, WEFT_UNSUPPORTED);
        else if (kind == WEFT_EVENT_CLOSED && keeper.state.terminal)
            clients_closed(server.event.badge);
        else if (kind == WEFT_EVENT_ANSWER)
            take_answer(&server.event, &server.reader);
        else if (kind == WEFT_EVENT_WITHDRAWN)
            take_withdrawal(server.event.id);
    }
}
