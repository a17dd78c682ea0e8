/* A service that handles `ball` and behaves as its arguments say, or as a message asks it to. Words:
 *   exit=N      ends at once with that status
 *   sleep=N     and before that, or before it listens, waits so many milliseconds
 *   deaf        never listens
 *   finish      asks for the end of the system, tells how much it has handled when that comes, and ends
 *   stubborn    asks, and never ends
 *   keep        answers no message, ever
 * Strokes from PLAY_EXIT on are not answered as others are, with one more. */
#include "interface/ball_program.h"
#include "interface/clock_program.h"
#include "interface/power_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/say.h"
#include "lib/server.h"
#include "lib/start.h"

enum {
    MILLISECOND = 1000000,
    PLAY_EXIT = 1000000000, /* it ends with status 9 */
    PLAY_TRAP,
    PLAY_HANG,
    PLAY_LATE, /* answered after 300 ms, in which nothing else is */
};

static uint64_t handled;
static bool keeps;

/* The text behind a word of its arguments; false: it is not among them. */
static bool find(const char *word, struct weft_bytes *rest)
{
    const struct system_start_record *start = start_record();
    uint32_t size = (uint32_t)strlen(word);
    for (uint32_t i = 1; start != NULL && i < start->arguments.count; i++) {
        struct weft_bytes argument = start->arguments.data[i];
        if (argument.size < size || memcmp(argument.data, word, size) != 0)
            continue;
        *rest = (struct weft_bytes){ argument.data + size, argument.size - size };
        return true;
    }
    return false;
}

static bool has(const char *word)
{
    struct weft_bytes rest;
    return find(word, &rest);
}

static uint32_t number_behind(const char *word)
{
    struct weft_bytes rest = { 0 };
    uint32_t number = 0;
    find(word, &rest);
    for (uint32_t i = 0; i < rest.size; i++)
        number = number * 10 + (uint32_t)(rest.data[i] - '0');
    return number;
}

static void sleep_ms(uint32_t milliseconds)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = clock_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    uint64_t now = 0;
    clock_monotonic(&client, &now);
    clock_until(&client, now + (uint64_t)milliseconds * MILLISECOND);
}

static void misbehave(uint32_t strokes)
{
    if (strokes == PLAY_EXIT)
        main_exit(9);
    if (strokes == PLAY_TRAP)
        __builtin_trap();
    if (strokes == PLAY_LATE)
        sleep_ms(300);
    for (volatile bool for_ever = strokes == PLAY_HANG; for_ever;)
        continue;
}

static enum weft_status play(void *context, const struct weft_event *event,
                             const struct ball_play_arguments *arguments)
{
    uint8_t body[16];
    struct body_writer writer;
    uint32_t strokes = arguments->strokes + 1;
    (void)context;
    misbehave(arguments->strokes);
    handled++;
    if (keeps)
        return WEFT_OK;
    body_writer_init(&writer, body, sizeof(body));
    return ball_play_answer(&writer, event->id, &strokes);
}

static int64_t ask_for_end(void)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = power_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    return power_ending_send(&client, WEFT_WANT_ANSWER);
}

int weft_main(void)
{
    static const struct ball_server ball = { .play = play };
    static _Alignas(8) uint8_t buffer[1024];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    int64_t end = has("finish") || has("stubborn") ? ask_for_end() : 0;
    bool is_stubborn = has("stubborn");
    keeps = has("keep");
    sleep_ms(number_behind("sleep="));
    if (has("exit="))
        return (int)number_behind("exit=");
    misbehave(has("deaf") ? PLAY_HANG : 0);
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, ball_dispatch(&ball, NULL, &server.event, &server.reader));
        if (kind != WEFT_EVENT_ANSWER || server.event.id != end || is_stubborn)
            continue;
        say_count(LOG_LEVEL_WARNING, start_record()->arguments.data[0], "handled ", handled);
        return 0;
    }
}
