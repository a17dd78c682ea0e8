#include "tests/support/code.h"

#include <sys/mman.h>
#include <unistd.h>

bool code_map(usize size, struct code_memory *memory)
{
    int fd = memfd_create("test-code", MFD_CLOEXEC);
    if (fd < 0)
        return false;
    BASE_ASSERT(ftruncate(fd, (off_t)size) == 0);
    void *write = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    void *run = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    close(fd);
    BASE_ASSERT(write != MAP_FAILED && run != MAP_FAILED);
    *memory = (struct code_memory){ write, run, size };
    return true;
}

void code_unmap(struct code_memory *memory)
{
    munmap(memory->write, memory->size);
    munmap((void *)(usize)memory->run, memory->size);
    *memory = (struct code_memory){ 0 };
}
