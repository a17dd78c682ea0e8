/* Plays with the handler of `ball`, and prints what became of it.
 *   player COUNT WINDOW    so many messages, never more than WINDOW unanswered; each answer is checked
 *   player one STROKES     one message
 *   player poll STROKES    one message that does not wait for a handler */
#include "interface/ball_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum { WINDOW_MAX = 1024, BUFFER_BYTES = 256 };

static struct {
    int64_t id; /* 0: free */
    uint32_t strokes;
} out[WINDOW_MAX];

static uint32_t counts[WEFT_STATUS_COUNT];
static uint32_t wrong;
static _Alignas(8) uint8_t buffer[BUFFER_BYTES];

static struct weft_client client_of_ball(void)
{
    return (struct weft_client){ .slot = ball_slot(), .buffer = buffer, .capacity = BUFFER_BYTES };
}

static uint32_t number_of(struct weft_bytes text)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < text.size; i++)
        number = number * 10 + (uint32_t)(text.data[i] - '0');
    return number;
}

static bool send(uint32_t strokes, uint32_t window)
{
    struct weft_client client = client_of_ball();
    for (uint32_t i = 0; i < window; i++) {
        if (out[i].id != 0)
            continue;
        int64_t id = ball_play_send(&client, strokes, WEFT_WANT_ANSWER);
        if (id <= 0) {
            counts[-id]++;
            return false;
        }
        out[i].id = id;
        out[i].strokes = strokes;
        return true;
    }
    return false;
}

/* The next answer: to a message that is out, and the right one. */
static void take(uint32_t window)
{
    struct weft_event event;
    struct body_reader reader;
    uint32_t strokes = 0;
    if (weft_wait(NULL, 0, &event, buffer, BUFFER_BYTES, -1) != WEFT_EVENT_ANSWER) {
        wrong++;
        return;
    }
    counts[event.status]++;
    for (uint32_t i = 0; i < window; i++) {
        if (out[i].id != event.id)
            continue;
        out[i].id = 0;
        body_reader_init(&reader, &event, buffer);
        if (event.status == WEFT_OK &&
            (!ball_play_result_decode(&reader, &strokes) || strokes != out[i].strokes + 1))
            wrong++;
        return;
    }
    wrong++; /* answered twice, or never asked */
}

static void play(uint32_t count, uint32_t window)
{
    uint32_t sent = 0, pending = 0;
    while (sent < count || pending > 0) {
        while (sent < count && pending < window) {
            pending += send(sent, window);
            sent++;
        }
        if (pending == 0)
            continue;
        take(window);
        pending--;
    }
}

static void print_counts(void)
{
    static const char *const names[] = {
        [WEFT_OK] = "answered", [WEFT_DENIED] = "denied", [WEFT_GONE] = "gone",
        [WEFT_WOULD_BLOCK] = "would block",
    };
    for (uint32_t i = 0; i < WEFT_STATUS_COUNT; i++) {
        if (counts[i] == 0)
            continue;
        print(i < sizeof(names) / sizeof(names[0]) && names[i] != NULL ? names[i] : "other");
        print(" ");
        print_number(counts[i]);
        print("\n");
    }
    if (wrong != 0)
        print("wrong\n");
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    struct weft_client client = client_of_ball();
    if (start == NULL || start->arguments.count != 3)
        return 2;
    struct weft_bytes first = start->arguments.data[1];
    uint32_t second = number_of(start->arguments.data[2]);
    if (first.size == 4 && memcmp(first.data, "poll", 4) == 0) {
        int64_t id = ball_play_send(&client, second, WEFT_WANT_ANSWER | WEFT_NO_WAIT);
        if (id > 0) {
            out[0].id = id;
            out[0].strokes = second;
            take(1);
        } else {
            counts[-id]++;
        }
    } else if (first.size == 3 && memcmp(first.data, "one", 3) == 0) {
        if (send(second, 1))
            take(1);
    } else {
        play(number_of(first), second < WINDOW_MAX ? second : WINDOW_MAX);
    }
    print_counts();
    return wrong != 0;
}
