/* A greeting on standard output, by WASI, and two of Weft's own interfaces: the clock is asked for the
 * time since the machine's start, and the operator's log gets a line. */
#include "interface/clock_program.h"
#include "interface/log_program.h"

#include <inttypes.h>
#include <stdio.h>

int main(int count, char **arguments)
{
    static _Alignas(8) uint8_t buffer[1024];
    struct weft_client clock = { .slot = clock_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    struct weft_client log = { .slot = log_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    uint64_t now;

    printf("Hello, %s, from C\n", count > 1 ? arguments[1] : "world");
    if (clock_monotonic(&clock, &now) != WEFT_OK) {
        fputs("@NAME@: the clock does not answer\n", stderr);
        return 1;
    }
    printf("Weft's clock has counted for %" PRIu64 " ms\n", now / 1000000);
    log_write_send(&log, LOG_LEVEL_WARNING, WEFT_BYTES("@NAME@ was here"), 0);
    return 0;
}
