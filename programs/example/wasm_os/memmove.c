/* memmove(from, to, size): ranges may overlap. */
#include "programs/example/wasm_os/wasm_os.h"

static char text[] = "0123456789";
static char big[20000];

void _start(void)
{
    check(memmove(text, text + 2, 6) == 0 && same(text, "0101234589"), "upwards");
    check(memmove(text + 2, text, 6) == 0 && same(text, "0123454589"), "downwards");
    check(memmove(text, text, 5) == 0 && same(text, "0123454589"), "onto itself");
    for (int i = 0; i < 20000; i++)
        big[i] = (char)(i % 101);
    memmove(big, big + 5000, 15000);
    bool is_moved = true;
    for (int i = 5000; i < 20000; i++)
        is_moved = is_moved && big[i] == (char)((i - 5000) % 101);
    check(is_moved, "fifteen thousand bytes");
    check(memmove(text, (void *)0xFFFFFFF0, 100) == -1, "to nowhere");
    check(memmove((void *)0xFFFFFFF0, text, 100) == -1, "from nowhere");
    check(same(text, "0123454589"), "then nothing happens");
}
