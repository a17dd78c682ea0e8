/* A question stands until its line is typed. The process waits for nothing else meanwhile, so what
 * programs send stays where it is, and counts against their limits. */
#include "programs/terminal/attention.h"

#include "interface/attention_program.h"
#include "lib/memory.h"
#include "lib/weft.h"
#include "programs/terminal/clients.h"
#include "programs/terminal/line.h"

enum {
    BODY_MAX = 1 << 13, /* what a keyboard or a line answers */
    SCRATCH = 1 << 14,
    SMALL_ANSWER = 32,
    ANSWER_MAX = LINE_BYTES_MAX + SMALL_ANSWER,
};

enum state { IDLE, ASKING, TYPED, ENDED, WITHDRAWN };

static struct {
    const struct side *side;
    struct line line;
    enum state state;
} attention;

/* Whatever was being shown is over: a sequence that was begun, colours, line drawing. */
static const struct weft_bytes prologue = WEFT_BYTES("\x18\x1b(B\x0f\x1b[0m\x1b[?25h\r\n");

/* ---- What is typed ---- */

bool attention_type(uint8_t byte)
{
    if (attention.state != ASKING)
        return false;
    /* Whoever waits for the interrupt key ends what asks; without them it is no answer. */
    bool is_interrupt = line_type(&attention.line, byte) == LINE_INTERRUPT;
    if (is_interrupt && !clients_interrupt())
        attention.state = ENDED;
    else if (line_is_ready(&attention.line))
        attention.state = line_ready_size(&attention.line) == 0 ? ENDED : TYPED;
    return true;
}

static void take_answer(int32_t kind, struct weft_event *event, uint8_t *body)
{
    static _Alignas(8) uint8_t scratch[SCRATCH];
    struct body_reader reader;
    if (kind == -WEFT_TOO_LARGE) {
        weft_answer(event->id, WEFT_OK, NULL, 0, NULL, 0);
        event->size = 0; /* so it is malformed */
    }
    body_reader_init(&reader, event, body);
    body_reader_scratch(&reader, scratch, sizeof(scratch));
    attention.side->answered(event, &reader);
}

/* What is typed, what is due on the terminal's side, or that nobody asks any more. */
static void go_on(int64_t message)
{
    static _Alignas(8) uint8_t body[BODY_MAX];
    struct weft_event event;
    int64_t ids[2] = { message, attention.side->question() };
    uint32_t count = ids[1] == 0 ? 1 : 2;
    int32_t kind = weft_wait(ids, count, &event, body, sizeof(body), attention.side->deadline());
    if (kind == WEFT_EVENT_WITHDRAWN)
        attention.state = WITHDRAWN;
    else if (kind == WEFT_EVENT_ANSWER || kind == -WEFT_TOO_LARGE)
        take_answer(kind, &event, body);
    attention.side->attend(side_now());
}

/* ---- The interface ---- */

static enum weft_status answer(int64_t message)
{
    uint8_t body[ANSWER_MAX], bytes[LINE_BYTES_MAX];
    struct body_writer writer;
    struct weft_bytes line = { bytes, line_take(&attention.line, bytes, sizeof(bytes)) };
    if (line.size != 0 && line.data[line.size - 1] == '\n')
        line.size--;
    bool is_text = attention.state == TYPED && body_is_utf8(line);
    struct attention_string_error_result result = { .failed = !is_text };
    if (is_text)
        result.value = line;
    else
        result.error = attention.state == ENDED ? ATTENTION_ERROR_ENDED : ATTENTION_ERROR_IO;
    body_writer_init(&writer, body, sizeof(body));
    return attention_ask_answer(&writer, message, &result);
}

static enum weft_status on_ask(void *context, const struct weft_event *event,
                               const struct attention_ask_arguments *arguments)
{
    (void)context;
    enum weft_status status = WEFT_OK;
    int64_t message = event->id;
    if (message == 0 || arguments->text.size == 0)
        return WEFT_INVALID;
    line_forget(&attention.line);
    attention.side->put_question(prologue, arguments->text);
    clients_forget_typed();
    attention.state = ASKING;
    while (attention.state == ASKING)
        go_on(message);
    if (attention.state != WITHDRAWN)
        status = answer(message);
    attention.side->end_question(attention.state == WITHDRAWN);
    attention.state = IDLE;
    return status;
}

static enum weft_status on_tell(void *context, const struct weft_event *event,
                                const struct attention_tell_arguments *arguments)
{
    uint8_t body[SMALL_ANSWER];
    struct body_writer writer;
    struct attention_none_error_result result = { .failed = false };
    (void)context;
    attention.side->show(prologue.data, prologue.size);
    attention.side->tell(arguments->text.data, arguments->text.size);
    if (event->id == 0)
        return WEFT_OK;
    body_writer_init(&writer, body, sizeof(body));
    return attention_tell_answer(&writer, event->id, &result);
}

enum weft_status attention_take(const struct weft_event *event, struct body_reader *reader)
{
    static const struct attention_server server = { .ask = on_ask, .tell = on_tell };
    return attention_dispatch(&server, NULL, event, reader);
}

static void on_echo(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    attention.side->show(bytes, size);
}

void attention_init(const struct side *side)
{
    attention.side = side;
    attention.line.echo = on_echo;
}
