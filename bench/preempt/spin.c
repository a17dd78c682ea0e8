/* Computes for ever, and asks for nothing. */
#include "lib/weft.h"

WEFT_EXPORT("_start") void _start(void);

void _start(void)
{
    for (;;)
        __asm__ volatile("");
}
