/* Says that it is there, and waits for ever. */
#include "bench/ipc/bench.h"

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    static struct weft_event event;
    bench_mark(BENCH_MARK_STARTED);
    weft_wait(0, 0, &event, 0, 0, -1);
}
