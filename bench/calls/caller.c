/* Calls one thing a million times, then the next, and tells the bench when each begins and ends. */
#include "bench/calls/calls.h"
#include "bench/ipc/bench.h"

WEFT_IMPORT("library", "add") int32_t library_add(int32_t a, int32_t b);

static int32_t own_add(int32_t a, int32_t b)
{
    return a + b;
}

static int32_t (*volatile pointer)(int32_t, int32_t) = own_add;

static int32_t by_pointer(void)
{
    int32_t (*function)(int32_t, int32_t) = pointer;
    int32_t sum = 0;
    for (int32_t i = 0; i < CALLS_A_BATCH; i++)
        sum = function(sum, i);
    return sum;
}

static int32_t of_library(void)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < CALLS_A_BATCH; i++)
        sum = library_add(sum, i);
    return sum;
}

static int32_t trivial(void)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < CALLS_A_BATCH; i++)
        sum += ball_slot();
    return sum;
}

static int32_t poll(void)
{
    static struct weft_event event;
    int32_t sum = 0;
    for (int32_t i = 0; i < CALLS_A_BATCH; i++)
        sum += weft_wait(0, 0, &event, 0, 0, 0);
    return sum;
}

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    static int32_t (*const questions[CALLS_QUESTIONS])(void) = {
        [CALLS_POINTER] = by_pointer,
        [CALLS_LIBRARY] = of_library,
        [CALLS_TRIVIAL] = trivial,
        [CALLS_POLL] = poll,
    };
    static volatile int32_t results[CALLS_QUESTIONS];
    for (;;)
        for (uint8_t question = 0; question < CALLS_QUESTIONS; question++) {
            bench_mark(question);
            results[question] = questions[question]();
            bench_mark(question);
        }
}
