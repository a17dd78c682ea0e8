/* Streams: what the shell itself reads and writes, and gives to what it starts. */
#include "interface/pipe_program.h"
#include "interface/stream_program.h"
#include "lib/server.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { TRANSFER_MAX = 1 << 16, BUFFER = TRANSFER_MAX + 4096 };

static _Alignas(8) uint8_t buffer[BUFFER];

struct stream *descriptors[DESCRIPTORS];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

struct stream *stream_create(int32_t slot)
{
    struct stream *stream = take(sizeof(*stream));
    stream->holds = 1;
    stream->slot = slot;
    return stream;
}

struct stream *stream_hold(struct stream *stream)
{
    if (stream != NULL)
        stream->holds++;
    return stream;
}

void stream_release(struct stream *stream)
{
    if (stream == NULL || --stream->holds != 0)
        return;
    if (stream->slot != WEFT_NO_SLOT)
        server_close(&stream->slot, 1);
    free(stream);
}

static enum stream_end end_of(enum weft_status status, enum stream_error error)
{
    if (status != WEFT_OK || error == STREAM_ERROR_CLOSED)
        return STREAM_CLOSED;
    return error == STREAM_ERROR_NO_SPACE ? STREAM_FULL : STREAM_FAILED;
}

enum stream_end stream_write_all(struct stream *stream, const char *bytes, size_t size)
{
    if (stream == NULL)
        return size == 0 ? STREAM_TAKEN : STREAM_CLOSED;
    if (stream->slot == WEFT_NO_SLOT) {
        text_add(stream->memory, bytes, size);
        return STREAM_TAKEN;
    }
    while (size != 0) {
        struct weft_client client = client_of(stream->slot);
        struct stream_u32_error_result result;
        uint32_t count = size < TRANSFER_MAX ? (uint32_t)size : TRANSFER_MAX;
        enum weft_status status =
            stream_write(&client, (struct weft_bytes){ (const uint8_t *)bytes, count }, &result);
        if (status != WEFT_OK || result.failed || result.value == 0)
            return end_of(status, result.failed ? result.error : STREAM_ERROR_IO);
        bytes += result.value;
        size -= result.value;
    }
    return STREAM_TAKEN;
}

/* Waits for the answer; for the deadline, a person's interrupt or a signal that ends the shell:
 * then it is false. */
static bool wait_for_bytes(int64_t question, struct stream_bytes_error_result *result,
                           int64_t deadline)
{
    struct weft_event event;
    struct body_reader reader;
    int32_t kind;
    do {
        int64_t ids[4] = { question };
        uint32_t count = 1 + signal_questions(ids + 1);
        int64_t key = shell.at_terminal ? job_interrupt_question() : 0;
        if (key > 0)
            ids[count++] = key;
        kind = weft_wait(ids, count, &event, buffer, sizeof(buffer), deadline);
    } while (kind == WEFT_EVENT_ANSWER && signal_arrived(&event, buffer) && shell.ended_by == 0);
    if (kind == WEFT_EVENT_ANSWER && event.id == question) {
        body_reader_init(&reader, &event, buffer);
        return event.status == WEFT_OK && stream_read_result_decode(&reader, result);
    }
    weft_answer(question, WEFT_OK, NULL, 0, NULL, 0);
    if (kind == WEFT_EVENT_ANSWER && shell.ended_by == 0) {
        job_interrupt_seen();
        shell.interrupted = true;
    }
    return false;
}

int stream_read_byte(struct stream *stream, char *byte, int64_t deadline)
{
    struct stream_bytes_error_result result;
    if (stream == NULL || stream->slot == WEFT_NO_SLOT)
        return -1;
    struct weft_client client = client_of(stream->slot);
    int64_t question = stream_read_send(&client, 1, WEFT_WANT_ANSWER);
    if (question <= 0 || !wait_for_bytes(question, &result, deadline) || result.failed)
        return -1;
    if (result.value.size != 0)
        *byte = (char)result.value.data[0];
    return result.value.size != 0;
}

bool stream_read_some(struct stream *stream, struct text *text)
{
    struct stream_bytes_error_result result;
    if (stream == NULL || stream->slot == WEFT_NO_SLOT)
        return false;
    struct weft_client client = client_of(stream->slot);
    if (stream_read(&client, TRANSFER_MAX, &result) != WEFT_OK || result.failed)
        return false;
    text_add(text, (const char *)result.value.data, result.value.size);
    return result.value.size != 0;
}

bool stream_is_terminal(struct stream *stream)
{
    enum stream_kind kind;
    if (stream == NULL || stream->slot == WEFT_NO_SLOT)
        return false;
    struct weft_client client = client_of(stream->slot);
    if (!stream->is_known)
        stream->is_terminal =
            stream_kind(&client, &kind) == WEFT_OK && kind == STREAM_KIND_TERMINAL;
    stream->is_known = true;
    return stream->is_terminal;
}

/* ---- Pipes --------------------------------------------------------------------------------------
 */

static void tell_no_pipe(enum weft_status status)
{
    if (status == WEFT_DENIED || status == WEFT_GONE || status == WEFT_NOT_FOUND)
        complain("pipe", "nobody answers `pipe` here; it takes --handle pipe=PROGRAM");
    else
        complain("pipe", "there is no more room for pipes");
}

bool stream_pipe(int32_t *reading, int32_t *writing)
{
    struct pipe_end_end_tuple_error_result result = { .failed = true };
    struct weft_client client = client_of(pipe_slot());
    client.slot = pipe_slot();
    enum weft_status status = pipe_create(&client, 0, &result);
    if (status != WEFT_OK || result.failed) {
        tell_no_pipe(status);
        return false;
    }
    *reading = result.value.f0;
    *writing = result.value.f1;
    return true;
}

static void give(int32_t slot, const char *text, size_t size)
{
    while (size != 0) {
        struct weft_client client = client_of(slot);
        uint32_t count = size < TRANSFER_MAX ? (uint32_t)size : TRANSFER_MAX;
        stream_write_send(&client, (struct weft_bytes){ (const uint8_t *)text, count }, 0);
        text += count;
        size -= count;
    }
}

void stream_give(struct stream *stream, const char *text, size_t size)
{
    if (stream != NULL && stream->slot == WEFT_NO_SLOT)
        text_add(stream->memory, text, size);
    else if (stream != NULL)
        give(stream->slot, text, size);
}

struct stream *stream_of_text(const char *text, size_t size)
{
    int32_t reading, writing;
    if (!stream_pipe(&reading, &writing))
        return NULL;
    give(writing, text, size);
    server_close(&writing, 1);
    return stream_create(reading);
}

struct stream *stream_nothing(void)
{
    struct pipe_end_error_result result = { .failed = true };
    struct weft_client client = client_of(pipe_slot());
    enum weft_status status = pipe_nothing(&client, &result);
    if (status == WEFT_OK && !result.failed)
        return stream_create(result.value);
    tell_no_pipe(status);
    return NULL;
}

/* ---- Output -------------------------------------------------------------------------------------
 */

/* A subshell that nobody reads any more has nothing left to do. */
static void write_or_end(int number, const char *text, size_t size)
{
    if (stream_write_all(descriptors[number], text, size) == STREAM_CLOSED && shell.is_subshell)
        run_exit(STATUS_BROKEN_PIPE);
}

void output(const char *text)
{
    write_or_end(1, text, strlen(text));
}

void output_text(const struct text *text)
{
    write_or_end(1, text_string(text), text->size);
}

/* What a message quotes is anybody's, and moves no cursor: control characters become `?`. */
static void make_visible(struct text *line)
{
    for (size_t i = 0; i < line->size; i++) {
        unsigned char byte = (unsigned char)line->data[i];
        bool is_wide = byte == 0xc2 && i + 1 < line->size &&
                       (unsigned char)line->data[i + 1] >= 0x80 &&
                       (unsigned char)line->data[i + 1] < 0xa0;
        if (is_wide)
            line->data[i++] = '?';
        if (is_wide || byte == 0x7f || (byte < 0x20 && byte != '\n' && byte != '\t'))
            line->data[i] = '?';
    }
}

void complain(const char *about, const char *message)
{
    struct text line = { 0 };
    text_add_string(&line, shell.name);
    text_add_string(&line, ": ");
    if (shell.file != NULL) {
        text_add_string(&line, shell.file);
        text_add_string(&line, ": ");
    }
    if ((!shell.interactive || shell.file != NULL) && shell.line != 0) {
        text_add_string(&line, "line ");
        text_add_number(&line, shell.line);
        text_add_string(&line, ": ");
    }
    if (about != NULL) {
        text_add_string(&line, about);
        text_add_string(&line, ": ");
    }
    text_add_string(&line, message);
    make_visible(&line);
    text_add_char(&line, '\n');
    stream_write_all(descriptors[2], text_string(&line), line.size);
    text_free(&line);
}
