/* The terminal that a person sits at: answers `stream`, `terminal`, `attention` and `screen`, on the
 * machine's picture and keyboard, or on a serial line.
 *
 *     layout=NAME      the keyboard's: us, fr, de
 *     line=TAG         the serial line is the silo's `serial` with this tag
 *     no-screen        the picture and the keyboard are left alone
 *
 * A slot named `serial` in the start record is the serial line, a stream, and then there is no screen. */
#include "interface/clock_program.h"
#include "interface/screen.h"
#include "interface/serial_program.h"
#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "lib/client.h"
#include "lib/interface.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/terminal/clients.h"
#include "programs/terminal/share.h"

enum {
    BODY_MAX = 1 << 20, /* the largest that is taken */
    SCRATCH = 1 << 14,
    MESSAGES_MAX = 16, /* that are taken before what was typed is looked at */
};

static _Alignas(8) uint8_t body[BODY_MAX];
static _Alignas(8) uint8_t scratch[SCRATCH];
static const struct side *side;

uint64_t side_now(void)
{
    _Alignas(8) uint8_t buffer[64];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t result = 0;
    clock_monotonic(&client, &result);
    return result;
}

/* ---- Events ---- */

static void take_message(const struct weft_event *event, struct body_reader *reader)
{
    enum weft_status status = event->interface == SCREEN_INTERFACE_ID
                                  ? share_take(event, reader)
                                  : clients_take(event, reader);
    if (status == WEFT_OK)
        return;
    server_close(event->gifts, event->gift_count);
    if (event->id != 0)
        weft_answer(event->id, (int32_t)status, NULL, 0, NULL, 0);
}

/* It stays queued first until it is settled. */
static void take_too_large(struct weft_event *event)
{
    struct body_reader reader;
    weft_answer(event->id, WEFT_TOO_LARGE, NULL, 0, NULL, 0);
    event->size = 0;
    body_reader_init(&reader, event, body);
    if (event->kind == WEFT_EVENT_ANSWER)
        side->answered(event, &reader); /* as one that is malformed */
}

static void take(int32_t kind, struct weft_event *event)
{
    struct body_reader reader;
    body_reader_init(&reader, event, body);
    body_reader_scratch(&reader, scratch, sizeof(scratch));
    if (kind == WEFT_EVENT_MESSAGE)
        take_message(event, &reader);
    else if (kind == WEFT_EVENT_ANSWER)
        side->answered(event, &reader);
    else if (kind == WEFT_EVENT_WITHDRAWN)
        clients_forget(event->id);
    else if (kind == WEFT_EVENT_CLOSED)
        clients_closed(event->badge);
    else if (kind == -WEFT_TOO_LARGE)
        take_too_large(event);
}

/* What was typed comes first, however much is written. */
static void look_at_question(void)
{
    struct weft_event event;
    int64_t question = side->question();
    if (question == 0)
        return;
    int32_t kind = weft_wait(&question, 1, &event, body, sizeof(body), 0);
    if (kind == WEFT_EVENT_ANSWER)
        take(kind, &event);
}

/* Everything that is there; then what is due, and the next event. */
static _Noreturn void serve(void)
{
    struct weft_event event;
    for (uint32_t count = 1;; count++) {
        int32_t kind = weft_wait(NULL, 0, &event, body, sizeof(body), 0);
        bool rest = kind == WEFT_EVENT_NONE;
        if (rest) {
            side->attend(side_now());
            kind = weft_wait(NULL, 0, &event, body, sizeof(body), side->deadline());
        }
        take(kind, &event);
        if (count % MESSAGES_MAX == 0)
            look_at_question();
        if (!rest)
            side->attend(side_now());
    }
}

/* ---- Start ---- */

/* What follows `name` in the argument that begins so; whether there is one. */
static bool argument(const char *name, struct weft_bytes *value)
{
    const struct system_start_record *record = start_record();
    uint32_t size = (uint32_t)strlen(name);
    *value = (struct weft_bytes){ 0 };
    for (uint32_t i = 1; record != NULL && i < record->arguments.count; i++) {
        struct weft_bytes word = record->arguments.data[i];
        if (word.size < size || memcmp(word.data, name, size) != 0)
            continue;
        *value = (struct weft_bytes){ word.data + size, word.size - size };
        return true;
    }
    return false;
}

/* The silo's `serial`, or that with the tag that an argument names; WEFT_NO_SLOT: nobody drives one. */
static int32_t line_handler(void)
{
    uint8_t buffer[256];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct interface_hash hash = interface_hash(SERIAL_INTERFACE_HASH);
    struct system_any_error_result result;
    struct weft_bytes tag;
    bool is_named = argument("line=", &tag);
    enum weft_status status = system_resolve(&client, interface_bytes(&hash), tag, &result);
    if (status == WEFT_OK && !result.failed)
        return result.value;
    if (is_named)
        say(LOG_LEVEL_ERROR, tag, "there is no serial line with this tag");
    return WEFT_NO_SLOT;
}

static const struct side *start_side(void)
{
    struct weft_bytes layout, nothing;
    int32_t line = start_slot("serial");
    if (line != WEFT_NO_SLOT)
        return serial_side_start(WEFT_NO_SLOT, line);
    argument("layout=", &layout);
    bool wants_screen = !argument("no-screen", &nothing);
    const struct side *screen = wants_screen ? screen_side_start(layout) : NULL;
    if (screen != NULL)
        return screen;
    if (wants_screen)
        say(LOG_LEVEL_INFO, WEFT_BYTES("terminal"),
            "there is no picture: it is on the serial line");
    int32_t handler = line_handler();
    return serial_side_start(handler, handler == WEFT_NO_SLOT ? stream_slot() : WEFT_NO_SLOT);
}

int weft_main(void)
{
    side = start_side();
    clients_init(side);
    share_init(side);
    serve();
}
