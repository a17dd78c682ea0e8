#include "programs/tool/keeper/terminal.h"

#include <time.h>

#include "abi/screen_text.h"
#include "interface/stream.h"
#include "interface/terminal.h"
#include "lib/interface.h"
#include "lib/server.h"
#include "programs/terminal/clients.h"
#include "programs/tool/shared/system.h"

enum {
    STREAM = 1, /* the badge of its streams, as programs/terminal/clients.c has those of no job */
    PART = 4096,
};

static struct {
    void (*show)(struct weft_bytes bytes);
    struct screen_text text; /* what was made of the screen */
} terminal;

uint64_t side_now(void)
{
    struct timespec now = { 0 };
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* ---- The side ---- */

static void side_show(const uint8_t *bytes, size_t size)
{
    static uint8_t passed[PART + SCREEN_TEXT_HELD_MAX];
    for (size_t at = 0; at < size; at += PART) {
        size_t part = size - at < PART ? size - at : PART;
        size_t count = screen_text_filter(&terminal.text, bytes + at, part, passed);
        if (count != 0)
            terminal.show((struct weft_bytes){ passed, (uint32_t)count });
    }
}

static void side_nothing(void)
{
}

static int64_t side_question(void)
{
    return 0;
}

static bool side_answered(const struct weft_event *event, struct body_reader *reader)
{
    (void)event;
    (void)reader;
    return false;
}

static void side_attend(uint64_t now)
{
    (void)now;
}

static int64_t side_deadline(void)
{
    return -1;
}

/* Nobody has a slot of `attention` that leads here. */
static void side_put_question(struct weft_bytes before, struct weft_bytes text)
{
    (void)before;
    (void)text;
}

static void side_end_question(bool is_withdrawn)
{
    (void)is_withdrawn;
}

static struct side side = {
    .size = { 80, 24 }, /* until somebody attaches */
    .show = side_show,
    .tell = side_show,
    .show_again = side_show,
    .discard = side_nothing,
    .flush = clients_shown,
    .question = side_question,
    .answered = side_answered,
    .attend = side_attend,
    .deadline = side_deadline,
    .put_question = side_put_question,
    .end_question = side_end_question,
};

/* ---- Whoever attaches ---- */

void terminal_type(struct weft_bytes bytes)
{
    clients_type(bytes.data, bytes.size);
}

void terminal_resize(uint16_t columns, uint16_t rows)
{
    if (columns != 0 && rows != 0)
        side.size = (struct terminal_size){ columns, rows };
    clients_draw_again();
}

struct weft_bytes terminal_modes(void)
{
    static uint8_t bytes[SCREEN_TEXT_RESTORE_MAX];
    return (struct weft_bytes){ bytes, (uint32_t)screen_text_return(&terminal.text, bytes) };
}

/* ---- Start ---- */

static bool answers_for(uint64_t silo, int32_t slot)
{
    struct interface_hash hash = interface_hash(TERMINAL_INTERFACE_HASH);
    struct system_none_error_result result = { .failed = true };
    struct weft_bytes name = WEFT_BYTES("terminal"), tag = { 0 };
    return system_bind(system_client(), silo, interface_bytes(&hash), name, tag, slot, &result) ==
               WEFT_OK &&
           !result.failed;
}

int32_t terminal_start(uint64_t silo, void (*show)(struct weft_bytes bytes))
{
    int32_t slot = server_mint(TERMINAL_INTERFACE_HASH, 0);
    terminal.show = show;
    clients_init(&side);
    if (slot == WEFT_NO_SLOT || !answers_for(silo, slot))
        return WEFT_NO_SLOT;
    return server_mint(STREAM_INTERFACE_HASH, STREAM);
}
