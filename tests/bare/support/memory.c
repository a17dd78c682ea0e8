#include "tests/bare/support/memory.h"

#include "machine/machine.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { ALIGNMENT = 32 << 20 };

static u8 *memory;
static u32 reservations;

void *physical_at(u64 address)
{
    return memory + (address - MEMORY_START);
}

u64 physical_of(const void *mapped)
{
    return MEMORY_START + (u64)((const u8 *)mapped - memory);
}

bool physical_is(const void *mapped)
{
    const u8 *at = mapped;
    return at >= memory && at < memory + MEMORY_BYTES;
}

void memory_start(struct memory_range hole)
{
    static struct memory_map map;
    memory_map_add(&map, MEMORY_START, MEMORY_START + MEMORY_BYTES);
    u64 record_bytes = pages_record_bytes(&map);
    memory_map_remove(&map, hole.start, hole.end);
    memory = aligned_alloc(ALIGNMENT, MEMORY_BYTES);
    u8 *records = mmap(NULL, record_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    BASE_ASSERT(memory != NULL && records != MAP_FAILED);
    pages_init(records, record_bytes);
    pages_add(&map);
}

u64 memory_random(void)
{
    static u64 state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

u32 memory_reservations(void)
{
    return reservations;
}

/* ---- What is asked of the machine; a test of the real ones has them in place of these ---- */

void machine_relax(u32 turns)
{
    (void)turns;
}

__attribute__((weak)) void *machine_reserve(usize size)
{
    reservations++;
    return mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

__attribute__((weak)) bool machine_commit(void *start, usize size)
{
    return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}

__attribute__((weak)) void machine_release(void *start, usize size)
{
    reservations--;
    munmap(start, size);
}
