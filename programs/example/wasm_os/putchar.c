/* putchar: a byte to the screen. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    for (char letter = 'a'; letter <= 'z'; letter++)
        putchar(letter);
    putchar('\n');
    putchar('!' + 256); /* the low byte counts */
    putchar('\n');
}
