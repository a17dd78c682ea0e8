/* memcpy(from, to, size): mind the order. */
#include "programs/example/wasm_os/wasm_os.h"

static char from[] = "copied text";
static char to[sizeof(from)];

void _start(void)
{
    check(memcpy(from, to, sizeof(from)) == 0 && same(to, "copied text"), "text");
    check(memcpy(from, to, 0) == 0, "nothing");
    check(memcpy(from, (void *)0xFFFFFFF0, 100) == -1, "to nowhere");
    check(memcpy((void *)0xFFFFFFFF, to, 1) == -1, "from nowhere");
    check(same(to, "copied text"), "then nothing happens");
}
