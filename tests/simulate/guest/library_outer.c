/* A library that answers `outer` and is itself a client of `inner`. */
#include "lib/weft.h"

WEFT_IMPORT("inner", "sum") int32_t inner_sum(const void *client, uint32_t size);
WEFT_IMPORT("inner", "count") int32_t inner_count(void);
WEFT_IMPORT("inner", "ready") int32_t inner_ready(void);

static uint8_t own[4] = { 10, 20, 30, 40 };
static int32_t inner_was_ready;

WEFT_EXPORT("_initialize") void initialize(void);
void initialize(void)
{
    inner_was_ready = inner_ready();
}

/* What `inner` sees as its client's memory: this library's. */
WEFT_EXPORT("sum_of_own") int32_t sum_of_own(void);
int32_t sum_of_own(void)
{
    return inner_sum(own, sizeof(own));
}

WEFT_EXPORT("count") int32_t count(void);
int32_t count(void)
{
    return inner_count();
}

WEFT_EXPORT("ready") int32_t ready(void);
int32_t ready(void)
{
    return inner_was_ready;
}
