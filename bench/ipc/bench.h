/* What the guests of bench/ipc.c import. */
#ifndef BENCH_IPC_BENCH_H
#define BENCH_IPC_BENCH_H

#include "bench/ipc/mark.h"
#include "lib/weft.h"

WEFT_IMPORT("weft:interface", "bench@" BENCH_INTERFACE) int32_t bench_slot(void);
WEFT_IMPORT("weft:interface", "ball@" BALL_INTERFACE) int32_t ball_slot(void);

static inline void bench_mark(uint8_t mark)
{
    weft_send(bench_slot(), &mark, 1, 0, 0, 0);
}

#endif
