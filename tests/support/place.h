/* A place for the engine in test programs, on POSIX: reservations are mappings without access,
 * memory faults of guest code come as signals and end the innermost guarded call.
 *
 * Everything that is taken is counted, and can be made to fail after so many times, so that tests
 * can look for leaks and for what happens when memory is short. */
#ifndef TESTS_SUPPORT_PLACE_H
#define TESTS_SUPPORT_PLACE_H

#include "engine/engine.h"

struct place {
    struct engine_place engine; /* to be given to engine_create */
    u64 taken_bytes;            /* from the source and not given back */
    u64 taken_bytes_peak;
    u64 reserved_bytes;
    u64 committed_bytes; /* ever */
    u64 code_bytes;      /* of memory for code, not given back */
    u64 allowed_takes;   /* how many more takes, reservations, commits and code memories work (one
                            thread) */
};

void place_init(struct place *place);

/* Whether all that was taken has been given back. */
static inline bool place_is_empty(const struct place *place)
{
    return place->taken_bytes == 0 && place->reserved_bytes == 0 && place->code_bytes == 0;
}

/* The execution whose faults are caught, or NULL. */
struct execution *place_watched(void);

typedef bool place_fault(struct execution *execution, const void *address, u64 pc, u64 sp);
void place_watch_with(place_fault *fault, struct execution *execution);

/* From now on, faults of this thread's guarded calls are those of `execution` (or nobody's). */
static inline void place_watch(struct execution *execution)
{
    place_watch_with(execution_fault, execution);
}

#endif
