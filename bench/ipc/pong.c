/* Answers each message with its own body. */
#include "bench/ipc/bench.h"

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    static uint8_t body[BENCH_BODY_BYTES];
    static struct weft_event event;
    for (;;)
        if (weft_wait(0, 0, &event, body, sizeof(body), -1) == WEFT_EVENT_MESSAGE && event.id != 0)
            weft_answer(event.id, WEFT_OK, body, event.size, 0, 0);
}
