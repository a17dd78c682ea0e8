/* A place for the engine, as tests/support/place.c is on POSIX, and the memory that simulated machines
 * are made of. */
#include "tests/support/place.h"

#include "tests/support/code.h"
#include "tests/system/own/own.h"

#include <stdlib.h>
#include <sys/mman.h>

static struct execution *watched;
static place_fault *watched_fault;

void place_watch_with(place_fault *fault, struct execution *execution)
{
    watched_fault = fault;
    watched = execution;
}

struct execution *place_watched(void)
{
    return watched;
}

bool place_has_fault(const struct machine_fault *fault)
{
    return watched != NULL && watched_fault(watched, fault->address, fault->pc, fault->sp);
}

static bool may_take(struct place *place)
{
    if (place->allowed_takes == 0)
        return false;
    if (place->allowed_takes != UINT64_MAX)
        place->allowed_takes--;
    return true;
}

static void *take(void *context, usize size)
{
    struct place *place = context;
    void *chunk = may_take(place) ? machine_allocate(size) : NULL;
    if (chunk == NULL)
        return NULL;
    place->taken_bytes += size;
    place->taken_bytes_peak = u64_max(place->taken_bytes_peak, place->taken_bytes);
    return chunk;
}

static void give(void *context, void *chunk, usize size)
{
    struct place *place = context;
    BASE_ASSERT(place->taken_bytes >= size);
    place->taken_bytes -= size;
    machine_free(chunk, size);
}

static void *shrink(void *context, void *chunk, usize size, usize less)
{
    struct place *place = context;
    void *now = machine_shrink(chunk, size, less);
    if (now != NULL)
        place->taken_bytes -= size - less;
    return now;
}

static void *reserve(void *context, usize size)
{
    struct place *place = context;
    void *start = may_take(place) ? machine_reserve(size) : NULL;
    place->reserved_bytes += start == NULL ? 0 : size;
    return start;
}

static bool commit(void *context, void *start, usize size)
{
    struct place *place = context;
    bool committed = may_take(place) && machine_commit(start, size);
    place->committed_bytes += committed ? size : 0;
    return committed;
}

static void release(void *context, void *start, usize size)
{
    struct place *place = context;
    BASE_ASSERT(place->reserved_bytes >= size);
    place->reserved_bytes -= size;
    machine_release(start, size);
}

static bool guarded_call(void *context, void (*function)(void *), void *argument)
{
    (void)context;
    return machine_guarded_call(function, argument);
}

static bool code_reserve(void *context, usize size, struct code_memory *memory)
{
    struct place *place = context;
    if (!may_take(place) || !code_map(size, memory))
        return false;
    place->code_bytes += size;
    return true;
}

static void code_release(void *context, struct code_memory *memory)
{
    struct place *place = context;
    BASE_ASSERT(place->code_bytes >= memory->size);
    place->code_bytes -= memory->size;
    code_unmap(memory);
}

void place_init(struct place *place)
{
    *place = (struct place){ .allowed_takes = UINT64_MAX };
    place->engine = (struct engine_place){
        .source = { take, give, place, shrink },
        .reserve = reserve,
        .commit = commit,
        .commit_lazily = commit,
        .release = release,
        .guarded_call = guarded_call,
        .code_reserve = code_reserve,
        .code_release = code_release,
        .context = place,
    };
}

/* ---- For the simulated machine ---- */

bool code_map(usize size, struct code_memory *memory)
{
    return machine_code_reserve(size, memory);
}

void code_unmap(struct code_memory *memory)
{
    machine_code_release(memory);
}

void *mmap(void *start, size_t size, int access, int flags, int fd, off_t offset)
{
    (void)start;
    (void)access;
    (void)flags;
    (void)fd;
    (void)offset;
    void *reservation = machine_reserve(size);
    return reservation == NULL ? MAP_FAILED : reservation;
}

int mprotect(void *start, size_t size, int access)
{
    (void)access;
    return machine_commit(start, size) ? 0 : -1;
}

int munmap(void *start, size_t size)
{
    machine_release(start, size);
    return 0;
}
