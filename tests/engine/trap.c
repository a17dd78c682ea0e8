#include "engine/engine.h"
#include "tests/tap.h"

#include <string.h>

int main(void)
{
    bool different = true;
    for (u32 i = 0; i < TRAP_COUNT; i++)
        for (u32 j = 0; j < i; j++)
            different = different && strcmp(trap_text((enum trap)i), trap_text((enum trap)j)) != 0;
    TAP_OK(different, "each trap has words of its own");
    TAP_OK(strcmp(trap_text(TRAP_INTEGER_DIVIDE_BY_ZERO), "integer divide by zero") == 0 &&
               strcmp(trap_text(TRAP_MEMORY_OUT_OF_BOUNDS), "out of bounds memory access") == 0,
           "as the suite words them");
    return tap_done();
}
