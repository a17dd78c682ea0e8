/* malloc: blocks that overlap nothing, not the program's data and not each other. */
#include "programs/example/wasm_os/wasm_os.h"

enum { BLOCKS = 500 };

static unsigned char data[100000]; /* lies where a heap must not be */
static unsigned char *blocks[BLOCKS];

static int size_of(int i)
{
    return i * 37 % 3000;
}

void _start(void)
{
    bool is_aligned = true;
    bool is_whole = true;
    memset(data, (int)sizeof(data), 0xAA);
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(size_of(i));
        is_aligned = is_aligned && (uintptr_t)blocks[i] % 8 == 0 && blocks[i] != NULL;
        memset(blocks[i], size_of(i), i);
    }
    check(is_aligned, "five hundred blocks, aligned to 8");
    for (int i = 0; i < BLOCKS; i++)
        for (int at = 0; at < size_of(i); at++)
            is_whole = is_whole && blocks[i][at] == (unsigned char)i;
    check(is_whole, "each keeps what was written to it");
    for (unsigned i = 0; i < sizeof(data); i++)
        is_whole = is_whole && data[i] == 0xAA;
    check(is_whole, "and so does the program's data");
    unsigned char *big = malloc(10 << 20);
    check(big != (void *)-1, "ten megabytes");
    big[0] = big[(10 << 20) - 1] = 1;
    bool is_bounded = false;
    for (int i = 0; i < 3; i++) /* six gigabytes are more than there can be */
        is_bounded = malloc(0x7FFFFFFF) == (void *)-1 || is_bounded;
    check(is_bounded, "there is an end to it");
    check(malloc(-1) == (void *)-1, "and less than nothing is nothing");
}
