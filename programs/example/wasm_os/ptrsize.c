/* ptrsize: the size that was asked for. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    char *block = malloc(13);
    char *none = malloc(0);
    check(ptrsize(block) == 13, "thirteen bytes");
    check(ptrsize(none) == 0, "none");
    check(ptrsize(block + 8) == -1, "within a block nothing begins");
    check(ptrsize(NULL) == -1, "nor at zero");
    free(block);
    check(ptrsize(block) == -1, "nor where a block was");
}
