/* putchar: a byte to the screen. It begins at `main`, as programs for wasm_os may. */
#include "programs/example/wasm_os/wasm_os.h"

void main(void);

void main(void)
{
    for (char letter = 'a'; letter <= 'z'; letter++)
        putchar(letter);
    putchar('\n');
    putchar('!' + 256); /* the low byte counts */
    putchar('\n');
}
