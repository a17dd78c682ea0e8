/* s_putchar: a byte to the serial port, which is standard error. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    const char *text = "to the serial port\n";
    while (*text != 0)
        s_putchar(*text++);
    say("to the screen\n");
}
