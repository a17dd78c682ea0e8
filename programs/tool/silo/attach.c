/* What a program that runs behind has written, and writing to it. */
#include "programs/tool/silo/silo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interface/console_program.h"
#include "interface/log_program.h"
#include "interface/statistics_program.h"
#include "interface/stream_program.h"
#include "interface/terminal_program.h"
#include "lib/fd_slot.h"
#include "programs/tool/shared/walk.h"
#include "programs/tool/silo/screen.h"

enum { PART = 32 << 10, TAIL = 4 << 10 };

static _Alignas(8) uint8_t buffer[PART + 4096];
static _Alignas(8) uint8_t answer[PART + 4096];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static int fail(const char *silo, const char *why)
{
    fprintf(stderr, "silo: %s: %s\n", silo, why);
    return EXIT_FAILED;
}

static bool show(struct weft_bytes bytes)
{
    for (uint32_t at = 0; at < bytes.size;) {
        ssize_t written = write(1, bytes.data + at, bytes.size - at);
        if (written <= 0)
            return false;
        at += (uint32_t)written;
    }
    return true;
}

/* Who stands still answers nobody. */
static bool is_suspended(uint64_t silo)
{
    _Alignas(8) uint8_t bytes[1024];
    struct weft_client client = { .slot = statistics_slot(),
                                  .buffer = bytes,
                                  .capacity = sizeof(bytes) };
    struct statistics_silo_figures_list list;
    return statistics_silos(&client, silo, 1, &list) == WEFT_OK && list.count == 1 &&
           list.data[0].silo == silo && list.data[0].suspended;
}

static bool ask_state(int32_t console, struct console_state *state)
{
    struct weft_client client = client_of(console);
    return console_state(&client, state) == WEFT_OK;
}

static void tell_ending(const char *silo, const struct console_state *state)
{
    if (state->ending.size != 0)
        fprintf(stderr, "silo: %s: %.*s\n", silo, (int)state->ending.size,
                (const char *)state->ending.data);
}

/* ---- The log ---- */

/* What its processes have told the system's log. */
static int show_system_log(uint64_t silo)
{
    enum { AT_ONCE = 64 };
    struct system_process_status process;
    struct log_entry_list list = { .count = 1 };
    enum weft_status status = WEFT_OK;
    for (uint64_t sequence = 0; status == WEFT_OK && list.count != 0;) {
        status = log_read(system_client_of(log_slot()), sequence, AT_ONCE, &list);
        for (uint32_t i = 0; status == WEFT_OK && i < list.count; i++) {
            const struct log_entry *entry = &list.data[i];
            sequence = entry->sequence + 1;
            if (!walk_find_process(entry->process, &process) || process.silo != silo)
                continue;
            printf("[%12.6f] ", (double)entry->time / 1e9);
            print_text(entry->text, 0);
            putchar('\n');
        }
    }
    return status == WEFT_OK ? 0 : tell_status("log", status);
}

int silo_log(const char *text)
{
    uint64_t silo, position = 0;
    struct console_state state;
    int failed = read_silo(silo_help, text, &silo);
    if (failed != 0)
        return failed;
    int32_t console = silo_console(silo);
    if (console == WEFT_NO_SLOT)
        return show_system_log(silo);
    if (is_suspended(silo))
        return fail(text, "it is suspended, and tells nothing until `silo resume`");
    if (!ask_state(console, &state))
        return fail(text, "who keeps its output does not answer");
    while (position < state.written) {
        struct weft_client client = client_of(console);
        struct console_u64_bytes_tuple part;
        if (console_read(&client, position, PART, &part) != WEFT_OK || part.f1.size == 0)
            break;
        position = part.f0;
        if (!show(part.f1))
            return EXIT_FAILED;
    }
    if (ask_state(console, &state))
        tell_ending(text, &state);
    return 0;
}

/* ---- Attaching ---- */

static struct {
    int32_t console;
    int32_t input; /* WEFT_NO_SLOT: there is none, or no more */
    uint64_t position;
    int64_t reading; /* ids of what is asked; 0: nothing is */
    int64_t typing;
    int64_t writing;
    int64_t resizing;
    bool is_over;
    bool is_terminal; /* the keys are typed, not lines */
    bool is_left;     /* by a key */
} attached;

static void ask_output(void)
{
    struct weft_client client = client_of(attached.console);
    attached.reading = console_read_send(&client, attached.position, PART, WEFT_WANT_ANSWER);
    attached.is_over = attached.reading <= 0;
}

static void ask_input(void)
{
    struct weft_client client = client_of(attached.input);
    attached.typing = 0;
    if (attached.input != WEFT_NO_SLOT)
        attached.typing = stream_read_send(&client, PART / 2, WEFT_WANT_ANSWER);
}

static void take_output(struct body_reader *reader)
{
    struct console_u64_bytes_tuple part;
    attached.is_over = !console_read_result_decode(reader, &part) || part.f1.size == 0;
    if (attached.is_over)
        return;
    attached.position = part.f0;
    if (attached.is_terminal ? screen_show(part.f1) : show(part.f1))
        ask_output();
    else
        attached.is_over = true;
}

static void ask_size(struct terminal_size known)
{
    struct weft_client client = client_of(terminal_slot());
    attached.resizing = 0;
    if (attached.is_terminal)
        attached.resizing = terminal_resized_send(&client, known, WEFT_WANT_ANSWER);
}

static void take_size(struct body_reader *reader)
{
    struct terminal_size_error_result result = { .failed = true };
    struct weft_client client = client_of(attached.console);
    attached.resizing = 0;
    if (!terminal_resized_result_decode(reader, &result) || result.failed)
        return;
    console_resize(&client, result.value.columns, result.value.rows);
    ask_size(result.value);
}

/* The next line is read when the program has room for it. */
static void take_input(struct body_reader *reader)
{
    struct stream_bytes_error_result result = { .failed = true };
    struct weft_client client = client_of(attached.console);
    bool is_read = stream_read_result_decode(reader, &result) && !result.failed;
    attached.typing = 0;
    if (is_read && attached.is_terminal)
        attached.is_left = screen_keys(&result.value);
    if (attached.is_left)
        return;
    if (is_read && attached.is_terminal && result.value.size == 0) {
        ask_input(); /* the first half of a key sequence */
        return;
    }
    if (is_read && result.value.size != 0) {
        attached.writing = console_write_send(&client, result.value, WEFT_WANT_ANSWER);
        return;
    }
    attached.input = WEFT_NO_SLOT;
    console_finish(&client);
}

static void take_written(struct body_reader *reader)
{
    struct console_u32_error_result result = { .failed = true };
    attached.writing = 0;
    if (console_write_result_decode(reader, &result) && !result.failed)
        ask_input();
}

static void follow(void)
{
    struct weft_event event;
    struct body_reader reader;
    ask_output();
    ask_input();
    while (!attached.is_over && !attached.is_left) {
        int64_t ids[4];
        uint32_t count = 0;
        const int64_t asked[] = { attached.reading, attached.typing, attached.writing,
                                  attached.resizing };
        for (int i = 0; i < 4; i++)
            if (asked[i] > 0)
                ids[count++] = asked[i];
        if (weft_wait(ids, count, &event, answer, sizeof(answer), -1) != WEFT_EVENT_ANSWER)
            return;
        body_reader_init(&reader, &event, answer);
        if (event.id == attached.reading)
            take_output(&reader);
        else if (event.id == attached.typing)
            take_input(&reader);
        else if (event.id == attached.resizing)
            take_size(&reader);
        else
            take_written(&reader);
    }
}

/* The terminal is the program's meanwhile, as it would be if it had been started here. What it shows
 * on the other screen it draws again; of what it wrote line by line the last is shown. */
static void follow_on_screen(const struct console_state *state)
{
    struct terminal_size size = screen_take();
    struct weft_client client = client_of(attached.console);
    if (screen_return(state->modes))
        attached.position = state->written;
    console_resize(&client, size.columns, size.rows);
    ask_size(size);
    follow();
    screen_give();
}

int silo_attach(const char *text)
{
    uint64_t silo;
    struct console_state state;
    int kind;
    int failed = read_silo(silo_help, text, &silo);
    if (failed != 0)
        return failed;
    attached.console = silo_console(silo);
    if (attached.console == WEFT_NO_SLOT)
        return fail(
            text,
            "nothing that `silo start` began is there; `silo list` shows which silos there are");
    if (is_suspended(silo))
        return fail(text, "it is suspended: `silo resume` has it go on");
    if (!ask_state(attached.console, &state))
        return fail(text, "who keeps its output does not answer");
    if (wasi_fd_slot(0, &attached.input, &kind) != 0 || kind != FD_KIND_STREAM)
        attached.input = WEFT_NO_SLOT;
    attached.position = state.written > TAIL ? state.written - TAIL : 0;
    attached.is_terminal = state.terminal && isatty(0) && isatty(1);
    if (!attached.is_terminal && isatty(0))
        fputs("silo: attached; ^D ends its input, ^C leaves it alone again\n", stderr);
    if (attached.is_terminal)
        follow_on_screen(&state);
    else
        follow();
    if (attached.is_left)
        fprintf(stderr, "\nsilo: %s: detached; it goes on\n", text);
    else if (ask_state(attached.console, &state))
        tell_ending(text, &state);
    else
        fail(text, "it is gone");
    return 0;
}
