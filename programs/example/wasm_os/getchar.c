/* getchar: a key if there is one. Counts what comes until there will be no more. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    int keys = 0;
    bool was_early = false;
    for (int key = getchar(); key != -1; key = getchar()) {
        was_early = was_early || key == 0;
        if (key == 0)
            continue;
        keys++;
        putchar(key);
    }
    say("\nkeys: ");
    say_number(keys);
    say(was_early ? ", and it asked too early\n" : "\n");
}
