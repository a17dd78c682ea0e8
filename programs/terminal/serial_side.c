/* A serial line: what is written goes to another stream, what is typed comes from it. The line's
 * own terminal draws. One message each way is under way. */
#include "abi/screen_text.h"
#include "interface/serial_program.h"
#include "interface/stream_program.h"
#include "lib/client.h"
#include "lib/memory.h"
#include "lib/server.h"
#include "programs/terminal/side.h"

enum {
    OUT_MAX = 1 << 14,
    PIECE_MAX = 512, /* of a message to the line, and from it */
    FILTERED = 256,  /* bytes at a time */
    COLUMNS = 80,    /* what serial lines are taken for; there is nobody to ask */
    ROWS = 24,
};

static const uint64_t AGAIN_NS = 250000000;

static struct {
    int32_t handler; /* who gives the line; WEFT_NO_SLOT: it was there from the start */
    int32_t slot;    /* the line; WEFT_NO_SLOT: it is not had now */
    int64_t reading; /* the question under way; 0: none */
    int64_t writing;
    uint64_t again; /* when the line is asked again, if it did not answer; 0: it did */
    uint8_t out[OUT_MAX];
    uint32_t out_size;
    uint32_t sent; /* of `out`, in the message under way */
    bool is_showing;
    bool skips; /* the rest of what is being shown */
    bool forgets; /* what is typed */
    bool has_forgotten; /* something */
    struct screen_text text;
    struct screen_text begun; /* what `text` was before a question */
    bool is_flushing;
    int64_t flushing; /* the question whether the line has sent all; 0: none */
} serial;

static struct weft_client client_of(void *buffer, uint32_t capacity)
{
    return (struct weft_client){ .slot = serial.slot, .buffer = buffer, .capacity = capacity };
}

/* ---- The line ---- */

/* Waits for a driver that is being started anew: without one there is nothing else to do. False:
 * somebody else has the line, or nobody drives it. */
static bool have_line(void)
{
    _Alignas(8) uint8_t buffer[64];
    struct weft_client client = { .slot = serial.handler,
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct serial_line_error_result result;
    if (serial.slot != WEFT_NO_SLOT)
        return true;
    if (serial_open(&client, &result) != WEFT_OK || result.failed)
        return false;
    serial.slot = result.value;
    return true;
}

static void withdraw(int64_t *question)
{
    if (*question != 0)
        weft_answer(*question, WEFT_OK, NULL, 0, NULL, 0);
    *question = 0;
}

static void end_flush(void)
{
    serial.is_flushing = false;
    serial.flushing = 0;
    clients_shown();
}

/* Nothing that was asked on it is answered any more. */
static void lose_line(void)
{
    if (serial.handler == WEFT_NO_SLOT || serial.slot == WEFT_NO_SLOT)
        return;
    withdraw(&serial.reading);
    withdraw(&serial.writing);
    withdraw(&serial.flushing);
    serial.sent = 0;
    server_close(&serial.slot, 1);
    serial.slot = WEFT_NO_SLOT;
    if (serial.is_flushing)
        end_flush();
}

/* ---- Questions ---- */

/* What was sent is under way by this number; 0: it could not be, and with a dead line that is lost. */
static int64_t under_way(int64_t sent)
{
    if (sent == -WEFT_GONE)
        lose_line();
    return sent > 0 ? sent : 0;
}

static void ask(void)
{
    _Alignas(8) uint8_t buffer[64];
    if (!have_line())
        return;
    struct weft_client client = client_of(buffer, sizeof(buffer));
    serial.reading =
        under_way(stream_read_send(&client, PIECE_MAX, WEFT_WANT_ANSWER | WEFT_NO_WAIT));
}

/* A line that died meanwhile is had anew, once. */
static void write_piece(void)
{
    enum { TRIES = 2 };
    _Alignas(8) uint8_t buffer[PIECE_MAX + 64];
    uint32_t size = serial.out_size < PIECE_MAX ? serial.out_size : (uint32_t)PIECE_MAX;
    if (serial.writing != 0 || size == 0)
        return;
    for (uint32_t i = 0; i < TRIES && serial.writing == 0 && have_line(); i++) {
        struct weft_client client = client_of(buffer, sizeof(buffer));
        serial.writing = under_way(stream_write_send(
            &client, (struct weft_bytes){ serial.out, size }, WEFT_WANT_ANSWER));
    }
    serial.sent = serial.writing != 0 ? size : 0;
}

/* Once the line has all, it is asked to say when all is sent. */
static void flush_line(void)
{
    _Alignas(8) uint8_t buffer[64];
    struct weft_client client = client_of(buffer, sizeof(buffer));
    if (!serial.is_flushing || serial.flushing != 0 || serial.out_size != 0)
        return;
    serial.flushing = under_way(stream_finish_send(&client, WEFT_WANT_ANSWER | WEFT_NO_WAIT));
    if (serial.flushing == 0)
        end_flush();
}

/* ---- Answers ---- */

static bool on_read(struct body_reader *reader)
{
    struct stream_bytes_error_result result;
    serial.reading = 0;
    if (!stream_read_result_decode(reader, &result) || result.failed || result.value.size == 0)
        return false;
    if (!serial.forgets)
        clients_type(result.value.data, result.value.size);
    serial.has_forgotten = true;
    ask();
    return serial.reading != 0;
}

static bool on_written(struct body_reader *reader)
{
    struct stream_u32_error_result result;
    serial.writing = 0;
    serial.sent = 0;
    if (!stream_write_result_decode(reader, &result) || result.failed ||
        result.value > serial.out_size)
        return false;
    serial.out_size -= result.value;
    memmove(serial.out, serial.out + result.value, serial.out_size);
    write_piece();
    flush_line();
    return serial.writing != 0 || serial.out_size == 0;
}

/* Whatever fails is tried again a little later: a driver that was started anew knows nothing. */
static bool serial_answered(const struct weft_event *event, struct body_reader *reader)
{
    bool is_well = true;
    if (event->id == serial.flushing && serial.is_flushing)
        end_flush();
    else if (event->id == serial.reading)
        is_well = on_read(reader);
    else if (event->id == serial.writing)
        is_well = on_written(reader);
    else
        return false;
    if (is_well)
        return true;
    lose_line();
    if (serial.again == 0)
        serial.again = 1; /* now, and `attend` says when */
    return true;
}

/* ---- What is shown ---- */

/* Waits for the line, while keys go on being read. */
static void await_line(void)
{
    _Alignas(8) uint8_t buffer[PIECE_MAX + 64];
    struct weft_event event;
    struct body_reader reader;
    int64_t ids[2] = { serial.writing, serial.reading };
    uint32_t count = serial.reading != 0 ? 2 : 1;
    int32_t kind = weft_wait(ids, count, &event, buffer, sizeof(buffer), -1);
    if (kind == -WEFT_TOO_LARGE) {
        weft_answer(event.id, WEFT_OK, NULL, 0, NULL, 0);
        event.size = 0; /* so it is malformed */
    } else if (kind != WEFT_EVENT_ANSWER) {
        serial.writing = 0;
        serial.out_size = serial.sent = 0;
        return;
    }
    body_reader_init(&reader, &event, buffer);
    serial_answered(&event, &reader);
}

/* Until no more than so much is left. What is shown meanwhile, an echo, only takes what room there is. */
static void drain(uint32_t size)
{
    while (serial.out_size > size && !serial.is_showing) {
        serial.is_showing = true;
        write_piece();
        if (serial.writing != 0)
            await_line();
        else
            serial.out_size = serial.sent = 0; /* nobody is there */
        serial.is_showing = false;
    }
}

static void put(uint8_t byte)
{
    drain(OUT_MAX - 1);
    if (serial.out_size < OUT_MAX)
        serial.out[serial.out_size++] = byte;
}

/* A new line also goes back to the left edge. */
static void show_piece(const uint8_t *bytes, size_t size)
{
    uint8_t passed[FILTERED + SCREEN_TEXT_HELD_MAX];
    size_t count = screen_text_filter(&serial.text, bytes, size, passed);
    for (size_t i = 0; i < count && (serial.is_showing || !serial.skips); i++) {
        if (passed[i] == '\n')
            put('\r');
        put(passed[i]);
    }
}

static void serial_show(const uint8_t *bytes, size_t size)
{
    if (!serial.is_showing)
        serial.skips = false;
    for (size_t i = 0; i < size; i += FILTERED)
        show_piece(bytes + i, size - i < FILTERED ? size - i : (size_t)FILTERED);
    drain(0); /* who is answered may end at once, and the system with it */
}

static void serial_discard(void)
{
    serial.out_size = serial.sent;
    serial.skips = true;
}

static void serial_flush(void)
{
    serial.is_flushing = true;
    write_piece();
    flush_line();
}

/* ---- Questions ---- */

/* Until all is on the wire; then whatever was typed before has been answered, too: the line does one
 * after the other. */
static void await_sent(void)
{
    _Alignas(8) uint8_t buffer[PIECE_MAX + 64];
    struct weft_client client = client_of(buffer, sizeof(buffer));
    struct weft_event event;
    struct body_reader reader;
    int64_t ids[2] = { stream_finish_send(&client, WEFT_WANT_ANSWER), 0 };
    while (ids[0] > 0) {
        ids[1] = serial.reading;
        int32_t kind = weft_wait(ids, ids[1] == 0 ? 1 : 2, &event, buffer, sizeof(buffer), -1);
        if (kind != WEFT_EVENT_ANSWER || event.id == ids[0])
            return;
        body_reader_init(&reader, &event, buffer);
        serial_answered(&event, &reader);
    }
}

/* Who types without end is not waited for. */
static void forget_typed(void)
{
    enum { ROUNDS_MAX = 64 };
    serial.has_forgotten = true;
    for (uint32_t i = 0; serial.has_forgotten && i < ROUNDS_MAX; i++) {
        serial.has_forgotten = false;
        await_sent();
    }
}

/* Its last byte is shown when the rest is. */
static void serial_put_question(struct weft_bytes before, struct weft_bytes text)
{
    serial.begun = serial.text;
    serial.text = (struct screen_text){ 0 };
    serial.forgets = true;
    serial_show(before.data, before.size);
    serial_show(text.data, text.size - 1);
    forget_typed();
    serial_show(text.data + text.size - 1, 1);
    serial.forgets = false;
}

static void serial_end_question(bool is_withdrawn)
{
    static const struct weft_bytes gone = WEFT_BYTES("\n(the question is withdrawn)\n");
    if (is_withdrawn)
        serial_show(gone.data, gone.size);
    serial.text = serial.begun;
}

/* ---- The side ---- */

static int64_t serial_question(void)
{
    return serial.reading;
}

static void serial_attend(uint64_t now)
{
    if (serial.again == 0)
        return;
    if (serial.again == 1)
        serial.again = now + AGAIN_NS;
    if (now < serial.again)
        return;
    serial.again = 0;
    if (serial.reading == 0)
        ask();
    write_piece();
    if (serial.reading == 0)
        serial.again = now + AGAIN_NS;
}

static int64_t serial_deadline(void)
{
    return serial.again == 0 ? -1 : (int64_t)serial.again;
}

const struct side *serial_side_start(int32_t handler, int32_t line)
{
    static const struct side side = {
        .size = { COLUMNS, ROWS },
        .show = serial_show,
        .tell = serial_show,
        .show_again = serial_show,
        .discard = serial_discard,
        .flush = serial_flush,
        .question = serial_question,
        .answered = serial_answered,
        .attend = serial_attend,
        .deadline = serial_deadline,
        .put_question = serial_put_question,
        .end_question = serial_end_question,
    };
    serial.handler = handler;
    serial.slot = line;
    serial.again = 1;
    return &side;
}
