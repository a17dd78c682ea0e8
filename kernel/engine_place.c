#include "kernel/engine_place.h"

#include "kernel/block.h"
#include "kernel/program.h"
#include "kernel/thread.h"
#include "machine/machine.h"

static struct engine *engine;

static void *reserve(void *context, usize size)
{
    (void)context;
    return machine_reserve(size);
}

/* If need be, in the place of programs that nobody runs. */
static bool commit(void *context, void *start, usize size)
{
    (void)context;
    if (machine_commit(start, size))
        return true;
    program_give_up();
    return machine_commit(start, size);
}

static bool commit_lazily(void *context, void *start, usize size)
{
    (void)context;
    return machine_commit_lazily(start, size);
}

static void release(void *context, void *start, usize size)
{
    (void)context;
    machine_release(start, size);
}

static bool guarded_call(void *context, void (*function)(void *), void *argument)
{
    (void)context;
    return machine_guarded_call(function, argument);
}

static void pause(void *context)
{
    (void)context;
    thread_pause();
}

static bool code_reserve(void *context, usize size, struct code_memory *memory)
{
    (void)context;
    return machine_code_reserve(size, memory);
}

static void code_release(void *context, struct code_memory *memory)
{
    (void)context;
    machine_code_release(memory);
}

static struct engine_place place = {
    .reserve = reserve,
    .commit = commit,
    .commit_lazily = commit_lazily,
    .release = release,
    .guarded_call = guarded_call,
    .pause = pause,
    .code_release = code_release,
};

enum status engine_place_init(bool interprets)
{
    place.code_reserve = interprets ? NULL : code_reserve;
    place.source = block_source;
    return engine_create(&place, &engine);
}

void engine_place_deinit(void)
{
    if (engine != NULL)
        engine_destroy(engine);
    engine = NULL;
}

struct engine *engine_place_engine(void)
{
    return engine;
}
