/* The interfaces `stream` and `terminal` before the terminal. */
#include "platform/bare/terminal.h"

#include "interface/stream.h"
#include "interface/terminal.h"
#include "platform/bare/console.h"
#include "platform/common/native_message.h"

struct native *terminal_stream;
struct native *terminal_native;

enum { SMALL_ANSWER_BYTES = 16 };

/* ---- Answers ---- */

void terminal_answer_read(i64 id, u8 *buffer, u32 size)
{
    struct body_writer writer;
    struct stream_bytes_error_result result = {
        .value = { buffer + TERMINAL_ANSWER_BYTES, size },
    };
    body_writer_init(&writer, buffer, TERMINAL_ANSWER_BYTES + size);
    stream_read_result_encode(&writer, &result);
    native_message_answer(terminal_stream, id, &writer);
}

void terminal_answer_readable(i64 id, u64 size)
{
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct stream_u64_error_result result = { .value = size };
    body_writer_init(&writer, small, sizeof(small));
    stream_readable_result_encode(&writer, &result);
    native_message_answer(terminal_stream, id, &writer);
}

void terminal_answer_interrupted(i64 id)
{
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    body_writer_init(&writer, small, sizeof(small));
    terminal_interrupted_result_encode(&writer);
    native_message_answer(terminal_native, id, &writer);
}

/* ---- stream ---- */

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct stream_read_arguments *arguments)
{
    (void)context;
    return terminal_submit(event->id, TERMINAL_READ, arguments->count);
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    return terminal_submit(event->id, TERMINAL_READABLE, 0);
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct stream_write_arguments *arguments)
{
    (void)context;
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct stream_u32_error_result result = { .value = arguments->bytes.size };
    console_write((struct bytes){ arguments->bytes.data, arguments->bytes.size }, true);
    body_writer_init(&writer, small, sizeof(small));
    stream_write_result_encode(&writer, &result);
    native_message_answer(terminal_stream, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    terminal_answer_readable(event->id, 1); /* the same form */
    return WEFT_OK;
}

static enum weft_status on_kind(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    enum stream_kind kind = STREAM_KIND_TERMINAL;
    body_writer_init(&writer, small, sizeof(small));
    stream_kind_result_encode(&writer, &kind);
    native_message_answer(terminal_stream, event->id, &writer);
    return WEFT_OK;
}

/* A terminal has no end that its other side could see. */
static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct stream_none_error_result result = { .failed = false };
    body_writer_init(&writer, small, sizeof(small));
    stream_finish_result_encode(&writer, &result);
    native_message_answer(terminal_stream, event->id, &writer);
    return WEFT_OK;
}

static void on_stream_message(void *context, const struct native_message *message)
{
    static const struct stream_server server = {
        .read = on_read,
        .write = on_write,
        .readable = on_readable,
        .writable = on_writable,
        .kind = on_kind,
        .finish = on_finish,
    };
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = stream_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        native_message_refuse(terminal_stream, message, status);
}

/* ---- terminal ---- */

static enum weft_status on_open(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    i32 slot;
    if (terminal_mint(terminal_native, &slot) != STATUS_OK)
        return WEFT_LIMIT;
    body_writer_init(&writer, small, sizeof(small));
    terminal_open_result_encode(&writer, &slot);
    native_message_answer(terminal_native, event->id, &writer);
    return WEFT_OK;
}

/* What serial lines are taken for; there is nobody to ask. */
static const struct terminal_size usual_size = { 80, 24 };

static enum weft_status on_size(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct terminal_size_error_result result = { .value = usual_size };
    body_writer_init(&writer, small, sizeof(small));
    terminal_size_result_encode(&writer, &result);
    native_message_answer(terminal_native, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_set_mode(void *context, const struct weft_event *event,
                                    const struct terminal_set_mode_arguments *arguments)
{
    (void)context;
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct terminal_none_error_result result = { .failed = false };
    terminal_set_mode(arguments->mode, event->sender);
    body_writer_init(&writer, small, sizeof(small));
    terminal_set_mode_result_encode(&writer, &result);
    native_message_answer(terminal_native, event->id, &writer);
    return WEFT_OK;
}

static enum weft_status on_interrupted(void *context, const struct weft_event *event)
{
    (void)context;
    return terminal_submit(event->id, TERMINAL_INTERRUPTED, 0);
}

/* Waits for ever if the size is known already: it does not change. */
static enum weft_status on_resized(void *context, const struct weft_event *event,
                                   const struct terminal_resized_arguments *arguments)
{
    struct terminal_size known = arguments->known;
    if (known.columns == usual_size.columns && known.rows == usual_size.rows)
        return WEFT_OK;
    return on_size(context, event);
}

/* Jobs and their key are for the terminal that is a process (programs/terminal): there is none that
 * the functions of jobs could come to either. */
static enum weft_status on_stopped(void *context, const struct weft_event *event)
{
    (void)context;
    (void)event;
    return WEFT_NOT_FOUND;
}

static enum weft_status on_job(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[SMALL_ANSWER_BYTES];
    struct body_writer writer;
    struct terminal_job_error_result result = { .failed = true,
                                                .error = TERMINAL_ERROR_UNSUPPORTED };
    body_writer_init(&writer, small, sizeof(small));
    terminal_job_result_encode(&writer, &result);
    native_message_answer(terminal_native, event->id, &writer);
    return WEFT_OK;
}

static void on_terminal_message(void *context, const struct native_message *message)
{
    static const struct terminal_server server = {
        .open = on_open,
        .size = on_size,
        .set_mode = on_set_mode,
        .interrupted = on_interrupted,
        .resized = on_resized,
        .stopped = on_stopped,
        .job = on_job,
        .job_open = on_stopped,
        .job_front = on_stopped,
        .job_back = on_stopped,
        .job_stopped = on_stopped,
    };
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = terminal_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        native_message_refuse(terminal_native, message, status);
}

/* ---- Both ---- */

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    terminal_withdraw(id);
}

enum status terminal_mint(struct native *receiver, i32 *slot)
{
    return native_mint_for(receiver, terminal_stream, STREAM_INTERFACE_ID, 0, slot);
}

static enum status start(const struct native_operations *operations, struct interface_key key,
                         struct native **native)
{
    enum status status = native_create(operations, NULL, native);
    return status == STATUS_OK ? native_bind(*native, silo_root(), &key) : status;
}

enum status terminal_handlers_init(void)
{
    static const struct native_operations stream = { "stream", on_stream_message, NULL,
                                                     on_withdrawn };
    static const struct native_operations terminal = { "terminal", on_terminal_message, NULL,
                                                       on_withdrawn };
    enum status status =
        start(&stream, native_key(STREAM_INTERFACE_NAME, STREAM_INTERFACE_HASH), &terminal_stream);
    if (status == STATUS_OK)
        status = start(&terminal, native_key(TERMINAL_INTERFACE_NAME, TERMINAL_INTERFACE_HASH),
                       &terminal_native);
    return status;
}

void terminal_handlers_deinit(void)
{
    if (terminal_native != NULL)
        native_destroy(terminal_native);
    if (terminal_stream != NULL)
        native_destroy(terminal_stream);
}
