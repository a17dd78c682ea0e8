/* Memory of the machine: small blocks from the C library, address space from the kernel below,
 * memory for machine code from a file that has no name. */
#include "machine/machine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- How many mappings there may be ---- */

/* The kernel below bounds a process's mappings (proc(5), vm/max_map_count), and then fails also to take one
 * away, as what is beside it becomes two. So there are never as many. A reservation becomes up to three: what
 * is committed in it, and what is before and behind that. Others are for the C library's large blocks. */
enum { MAPPINGS_USUAL = 65530, MAPPINGS_EACH = 3, OTHERS_SHARE = 4 };

static pthread_once_t limit_once = PTHREAD_ONCE_INIT;
static u64 reservations_max;
static atomic_uint_fast64_t reservations;

static void limit_read(void)
{
    unsigned long mappings = MAPPINGS_USUAL;
    FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
    if (file != NULL) {
        if (fscanf(file, "%lu", &mappings) != 1)
            mappings = MAPPINGS_USUAL;
        fclose(file);
    }
    reservations_max = (mappings - mappings / OTHERS_SHARE) / MAPPINGS_EACH;
}

static bool reservation_count(void)
{
    pthread_once(&limit_once, limit_read);
    if (atomic_fetch_add(&reservations, 1) < reservations_max)
        return true;
    atomic_fetch_sub(&reservations, 1);
    return false;
}

/* ---- Blocks and reservations ---- */

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
    if (!reservation_count())
        return NULL;
    void *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start != MAP_FAILED)
        return start;
    atomic_fetch_sub(&reservations, 1);
    return NULL;
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
    atomic_fetch_sub(&reservations, 1);
}

/* ---- Machine code ---- */

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
    if (!reservation_count())
        return false;
    int fd = memfd_create("weft-code", MFD_CLOEXEC);
    bool mapped = fd >= 0 && ftruncate(fd, (off_t)size) == 0 && code_map(fd, size, memory);
    if (fd >= 0)
        close(fd);
    if (!mapped)
        atomic_fetch_sub(&reservations, 1);
    return mapped;
}

void machine_code_release(struct code_memory *memory)
{
    BASE_ASSERT(munmap(memory->write, memory->size) == 0);
    BASE_ASSERT(munmap((void *)(usize)memory->run, memory->size) == 0);
    atomic_fetch_sub(&reservations, 1);
    *memory = (struct code_memory){ 0 };
}
