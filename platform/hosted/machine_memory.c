/* Memory of the machine: small blocks from the C library, address space from the kernel below,
 * memory for machine code from a file that has no name. */
#include "machine/machine.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *machine_allocate(usize size)
{
    return calloc(1, size == 0 ? 1 : size);
}

void machine_free(void *block, usize size)
{
    (void)size;
    free(block);
}

void *machine_shrink(void *block, usize size, usize less)
{
    (void)size;
    return realloc(block, less);
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

/* The kernel below looks for memory at the first touch in any case. */
bool machine_commit_lazily(void *start, usize size)
{
    return machine_commit(start, size);
}

void machine_release(void *start, usize size)
{
    BASE_ASSERT(munmap(start, size) == 0);
}

/* Both mappings or none. */
static bool code_map(int fd, usize size, struct code_memory *memory)
{
    void *write = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    void *run = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    if (write != MAP_FAILED && run != MAP_FAILED) {
        *memory = (struct code_memory){ write, run, size };
        return true;
    }
    if (write != MAP_FAILED)
        munmap(write, size);
    if (run != MAP_FAILED)
        munmap(run, size);
    return false;
}

bool machine_code_reserve(usize size, struct code_memory *memory)
{
    int fd = memfd_create("weft-code", MFD_CLOEXEC);
    if (fd < 0)
        return false;
    bool mapped = ftruncate(fd, (off_t)size) == 0 && code_map(fd, size, memory);
    close(fd);
    return mapped;
}

void machine_code_release(struct code_memory *memory)
{
    BASE_ASSERT(munmap(memory->write, memory->size) == 0);
    BASE_ASSERT(munmap((void *)(usize)memory->run, memory->size) == 0);
    *memory = (struct code_memory){ 0 };
}
