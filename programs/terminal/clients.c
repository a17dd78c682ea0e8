#include "programs/terminal/clients.h"

#include "interface/stream_program.h"
#include "interface/terminal_program.h"
#include "lib/client.h"
#include "lib/server.h"
#include "lib/waiting.h"
#include "programs/terminal/line.h"

enum {
    READ_MAX = 4096, /* bytes of one answer */
    SMALL_ANSWER = 32,
    CONNECTION = 1, /* the badge of all slots that `open` gives */
    MARK = 2,       /* and that of the terminal's own slot to itself */
};

/* Instead of how many bytes are wanted: the question is only whether there are some. */
static const uint64_t READABLE = UINT64_MAX;

static struct {
    const struct side *side;
    struct line line;
    struct waiting reading;
    struct waiting interrupted;
    struct waiting finishing; /* until all is shown */
    struct waiting
        resized; /* for ever: a screen keeps its size, and of a line nobody can know it */
    /* After the interrupt key, what was written before it is forgotten, also what waits here to be
     * taken. A message to itself, which comes behind all of that, is where this ends. */
    int32_t mark;
    bool forgets;
    bool mark_is_due; /* there was no room for it */
} clients;

/* ---- Input ---- */

static void answer_read(int64_t message, uint64_t count)
{
    static uint8_t bytes[READ_MAX], body[READ_MAX + SMALL_ANSWER];
    struct body_writer writer;
    struct stream_bytes_error_result result = { .failed = false };
    uint32_t size = line_take(&clients.line, bytes, count < READ_MAX ? (uint32_t)count : READ_MAX);
    result.value = (struct weft_bytes){ bytes, size };
    body_writer_init(&writer, body, sizeof(body));
    stream_read_answer(&writer, message, &result);
}

static void answer_readable(int64_t message)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_u64_error_result result = { .value = line_ready_size(&clients.line) };
    body_writer_init(&writer, body, sizeof(body));
    stream_readable_answer(&writer, message, &result);
}

static void settle_readers(void)
{
    while (clients.reading.count > 0 && line_is_ready(&clients.line)) {
        struct waiting_message first = clients.reading.list[0];
        waiting_remove(&clients.reading, first.id);
        if (first.number == READABLE)
            answer_readable(first.id);
        else
            answer_read(first.id, first.number);
    }
}

static void settle_interrupted(void)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    while (clients.interrupted.count > 0) {
        int64_t message = clients.interrupted.list[0].id;
        waiting_remove(&clients.interrupted, message);
        body_writer_init(&writer, body, sizeof(body));
        terminal_interrupted_answer(&writer, message);
    }
    clients.line.takes_interrupt = false;
}

static void send_mark(void)
{
    int64_t sent = weft_send(clients.mark, NULL, 0, NULL, 0, WEFT_NO_WAIT);
    clients.mark_is_due = sent == -WEFT_WOULD_BLOCK;
    clients.forgets = sent == 0 || clients.mark_is_due;
}

static void interrupt(void)
{
    clients.side->discard();
    if (!clients.forgets)
        send_mark();
    line_show_interrupt(&clients.line);
    settle_interrupted();
}

void clients_type(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (line_type(&clients.line, bytes[i]) == LINE_INTERRUPT)
            interrupt();
    settle_readers();
}

static enum weft_status let_wait(struct waiting *waiting, int64_t message, uint64_t number)
{
    if (message == 0)
        return WEFT_OK; /* no answer is wanted */
    return waiting_add(waiting, message, number) ? WEFT_OK : WEFT_LIMIT;
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct stream_read_arguments *arguments)
{
    (void)context;
    if (arguments->count == 0)
        return WEFT_INVALID;
    enum weft_status status = let_wait(&clients.reading, event->id, arguments->count);
    settle_readers();
    return status;
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = let_wait(&clients.reading, event->id, READABLE);
    settle_readers();
    return status;
}

/* ---- Output ---- */

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct stream_write_arguments *arguments)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_u32_error_result result = { .value = arguments->bytes.size };
    if (!clients.forgets)
        clients.side->show(arguments->bytes.data, arguments->bytes.size);
    if (event->id == 0)
        return WEFT_OK;
    body_writer_init(&writer, body, sizeof(body));
    return stream_write_answer(&writer, event->id, &result);
}

static enum weft_status on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_u64_error_result result = { .value = 1 };
    body_writer_init(&writer, body, sizeof(body));
    return stream_writable_answer(&writer, event->id, &result);
}

static enum weft_status on_kind(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    enum stream_kind kind = STREAM_KIND_TERMINAL;
    body_writer_init(&writer, body, sizeof(body));
    return stream_kind_answer(&writer, event->id, &kind);
}

/* A terminal has no end that its other side could see; but who asks knows then that all was. */
static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = let_wait(&clients.finishing, event->id, 0);
    clients.side->flush();
    return status;
}

void clients_shown(void)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct stream_none_error_result result = { .failed = false };
    while (clients.finishing.count > 0) {
        int64_t message = clients.finishing.list[0].id;
        waiting_remove(&clients.finishing, message);
        body_writer_init(&writer, body, sizeof(body));
        stream_finish_answer(&writer, message, &result);
    }
}

/* ---- The terminal itself ---- */

static enum weft_status on_open(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    int32_t slot = server_mint(STREAM_INTERFACE_HASH, CONNECTION);
    if (slot == WEFT_NO_SLOT)
        return WEFT_LIMIT;
    body_writer_init(&writer, body, sizeof(body));
    enum weft_status status = terminal_open_answer(&writer, event->id, &slot);
    if (status != WEFT_OK)
        server_close(&slot, 1);
    return status;
}

static enum weft_status on_size(void *context, const struct weft_event *event)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct terminal_size_error_result result = { .value = clients.side->size };
    body_writer_init(&writer, body, sizeof(body));
    return terminal_size_answer(&writer, event->id, &result);
}

static enum weft_status on_set_mode(void *context, const struct weft_event *event,
                                    const struct terminal_set_mode_arguments *arguments)
{
    (void)context;
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct terminal_none_error_result result = { .failed = false };
    line_set_mode(&clients.line, (arguments->mode & TERMINAL_MODE_RAW) != 0,
                  (arguments->mode & TERMINAL_MODE_NO_ECHO) != 0);
    settle_readers();
    if (event->id == 0)
        return WEFT_OK;
    body_writer_init(&writer, body, sizeof(body));
    return terminal_set_mode_answer(&writer, event->id, &result);
}

static enum weft_status on_interrupted(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = let_wait(&clients.interrupted, event->id, 0);
    clients.line.takes_interrupt = clients.interrupted.count > 0;
    return status;
}

static enum weft_status on_resized(void *context, const struct weft_event *event,
                                   const struct terminal_resized_arguments *arguments)
{
    struct terminal_size known = arguments->known, size = clients.side->size;
    if (known.columns != size.columns || known.rows != size.rows)
        return on_size(context, event);
    return let_wait(&clients.resized, event->id, 0);
}

/* ---- Messages ---- */

enum weft_status clients_take(const struct weft_event *event, struct body_reader *reader)
{
    static const struct stream_server stream = { on_read,     on_write, on_readable,
                                                 on_writable, on_kind,  on_finish };
    static const struct terminal_server terminal = { on_open, on_size, on_set_mode, on_interrupted,
                                                     on_resized };
    if (clients.mark_is_due)
        send_mark();
    if (event->badge == MARK) {
        clients.forgets = false;
        return WEFT_OK;
    }
    if (event->interface == STREAM_INTERFACE_ID)
        return stream_dispatch(&stream, NULL, event, reader);
    if (event->interface == TERMINAL_INTERFACE_ID)
        return terminal_dispatch(&terminal, NULL, event, reader);
    return WEFT_NOT_FOUND;
}

void clients_forget(int64_t message)
{
    waiting_remove(&clients.reading, message);
    waiting_remove(&clients.interrupted, message);
    waiting_remove(&clients.resized, message);
    waiting_remove(&clients.finishing, message);
    clients.line.takes_interrupt = clients.interrupted.count > 0;
}

static void on_echo(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    clients.side->show(bytes, size);
}

void clients_init(const struct side *side)
{
    clients.side = side;
    clients.line.echo = on_echo;
    clients.mark = server_mint(STREAM_INTERFACE_HASH, MARK);
}
