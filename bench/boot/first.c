/* Says how many nanoseconds have passed since the kernel began: the first line of a first program.
 * Of a machine that takes so many nanoseconds for an instruction (QEMU's -icount), that is a count of
 * instructions. */
#include "interface/clock_program.h"
#include "lib/main.h"
#include "lib/print.h"

int weft_main(void)
{
    static uint8_t buffer[256] __attribute__((aligned(8)));
    struct weft_client clock = { .slot = clock_slot(), .buffer = buffer, .capacity = sizeof(buffer) };
    uint64_t now = 0;
    if (clock_monotonic(&clock, &now) != WEFT_OK)
        return 1;
    print_number(now);
    print(" ns since the kernel began\n");
    return 0;
}
