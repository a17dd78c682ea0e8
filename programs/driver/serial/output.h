/* What is to be sent on a serial line: the bytes of many writers, in the order in which they came.
 * A writer is told that its bytes were taken once no more than OUTPUT_LOW_BYTES are before the
 * line: who writes little never waits, who writes much goes at the speed of the line. */
#ifndef PROGRAMS_DRIVER_SERIAL_OUTPUT_H
#define PROGRAMS_DRIVER_SERIAL_OUTPUT_H

#include "abi/body.h"

enum {
    OUTPUT_BYTES = 1 << 17,
    OUTPUT_LOW_BYTES = 1 << 14,
    OUTPUT_WRITES_MAX = 64,
};

/* A write that is not answered yet. */
struct output_write {
    int64_t id;
    uint32_t size;
    uint64_t end; /* of its bytes, counted from the first that was ever written */
};

struct output {
    uint8_t ring[OUTPUT_BYTES];
    uint64_t taken; /* bytes that ever went to the line */
    uint64_t put;   /* bytes that were ever written */
    struct output_write writes[OUTPUT_WRITES_MAX];
    uint32_t write_count;
};

/* False: there is no room for all of it, and nothing was taken. */
bool output_put(struct output *output, int64_t id, struct weft_bytes bytes);
/* Up to `count` bytes for the line; how many. */
uint32_t output_take(struct output *output, uint8_t *bytes, uint32_t count);
/* A write that is to be answered now, the oldest first; forgotten here. */
bool output_next_done(struct output *output, struct output_write *write);
/* Nobody waits for that answer any more; the bytes go out all the same. */
void output_forget(struct output *output, int64_t id);

static inline uint32_t output_size(const struct output *output)
{
    return (uint32_t)(output->put - output->taken);
}

#endif
