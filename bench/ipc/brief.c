/* Says that it is there, and ends. */
#include "bench/ipc/bench.h"

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    bench_mark(BENCH_MARK_STARTED);
}
