/* Memory of the simulated machine: each block knows its size, each reservation what of it is
 * committed, and all are counted. */
#include "tests/simulate/state.h"
#include "tests/support/code.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { MEMORY_UNIT = 64 << 10 };

struct block {
    usize size;
    u64 mark;
};

static const u64 BLOCK_MARK = 0xB10C0B10C0B10C0B;

void *machine_allocate(usize size)
{
    state_point(POINT_ALLOCATE, size);
    if (state_refuses() || size > (usize)4 << 30)
        return NULL;
    simulation.in_machine = true;
    struct block *block = calloc(1, sizeof(struct block) + size);
    simulation.in_machine = false;
    if (block == NULL)
        return NULL;
    *block = (struct block){ .size = size, .mark = BLOCK_MARK };
    simulation.taken.blocks++;
    simulation.taken.block_bytes += size;
    return block + 1;
}

void machine_free(void *memory, usize size)
{
    state_point(POINT_FREE, size);
    struct block *block = (struct block *)memory - 1;
    BASE_ASSERT(block->mark == BLOCK_MARK && block->size == size);
    block->mark = 0;
    simulation.taken.blocks--;
    simulation.taken.block_bytes -= size;
    simulation.in_machine = true;
    free(block);
    simulation.in_machine = false;
}

void *machine_shrink(void *memory, usize size, usize less)
{
    state_point(POINT_FREE, size - less);
    struct block *block = (struct block *)memory - 1;
    BASE_ASSERT(block->mark == BLOCK_MARK && block->size == size && less != 0 && less < size);
    simulation.in_machine = true;
    struct block *now = realloc(block, sizeof(struct block) + less);
    simulation.in_machine = false;
    if (now == NULL)
        return NULL;
    now->size = less;
    simulation.taken.block_bytes -= size - less;
    return now + 1;
}

static struct reservation *reservation_of(const u8 *start, usize size)
{
    struct list_link *at = list_first(&simulation.reservations);
    for (; at != NULL; at = list_next(&simulation.reservations, at)) {
        struct reservation *reservation = BASE_CONTAINER_OF(at, struct reservation, link);
        if (start >= reservation->start && size <= reservation->size &&
            start - reservation->start <= (ptrdiff_t)(reservation->size - size))
            return reservation;
    }
    return NULL;
}

void *machine_reserve(usize size)
{
    state_point(POINT_RESERVE, size);
    BASE_ASSERT(size > 0 && size % MEMORY_UNIT == 0);
    if (state_refuses())
        return NULL;
    simulation.in_machine = true;
    u8 *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct reservation *reservation = start == MAP_FAILED ? NULL : malloc(sizeof(*reservation));
    simulation.in_machine = false;
    if (reservation == NULL)
        return NULL;
    *reservation = (struct reservation){ .start = start, .size = size };
    list_push_front(&simulation.reservations, &reservation->link);
    simulation.taken.reservations++;
    return start;
}

bool machine_commit(void *start, usize size)
{
    state_point(POINT_COMMIT, size);
    struct reservation *reservation = reservation_of(start, size);
    BASE_ASSERT(reservation != NULL && size % MEMORY_UNIT == 0);
    if (state_refuses() || mprotect(start, size, PROT_READ | PROT_WRITE) != 0)
        return false;
    reservation->committed += size;
    simulation.taken.committed_bytes += size;
    return true;
}

bool machine_commit_lazily(void *start, usize size)
{
    return machine_commit(start, size);
}

void machine_release(void *start, usize size)
{
    state_point(POINT_RELEASE, size);
    struct reservation *reservation = reservation_of(start, size);
    BASE_ASSERT(reservation != NULL && reservation->start == start && reservation->size == size);
    list_remove(&reservation->link);
    simulation.taken.reservations--;
    simulation.taken.committed_bytes -= reservation->committed;
    simulation.in_machine = true;
    munmap(start, size);
    free(reservation);
    simulation.in_machine = false;
}

bool machine_code_reserve(usize size, struct code_memory *memory)
{
    state_point(POINT_CODE_RESERVE, size);
    BASE_ASSERT(size > 0 && size % MEMORY_UNIT == 0);
    if (state_refuses() || !code_map(size, memory))
        return false;
    simulation.taken.code_memories++;
    return true;
}

void machine_code_release(struct code_memory *memory)
{
    state_point(POINT_CODE_RELEASE, memory->size);
    BASE_ASSERT(simulation.taken.code_memories > 0);
    code_unmap(memory);
    simulation.taken.code_memories--;
}
