/* A program whose memory is its library's: what the library copies between the two overlaps. */
#include "lib/weft.h"

WEFT_IMPORT("env", "sum") int32_t env_sum(uint32_t client, uint32_t size);
WEFT_IMPORT("env", "fill") int32_t env_fill(uint32_t client, uint32_t size, uint32_t value);

WEFT_EXPORT("_start") void _start(void);

/* Somewhere behind the first page is the library's buffer. */
void _start(void)
{
    for (uint32_t at = 1 << 16; at < (1 << 16) + 2048; at += 32) {
        env_sum(at, 200);
        env_fill(at, 200, 1);
    }
}
