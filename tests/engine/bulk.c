/* Long instructions on memories: done in slices, with room for interrupts between, and yet all or
 * nothing where they are out of bounds. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum {
    FILL, /* memory.fill(to, value, count) */
    COPY, /* memory.copy(to, from, count) */
    FUNCTIONS,
    PAGES = 40,
    SIZE = PAGES << 16,
};

static struct place place;
static struct engine *engine;

/* Interrupts again each time, until it has been asked `stop_at` times. */
struct asked {
    u32 count;
    u32 stop_at;
};

static enum trap ask(struct execution *execution, void *context)
{
    struct asked *asked = context;
    execution_interrupt(execution);
    return ++asked->count == asked->stop_at ? TRAP_STOPPED : TRAP_NONE;
}

static struct module *bulk_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 3, 0x7F, 0x7F, 0x7F, 0);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, FUNCTIONS, 0, 0);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, PAGES);
    build_section(build, SECTION_EXPORT);
    build_leb(build, FUNCTIONS);
    build_export(build, "fill", EXTERN_FUNCTION, FILL);
    build_export(build, "copy", EXTERN_FUNCTION, COPY);
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS);
    BODY(build, 0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 11, 0);
    BODY(build, 0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 10, 0, 0);
    return load(engine, build_end(build));
}

struct guest {
    struct instance *instance;
    struct execution *execution;
    struct asked asked;
    u8 *memory;
};

static enum trap call(struct guest *guest, u32 function, u32 first, u32 second, u32 count)
{
    u64 slots[3] = { first, second, count };
    guest->asked.count = 0;
    execution_interrupt(guest->execution);
    return execution_call(guest->execution, instance_function(guest->instance, function), slots);
}

static bool is_filled(const u8 *memory, usize from, usize to, u8 value)
{
    while (from < to && memory[from] == value)
        from++;
    return from == to;
}

static void test_fill(struct guest *guest)
{
    guest->asked.stop_at = UINT32_MAX;
    TAP_OK(call(guest, FILL, 0, 7, SIZE) == TRAP_NONE && is_filled(guest->memory, 0, SIZE, 7),
           "a fill of all of a memory");
    TAP_OK(guest->asked.count >= 8, "lets others in many times");
    TAP_OK(call(guest, FILL, 1, 9, SIZE) == TRAP_MEMORY_OUT_OF_BOUNDS &&
               is_filled(guest->memory, 0, SIZE, 7),
           "one byte too far does nothing at all");
    guest->asked.stop_at = 6; /* three before it begins */
    TAP_OK(call(guest, FILL, 0, 9, SIZE) == TRAP_STOPPED && guest->memory[0] == 9 &&
               guest->memory[SIZE - 1] == 7,
           "one that is stopped stops half way");
    guest->asked.stop_at = UINT32_MAX;
}

static void scramble(u8 *bytes)
{
    u32 state = 1;
    for (usize i = 0; i < SIZE; i++) {
        state = state * 1103515245u + 12345u;
        bytes[i] = (u8)(state >> 24);
    }
}

static void test_copy(struct guest *guest, u32 to, u32 from, const char *name)
{
    enum { COUNT = SIZE - 1000 };
    u8 *expected = malloc(SIZE);
    if (expected == NULL)
        exit(1);
    scramble(expected);
    memcpy(guest->memory, expected, SIZE);
    memmove(expected + to, expected + from, COUNT);
    TAP_OK(call(guest, COPY, to, from, COUNT) == TRAP_NONE &&
               memcmp(guest->memory, expected, SIZE) == 0,
           name);
    TAP_OK(call(guest, COPY, to, from, SIZE) == TRAP_MEMORY_OUT_OF_BOUNDS &&
               memcmp(guest->memory, expected, SIZE) == 0,
           "  and one that reaches too far does nothing at all");
    free(expected);
}

int main(void)
{
    struct build build;
    struct guest guest = { 0 };
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct module *module = bulk_module(&build);
    guest.instance = instantiate(engine, module, NULL);
    u64 size;
    guest.memory = instance_memory(guest.instance, &size);
    struct execution_options options = { .interrupt = ask, .interrupt_context = &guest.asked };
    if (execution_create(engine, &options, &guest.execution) != STATUS_OK)
        return 1;
    test_fill(&guest);
    test_copy(&guest, 1000, 0, "a copy to a little further on");
    test_copy(&guest, 0, 1000, "a copy to a little before");
    test_copy(&guest, 500, 500, "a copy to itself");
    execution_destroy(guest.execution);
    instance_destroy(guest.instance);
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    TAP_OK(place.taken_bytes == 0, "all is given back");
    return tap_done();
}
