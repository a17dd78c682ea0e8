/* Sends messages to whoever handles `ball`, a batch each time the bench says so: rounds with an
 * answer each, or messages that want none. */
#include "bench/ipc/bench.h"

static uint8_t body[BENCH_BODY_BYTES];
static struct weft_event event;

static void round_trip(int32_t ball)
{
    int64_t id = weft_send(ball, body, sizeof(body), 0, 0, WEFT_WANT_ANSWER);
    if (id <= 0 || weft_wait(&id, 1, &event, body, sizeof(body), -1) != WEFT_EVENT_ANSWER)
        __builtin_trap();
}

static void rounds(int32_t ball)
{
    bench_mark(BENCH_MARK_ROUNDS_BEGIN);
    for (int i = 0; i < BENCH_ROUNDS; i++)
        round_trip(ball);
    bench_mark(BENCH_MARK_ROUNDS_END);
}

/* The last one wants an answer, so that all have been taken when it is there. */
static void one_way(int32_t ball)
{
    bench_mark(BENCH_MARK_ONE_WAY_BEGIN);
    for (int i = 0; i < BENCH_ROUNDS; i++)
        weft_send(ball, body, sizeof(body), 0, 0, 0);
    round_trip(ball);
    bench_mark(BENCH_MARK_ONE_WAY_END);
}

static uint8_t what_to_do(void)
{
    uint8_t mark = BENCH_MARK_READY;
    int64_t id = weft_send(bench_slot(), &mark, 1, 0, 0, WEFT_WANT_ANSWER);
    if (id <= 0 || weft_wait(&id, 1, &event, &mark, 1, -1) != WEFT_EVENT_ANSWER)
        __builtin_trap();
    return mark;
}

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    int32_t ball = ball_slot();
    for (;;) {
        if (what_to_do() == BENCH_MARK_ROUNDS_BEGIN)
            rounds(ball);
        else
            one_way(ball);
    }
}
