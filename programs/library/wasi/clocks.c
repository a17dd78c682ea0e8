#include "programs/library/wasi/clocks.h"

#include "interface/clock_program.h"
#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/descriptor.h"
#include "programs/library/wasi/errors.h"

uint32_t clocks_now(uint32_t clock, uint64_t *time)
{
    struct weft_client *client = client_of(clock_slot());
    switch (clock) {
    case WASI_CLOCK_REALTIME:
        return errno_of_status(clock_realtime(client, time));
    case WASI_CLOCK_MONOTONIC:
        return errno_of_status(clock_monotonic(client, time));
    case WASI_CLOCK_PROCESS_CPUTIME:
    case WASI_CLOCK_THREAD_CPUTIME: /* a program of WASI has one thread */
        return errno_of_status(clock_cpu(client, time));
    default:
        return WASI_EINVAL;
    }
}

/* The precision that is asked for is a wish; the clock is as precise as it can be. */
WASI_FUNCTION(clock_time_get)(uint32_t clock, uint64_t precision, uint32_t time)
{
    uint64_t now;
    uint32_t error = clocks_now(clock, &now);
    (void)precision;
    return error == WASI_SUCCESS ? caller_store_u64(time, now) : error;
}

WASI_FUNCTION(clock_res_get)(uint32_t clock, uint32_t resolution)
{
    struct clock_u64_u64_tuple steps;
    if (clock > WASI_CLOCK_THREAD_CPUTIME)
        return WASI_EINVAL;
    uint32_t error = errno_of_status(clock_resolution(client_of(clock_slot()), &steps));
    if (error != WASI_SUCCESS)
        return error;
    return caller_store_u64(resolution, clock == WASI_CLOCK_REALTIME ? steps.f1 : steps.f0);
}
