/* A person's commands: prompt, line, history, completion; the terminal is raw only while a line is
 * read. */
#include "interface/files_program.h"
#include "interface/stream_program.h"
#include "interface/terminal_program.h"
#include "lib/server.h"
#include "programs/shell/candidates.h"
#include "programs/shell/edit/edit.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER = 1 << 16 };

static _Alignas(8) uint8_t buffer[BUFFER];
static struct history history;
static struct editor editor;
static int64_t reading, resizing; /* questions that stand; 0: none does */
static struct terminal_size size;
static struct text ahead; /* what was typed before it was asked for */

/* ---- The terminal -------------------------------------------------------------------------------
 */

static struct weft_client terminal(void)
{
    return client_at(terminal_slot(), buffer, sizeof(buffer));
}

static bool set_raw(bool raw)
{
    struct weft_client client = terminal();
    struct terminal_none_error_result result;
    return terminal_set_mode(&client, raw ? TERMINAL_MODE_RAW | TERMINAL_MODE_NO_ECHO : 0,
                             &result) == WEFT_OK &&
           !result.failed;
}

static void take_size(const struct terminal_size_error_result *result)
{
    if (!result->failed)
        size = result->value;
    editor.columns = size.columns;
}

static void ask_size(void)
{
    struct weft_client client = terminal();
    struct terminal_size_error_result result;
    struct weft_event event;
    /* What a program wrote before this line is nothing to it. */
    if (resizing > 0 && weft_wait(&resizing, 1, &event, buffer, sizeof(buffer), 0) != 0)
        resizing = 0;
    if (terminal_size(&client, &result) == WEFT_OK)
        take_size(&result);
    client = terminal();
    if (resizing == 0 && !result.failed)
        resizing = terminal_resized_send(&client, size, WEFT_WANT_ANSWER);
}

static void show(void)
{
    stream_write_all(descriptors[2], text_string(&editor.screen), editor.screen.size);
    text_clear(&editor.screen);
}

/* ---- Completion ---------------------------------------------------------------------------------
 */

/* What there is to choose from, in columns, below the line. */
static void show_candidates(const struct words *candidates)
{
    size_t widest = 0;
    for (size_t i = 0; i < candidates->count; i++)
        widest = strlen(candidates->data[i]) > widest ? strlen(candidates->data[i]) : widest;
    size_t columns = editor.columns / (widest + 2);
    columns = columns == 0 ? 1 : columns;
    text_add_string(&editor.screen, "\r\n");
    for (size_t i = 0; i < candidates->count; i++) {
        text_add_string(&editor.screen, candidates->data[i]);
        bool ends = (i + 1) % columns == 0 || i + 1 == candidates->count;
        for (size_t j = strlen(candidates->data[i]); j < widest + 2 && !ends; j++)
            text_add_char(&editor.screen, ' ');
        if (ends)
            text_add_string(&editor.screen, "\r\n");
    }
    edit_show_again(&editor);
}

static void complete(void)
{
    struct completion completion;
    struct words candidates = { 0 };
    struct text text = { 0 };
    complete_find(text_string(&editor.line), editor.at, &completion);
    candidates_list(&completion, &candidates);
    complete_text(&completion, &candidates, &text);
    size_t typed = editor.at - completion.begin;
    bool gains = text.size > typed || (candidates.count == 1 && text.size != 0);
    if (gains)
        edit_replace(&editor, completion.begin, &text);
    else if (candidates.count > 1)
        show_candidates(&candidates);
    else
        text_add_char(&editor.screen, '\a');
    completion_free(&completion);
    words_free(&candidates);
    text_free(&text);
}

/* ---- One line -----------------------------------------------------------------------------------
 */

/* Takes an answer of the stream: false at its end. */
static bool take_bytes(const struct weft_event *event)
{
    struct body_reader reader;
    struct stream_bytes_error_result result;
    reading = 0;
    body_reader_init(&reader, event, buffer);
    if (event->status != WEFT_OK || !stream_read_result_decode(&reader, &result) || result.failed)
        return false;
    text_add(&ahead, (const char *)result.value.data, result.value.size);
    return result.value.size != 0;
}

static void take_resize(const struct weft_event *event)
{
    struct body_reader reader;
    struct terminal_size_error_result result;
    resizing = 0;
    body_reader_init(&reader, event, buffer);
    if (event->status != WEFT_OK || !terminal_resized_result_decode(&reader, &result))
        return;
    bool is_same = !result.failed && result.value.columns == size.columns;
    take_size(&result);
    struct weft_client client = terminal();
    if (!result.failed)
        resizing = terminal_resized_send(&client, size, WEFT_WANT_ANSWER);
    /* With the same width others have written over it, and are done: it goes to a place of its own.
     */
    if (is_same)
        edit_show_again(&editor);
    else
        edit_draw(&editor);
}

/* Waits for something to do: EDIT_MORE if bytes came or the size changed. */
static enum edit_result wait_for_key(void)
{
    struct weft_event event;
    struct weft_client client = client_at(descriptors[0]->slot, buffer, 256);
    if (reading == 0)
        reading = stream_read_send(&client, 4096, WEFT_WANT_ANSWER);
    if (reading <= 0)
        return EDIT_END;
    int64_t key = job_interrupt_question();
    int64_t stop = front_key_question();
    int64_t ids[] = { reading, key > 0 ? key : reading, resizing > 0 ? resizing : reading,
                      stop > 0 ? stop : reading };
    int32_t kind = weft_wait(ids, 4, &event, buffer, sizeof(buffer), -1);
    if (kind != WEFT_EVENT_ANSWER)
        return EDIT_END;
    if (event.id == reading)
        return take_bytes(&event) ? EDIT_MORE : EDIT_END;
    if (event.id == resizing) {
        take_resize(&event);
        return EDIT_MORE;
    }
    if (event.id == stop) {
        front_key_seen();
        return EDIT_MORE;
    }
    job_interrupt_seen();
    edit_leave(&editor, "^C");
    return EDIT_INTERRUPT;
}

static enum edit_result take_keys(void)
{
    enum edit_result result = EDIT_MORE;
    size_t used = 0;
    while (used < ahead.size && result == EDIT_MORE) {
        result = edit_byte(&editor, ahead.data[used++]);
        if (result == EDIT_COMPLETE) {
            complete();
            result = EDIT_MORE;
        }
    }
    memmove(ahead.data, ahead.data + used, ahead.size - used);
    ahead.size -= used;
    return result;
}

static enum edit_result read_line(const char *prompt)
{
    enum edit_result result = EDIT_MORE;
    editor.prompt = prompt;
    editor.history = &history;
    ask_size();
    edit_begin(&editor);
    text_add_string(&editor.screen, "\x1b[?2004h");
    while (result == EDIT_MORE) {
        result = ahead.size != 0 ? take_keys() : EDIT_MORE;
        show();
        if (result == EDIT_MORE)
            result = wait_for_key();
    }
    if (result == EDIT_END)
        text_add_string(&editor.screen, "\r\n");
    text_add_string(&editor.screen, "\x1b[?2004l");
    show();
    return result;
}

/* ---- Commands -----------------------------------------------------------------------------------
 */

static void expand_prompt(const char *name, const char *usual, struct text *prompt)
{
    struct expander expander = run_expander();
    const char *value = variables_get(&shell.variables, name);
    if (value == NULL) {
        text_add_string(prompt, usual);
        return;
    }
    char *kept = take_copy(value, strlen(value));
    int status = shell.status;
    expand_here(&expander, kept, prompt);
    run_mistake(&expander);
    shell.status = status;
    free(kept);
}

/* A whole command, which may be many lines. */
static enum edit_result read_command(struct text *command)
{
    enum edit_result result = EDIT_LINE;
    do {
        struct text prompt = { 0 };
        expand_prompt(command->size == 0 ? "PS1" : "PS2", command->size == 0 ? "$ " : "> ",
                      &prompt);
        result = read_line(text_string(&prompt));
        text_free(&prompt);
        if (result != EDIT_LINE)
            break;
        text_add(command, text_string(&editor.line), editor.line.size);
        text_add_char(command, '\n');
    } while (!run_is_whole(command));
    return result;
}

/* ---- The history's file -------------------------------------------------------------------------
 */

static char *history_path(void)
{
    struct text path = { 0 };
    const char *file = variables_get(&shell.variables, "HISTFILE");
    const char *home = variables_get(&shell.variables, "HOME");
    if (file != NULL) {
        text_add_string(&path, file);
    } else if (home != NULL) {
        text_add_string(&path, home);
        text_add_string(&path, "/.shell_history");
    }
    return text_release(&path);
}

static void load_history(void)
{
    struct text text = { 0 };
    const char *why;
    char *path = history_path();
    if (path[0] != '\0' && place_read(path, &text, &why))
        history_from_file(&history, text.data, text.size);
    text_free(&text);
    free(path);
}

static void write_node(int32_t node, const struct text *text)
{
    enum { PART = 32 << 10 };
    for (size_t at = 0; at < text->size;) {
        struct weft_client client = client_at(node, buffer, sizeof(buffer));
        struct files_u32_error_result result;
        size_t left = text->size - at;
        struct weft_bytes bytes = { (const uint8_t *)text->data + at,
                                    left < PART ? (uint32_t)left : PART };
        if (files_node_write(&client, at, bytes, &result) != WEFT_OK || result.failed ||
            result.value == 0)
            return;
        at += result.value;
    }
}

static void save_history(void)
{
    struct text text = { 0 };
    const char *why;
    char *path = history_path();
    int32_t node = WEFT_NO_SLOT;
    if (path[0] != '\0')
        node = place_open(
            path, FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_CREATE | FILES_OPEN_FLAGS_TRUNCATE,
            &why);
    if (node != WEFT_NO_SLOT) {
        history_to_file(&history, &text);
        write_node(node, &text);
        server_close(&node, 1);
    }
    text_free(&text);
    free(path);
}

void prompt_history(size_t count_max)
{
    struct text text = { 0 };
    size_t count = history.lines.count;
    for (size_t i = count < count_max ? 0 : count - count_max; i < count; i++) {
        text_add_number(&text, (int64_t)i + 1);
        text_add_string(&text, "  ");
        text_add_string(&text, history.lines.data[i]);
        text_add_char(&text, '\n');
    }
    output_text(&text);
    text_free(&text);
}

void prompt_history_add(const char *line)
{
    history_add(&history, line);
}

/* Of many long lines the newest: a subshell's arguments have a bound. */
void prompt_history_show(struct text *text)
{
    enum { SHOWN_MAX = 128 << 10 };
    size_t first = history.lines.count, bytes = 0;
    while (first > 0 && bytes + strlen(history.lines.data[first - 1]) <= SHOWN_MAX)
        bytes += strlen(history.lines.data[--first]);
    for (size_t i = first; i < history.lines.count; i++) {
        text_add_string(text, "history -s ");
        text_add_in_quotes(text, history.lines.data[i]);
        text_add_char(text, '\n');
    }
}

/* ---- The loop -----------------------------------------------------------------------------------
 */

/* What gave up is over; a person goes on, unless a signal ends the shell. */
static void go_on(void)
{
    if (shell.gave_up && shell.ended_by == 0)
        shell.flow = FLOW_ON;
    shell.gave_up = false;
}

static void run_command(const struct text *command)
{
    shell.interrupted = false;
    shell.flow = FLOW_ON;
    run_text(text_string(command), command->size);
    go_on();
    shell.left_job = false;
    shell.warned -= shell.warned != 0;
    bool interrupted = shell.interrupted;
    shell.interrupted = false;
    if (interrupted) {
        shell.flow = FLOW_ON;
        stream_write_all(descriptors[2], "\n", 1);
        run_trap(SIGNAL_INTERRUPT);
        go_on();
    }
}

static bool read_and_run(void)
{
    struct text command = { 0 };
    job_notify();
    (void)job_interrupt_question(); /* before the prompt says that keys are heard */
    set_raw(true);
    enum edit_result result = read_command(&command);
    set_raw(false);
    if (result == EDIT_LINE) {
        char *line = take_copy(text_string(&command), command.size - 1);
        if (history_add(&history, line))
            save_history();
        free(line);
        run_command(&command);
    } else if (result == EDIT_INTERRUPT) {
        shell.status = STATUS_INTERRUPTED;
    }
    text_free(&command);
    if (result == EDIT_END && job_warns()) {
        shell.warned = 1; /* there was no command that it is of */
        return true;
    }
    return result != EDIT_END && shell.flow != FLOW_EXIT;
}

int prompt_run(void)
{
    shell.interactive = true;
    shell.at_terminal = true;
    if (descriptors[0] == NULL || !set_raw(true)) {
        shell.interactive = false;
        complain("terminal", "there is none to be had; it takes --allow terminal");
        return STATUS_FAILED;
    }
    load_history();
    front_look();
    while (read_and_run())
        continue;
    job_end_stopped();
    return shell.status;
}
