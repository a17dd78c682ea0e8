/* Answers each word of the bench at once. */
#include "bench/preempt/mark.h"
#include "lib/weft.h"

WEFT_IMPORT("weft:interface", "bench@" PREEMPT_INTERFACE) int32_t bench_slot(void);
WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    static struct weft_event event;
    for (;;) {
        uint8_t mark = PREEMPT_READY;
        int64_t id = weft_send(bench_slot(), &mark, 1, 0, 0, WEFT_WANT_ANSWER);
        if (id <= 0 || weft_wait(&id, 1, &event, &mark, 1, -1) != WEFT_EVENT_ANSWER)
            __builtin_trap();
    }
}
