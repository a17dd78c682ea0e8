/* A loop of so many turns, its beginning and its end told. */
#include "bench/preempt/mark.h"
#include "lib/weft.h"

WEFT_IMPORT("weft:interface", "bench@" PREEMPT_INTERFACE) int32_t bench_slot(void);
WEFT_EXPORT("_start") void _start(void);

static void mark(uint8_t what)
{
    weft_send(bench_slot(), &what, 1, 0, 0, 0);
}

void _start(void)
{
    mark(PREEMPT_BEGIN);
    for (uint64_t i = 0; i < PREEMPT_TURNS; i++)
        __asm__ volatile("" : "+r"(i));
    mark(PREEMPT_END);
}
