#include "lib/pages.h"

#include <stdint.h>

void *pages_take(size_t size)
{
    enum { PAGE_SIZE = 1 << 16 };
    size_t count = size / PAGE_SIZE + (size % PAGE_SIZE != 0);
    size_t before = __builtin_wasm_memory_grow(0, count);
    return before == SIZE_MAX ? NULL : (void *)(before * PAGE_SIZE);
}
