/* free: what is given back is used again, and neighbours become one. */
#include "programs/example/wasm_os/wasm_os.h"

enum { BLOCKS = 1000, SIZE = 4096 };

static char *blocks[BLOCKS];

void _start(void)
{
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = malloc(SIZE);
    unsigned long pages = __builtin_wasm_memory_size(0);
    for (int i = 0; i < BLOCKS; i += 2)
        free(blocks[i]);
    for (int i = 0; i < BLOCKS; i += 2)
        blocks[i] = malloc(SIZE);
    check(__builtin_wasm_memory_size(0) == pages, "the gaps are filled again");
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    char *whole = malloc(BLOCKS * SIZE);
    check(__builtin_wasm_memory_size(0) == pages, "and all together are one block");
    free(whole);
    free(whole);
    free(whole + 8);
    free(NULL);
    check(malloc(8) != malloc(8), "what is no block is not freed");
    for (int i = 0; i < 100000; i++)
        free(malloc(i % 1000));
    check(__builtin_wasm_memory_size(0) == pages, "a hundred thousand blocks, one at a time");
}
