/* Sends messages to whoever handles `ball`: rounds with an answer each, then some without. */
#include "bench/ipc/bench.h"

static uint8_t body[BENCH_BODY_BYTES];
static struct weft_event event;

static int round_trip(int32_t ball)
{
    int64_t id = weft_send(ball, body, sizeof(body), 0, 0, WEFT_WANT_ANSWER);
    return id > 0 && weft_wait(&id, 1, &event, body, sizeof(body), -1) == WEFT_EVENT_ANSWER;
}

static void rounds(int32_t ball)
{
    bench_mark(BENCH_MARK_ROUNDS_BEGIN);
    for (int i = 0; i < BENCH_ROUNDS; i++)
        if (!round_trip(ball))
            __builtin_trap();
    bench_mark(BENCH_MARK_ROUNDS_END);
}

static void one_way(int32_t ball)
{
    bench_mark(BENCH_MARK_ONE_WAY_BEGIN);
    for (int i = 0; i < BENCH_ROUNDS; i++)
        weft_send(ball, body, sizeof(body), 0, 0, 0);
    round_trip(ball);
    bench_mark(BENCH_MARK_ONE_WAY_END);
}

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    int32_t ball = ball_slot();
    for (int i = 0; i < BENCH_BATCHES; i++) {
        rounds(ball);
        one_way(ball);
    }
}
