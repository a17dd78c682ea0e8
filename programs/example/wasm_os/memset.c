/* memset(start, size, value): mind the order. */
#include "programs/example/wasm_os/wasm_os.h"

static unsigned char bytes[20000];

void _start(void)
{
    bool is_set = true;
    check(memset(bytes + 1, 19998, 'x') == 0, "nearly all");
    for (int i = 1; i < 19999; i++)
        is_set = is_set && bytes[i] == 'x';
    check(is_set && bytes[0] == 0 && bytes[19999] == 0, "and not one more");
    check(memset(bytes, 0, 'y') == 0 && bytes[0] == 0, "none");
    check(memset(bytes, 1, 256 + 'z') == 0 && bytes[0] == 'z', "the low byte counts");
    check(memset((void *)0xFFFFFFF0, 100, 1) == -1, "nowhere");
}
