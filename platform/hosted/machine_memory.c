/* Memory of the machine: small blocks from the C library, address space from the kernel below. */
#include "machine/machine.h"

#include <stdlib.h>
#include <sys/mman.h>

void *machine_allocate(usize size)
{
    return calloc(1, size == 0 ? 1 : size);
}

void machine_free(void *block, usize size)
{
    (void)size;
    free(block);
}

void *machine_reserve(usize size)
{
    void *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

bool machine_commit(void *start, usize size)
{
    return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}

void machine_release(void *start, usize size)
{
    BASE_ASSERT(munmap(start, size) == 0);
}
