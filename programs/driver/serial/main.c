/* The driver of a 16550 serial port: handles `serial`, the line for one holder at a time, who moves its
 * bytes by `stream`.
 *
 * Arguments: the device (`serial0` if not given), bits a second (115200), and `flow` if the other
 * side minds the wires that say who may send. */
#include "lib/main.h"
#include "interface/serial_program.h"
#include "interface/stream_program.h"
#include "lib/driver.h"
#include "lib/memory.h"
#include "lib/server.h"
#include "lib/start.h"
#include "lib/waiting.h"
#include "programs/driver/serial/output.h"
#include "programs/driver/serial/received.h"
#include "programs/driver/serial/uart.h"

enum {
    READ_MAX_BYTES = 4096, /* of one answer */
    WRITE_MAX_BYTES = 1 << 14,
    BODY_HEAD = 64,
    ROUNDS_MAX = 16,    /* that the device gets before others are listened to */
    BYTES_AT_ONCE = 64, /* of each */
    USUAL_SPEED = 115200,
    IDLE_POLL_NS = 1000000,
    PATIENCE_NS = 1000000000, /* of who opens the line while another has it */
};

static struct driver driver;
static struct driver_interrupt interrupt;
static struct uart uart;
static struct received received;
static struct output output;
static struct waiting readers;
static struct waiting readable;
static struct waiting writable;
static struct waiting finishing; /* until all is on the wire */
static struct waiting openers;   /* and until when */
static bool is_holding;          /* the other side was told not to send */
static bool is_unfinished;       /* the device may want more */
static uint64_t told_lost;

/* The badge of the holder's slot counts holders, so the end of an earlier one is never taken for that of
 * a later one. */
static struct {
    uint64_t badge; /* 0: nobody has the line */
    uint64_t count; /* of all holders so far */
} holder;

static struct body_writer *new_answer(void)
{
    static uint8_t body[READ_MAX_BYTES + BODY_HEAD];
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

/* ---- What has come --------------------------------------------------------------------------- */

/* Bytes are gone only once somebody has them. */
static void answer_reader(void)
{
    static uint8_t bytes[READ_MAX_BYTES];
    struct waiting_message reader = readers.list[0];
    uint32_t most = reader.number < READ_MAX_BYTES ? (uint32_t)reader.number : READ_MAX_BYTES;
    struct stream_bytes_error_result result = {
        .value = { bytes, received_look(&received, bytes, most) },
    };
    waiting_remove(&readers, reader.id);
    if (stream_read_answer(new_answer(), reader.id, &result) == WEFT_OK)
        received_drop(&received, result.value.size);
}

static void give(void)
{
    struct stream_u64_error_result there = { .value = received.size };
    for (; readable.count != 0 && received.size != 0;
         waiting_remove(&readable, readable.list[0].id))
        stream_readable_answer(new_answer(), readable.list[0].id, &there);
    while (readers.count != 0 && received.size != 0)
        answer_reader();
    if (is_holding && received.size <= RECEIVED_LOW_BYTES) {
        is_holding = false;
        uart_let_send(&uart, true);
    }
}

/* Told at the first and whenever it has become twice as many, so that a bad line fills no log. */
static void tell_lost(void)
{
    if (received.lost < 2 * told_lost || received.lost == told_lost)
        return;
    told_lost = received.lost;
    driver_say_count(&driver, "bytes that came were lost: ", told_lost);
}

static bool is_nobodys(void)
{
    return holder.badge == 0 && holder.count != 0;
}

static void receive(void)
{
    struct uart_byte byte;
    for (uint32_t i = 0; i < BYTES_AT_ONCE && uart_receive(&uart, &byte); i++) {
        if (is_nobodys())
            continue;
        received.lost += byte.is_behind_lost;
        if (!byte.is_break)
            received_put(&received, byte.value);
    }
    if (!is_holding && received.size >= RECEIVED_HIGH_BYTES) {
        is_holding = true;
        uart_let_send(&uart, false);
    }
    tell_lost();
}

/* ---- What is to go --------------------------------------------------------------------------- */

static void send(void)
{
    uint8_t bytes[UART_QUEUE_BYTES];
    uint32_t count = output_take(&output, bytes, uart_room(&uart));
    if (count != 0)
        uart_send(&uart, (struct weft_bytes){ bytes, count });
    uart_tell_room(&uart, output_size(&output) != 0);
}

static void answer_writers(void)
{
    struct output_write write;
    while (output_next_done(&output, &write)) {
        struct stream_u32_error_result result = { .value = write.size };
        stream_write_answer(new_answer(), write.id, &result);
    }
    struct stream_u64_error_result room = { .value = OUTPUT_BYTES - output_size(&output) };
    for (; writable.count != 0 && output_size(&output) <= OUTPUT_LOW_BYTES;
         waiting_remove(&writable, writable.list[0].id))
        stream_writable_answer(new_answer(), writable.list[0].id, &room);
}

/* The last byte is on its way for a while, of whose end no interrupt tells. */
static void answer_finishing(void)
{
    struct stream_none_error_result result = { .failed = false };
    if (finishing.count == 0 || output_size(&output) != 0 || !uart_is_idle(&uart))
        return;
    for (; finishing.count != 0; waiting_remove(&finishing, finishing.list[0].id))
        stream_finish_answer(new_answer(), finishing.list[0].id, &result);
}

/* ---- The holder's stream --------------------------------------------------------------------- */

static enum weft_status await(struct waiting *waiting, const struct weft_event *event,
                              uint64_t number)
{
    if (event->id == 0)
        return WEFT_INVALID;
    return waiting_add(waiting, event->id, number) ? WEFT_OK : WEFT_LIMIT;
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct stream_read_arguments *arguments)
{
    (void)context;
    if (arguments->count == 0)
        return WEFT_INVALID;
    enum weft_status status = await(&readers, event, arguments->count);
    give();
    return status;
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = await(&readable, event, 0);
    give();
    return status;
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct stream_write_arguments *arguments)
{
    (void)context;
    if (!output_put(&output, event->id, arguments->bytes))
        return WEFT_LIMIT;
    send();
    answer_writers();
    return WEFT_OK;
}

static enum weft_status on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = await(&writable, event, 0);
    answer_writers();
    return status;
}

static enum weft_status on_kind(void *context, const struct weft_event *event)
{
    enum stream_kind kind = STREAM_KIND_OTHER;
    (void)context;
    return stream_kind_answer(new_answer(), event->id, &kind);
}

/* A line has no end that its other side could see; but who asks knows then that all was sent. */
static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    (void)context;
    enum weft_status status = await(&finishing, event, 0);
    answer_finishing();
    return status;
}

static void on_withdrawn(int64_t id)
{
    if (!waiting_remove(&readers, id) && !waiting_remove(&readable, id) &&
        !waiting_remove(&writable, id) && !waiting_remove(&finishing, id) &&
        !waiting_remove(&openers, id))
        output_forget(&output, id);
}

/* ---- Whose the line is ----------------------------------------------------------------------- */

static enum weft_status answer_open(int64_t message, bool is_busy)
{
    struct serial_line_error_result result = { .failed = is_busy, .error = SERIAL_ERROR_BUSY };
    if (is_busy)
        return serial_open_answer(new_answer(), message, &result);
    result.value = server_mint(STREAM_INTERFACE_HASH, holder.count + 1);
    if (result.value == WEFT_NO_SLOT)
        return WEFT_LIMIT;
    holder.badge = ++holder.count;
    enum weft_status status = serial_open_answer(new_answer(), message, &result);
    if (status != WEFT_OK)
        server_close(&result.value, 1); /* and its end gives the line back */
    return status;
}

/* Who closes a file may open it again before its end has come here. */
static enum weft_status on_open(void *context, const struct weft_event *event)
{
    (void)context;
    return holder.badge != 0 ? await(&openers, event, driver_now() + PATIENCE_NS)
                             : answer_open(event->id, false);
}

static void answer_openers(void)
{
    while (openers.count != 0 && (holder.badge == 0 || openers.list[0].number <= driver_now())) {
        int64_t id = openers.list[0].id;
        waiting_remove(&openers, id);
        enum weft_status status = answer_open(id, holder.badge != 0);
        if (status != WEFT_OK)
            weft_answer(id, (int32_t)status, NULL, 0, NULL, 0);
    }
}

static void refuse_all(struct waiting *waiting)
{
    while (waiting->count != 0) {
        int64_t id = waiting->list[0].id;
        waiting_remove(waiting, id);
        weft_answer(id, WEFT_GONE, NULL, 0, NULL, 0);
    }
}

/* The next one finds nothing of what was the last one's. */
static void on_closed(uint64_t badge)
{
    if (badge != holder.badge)
        return;
    holder.badge = 0;
    refuse_all(&readers);
    refuse_all(&readable);
    refuse_all(&writable);
    refuse_all(&finishing);
    while (output.write_count != 0) {
        int64_t id = output.writes[0].id;
        output_forget(&output, id);
        weft_answer(id, WEFT_GONE, NULL, 0, NULL, 0);
    }
    received_drop(&received, received.size);
    give();
    answer_openers();
}

static enum weft_status on_message(const struct weft_event *event, struct body_reader *reader)
{
    static const struct serial_server serial = { .open = on_open };
    static const struct stream_server stream = {
        .read = on_read,
        .write = on_write,
        .readable = on_readable,
        .writable = on_writable,
        .kind = on_kind,
        .finish = on_finish,
    };
    if (event->interface == SERIAL_INTERFACE_ID)
        return serial_dispatch(&serial, NULL, event, reader);
    if (event->badge == 0 || event->badge != holder.badge)
        return WEFT_GONE;
    return stream_dispatch(&stream, NULL, event, reader);
}

/* ---- Start and loop -------------------------------------------------------------------------- */

static void look(void)
{
    uint32_t rounds = 0;
    for (; rounds < ROUNDS_MAX && uart_wants(&uart); rounds++) {
        receive();
        send();
    }
    is_unfinished = rounds == ROUNDS_MAX;
    give();
    answer_writers();
    answer_finishing();
    answer_openers();
}

static int64_t deadline(void)
{
    uint64_t due = UINT64_MAX;
    if (is_unfinished)
        return 0;
    if (finishing.count != 0 && output_size(&output) == 0)
        due = driver_now() + IDLE_POLL_NS;
    if (openers.count != 0 && openers.list[0].number < due)
        due = openers.list[0].number;
    return due == UINT64_MAX ? -1 : (int64_t)due;
}

static uint32_t number_of(struct weft_bytes text)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < text.size; i++)
        number = text.data[i] >= '0' && text.data[i] <= '9' && number < UINT32_MAX / 10
                     ? number * 10 + text.data[i] - '0'
                     : 0;
    return (uint32_t)number;
}

static void start(void)
{
    const struct system_start_record *record = start_record();
    uint32_t count = record == NULL ? 0 : record->arguments.count;
    const struct weft_bytes *arguments = count == 0 ? NULL : record->arguments.data;
    driver_claim(&driver, count > 1 ? arguments[1] : WEFT_BYTES("serial0"));
    uart.has_flow =
        count > 3 && arguments[3].size == 4 && memcmp(arguments[3].data, "flow", 4) == 0;
    if (!uart_start(&uart, &driver, count > 2 ? number_of(arguments[2]) : USUAL_SPEED))
        driver_fail(&driver, "nothing is there, or it has no such speed");
    interrupt = driver_interrupt(&driver, 0);
    driver_arm(&driver, &interrupt);
    look();
}

int weft_main(void)
{
    static _Alignas(8) uint8_t buffer[(WRITE_MAX_BYTES + BODY_HEAD) * (1 + BODY_SCRATCH_FACTOR)];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    start();
    for (;;) {
        int32_t kind = server_wait(&server, deadline());
        if (kind == WEFT_EVENT_MESSAGE) {
            server_finish(&server, on_message(&server.event, &server.reader));
        } else if (driver_is_interrupt(&interrupt, &server.event)) {
            driver_arm(&driver, &interrupt);
            look();
        } else if (kind == WEFT_EVENT_WITHDRAWN) {
            on_withdrawn(server.event.id);
        } else if (kind == WEFT_EVENT_CLOSED) {
            on_closed(server.event.badge);
        } else if (kind == WEFT_EVENT_NONE) {
            look();
        }
    }
}
