/* Threads of one program: instances with globals of their own over shared functions, tables and
 * memories, running at once. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <pthread.h>

enum {
    BUMP,          /* adds one to the global and gives it */
    BUMP_DIRECTLY, /* calls BUMP */
    BUMP_BY_TABLE, /* calls BUMP through the table */
    BUMP_BY_TAIL,  /* as a tail call */
    GROW,          /* memory.grow by one page */
    GROW_TABLE,    /* table.grow by one */
    PUT,           /* puts a reference to BUMP into the table's slot 1 */
    FUNCTIONS,
};

static struct place place;
static struct engine *engine;

static struct module *threads_module(struct build *build)
{
    static const char *const names[FUNCTIONS] = { "a", "b", "c", "d", "e", "f", "g" };
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 0, 1, 0x7F);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, FUNCTIONS, 0, 0, 0, 0, 0, 0, 0);
    build_section(build, SECTION_TABLE);
    BUILD(build, 1, 0x70, 0, 2);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 1);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 1, 0x7F, 1, 0x41, 10, 0x0B);
    build_section(build, SECTION_EXPORT);
    build_leb(build, FUNCTIONS);
    for (u32 i = 0; i < FUNCTIONS; i++)
        build_export(build, names[i], EXTERN_FUNCTION, i);
    build_section(build, SECTION_ELEMENT);
    BUILD(build, 1, 0, 0x41, 0, 0x0B, 1, BUMP);
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS);
    BODY(build, 0x23, 0, 0x41, 1, 0x6A, 0x24, 0, 0x23, 0);
    BODY(build, 0x10, BUMP);
    BODY(build, 0x41, 0, 0x11, 0, 0);
    BODY(build, 0x41, 0, 0x13, 0, 0);
    BODY(build, 0x41, 1, 0x40, 0);
    BODY(build, 0xD2, BUMP, 0x41, 1, 0xFC, 15, 0);
    BODY(build, 0x41, 1, 0xD2, BUMP, 0x26, 0, 0x41, 0);
    return load(engine, build_end(build));
}

/* A thread: an instance and an execution. */
struct thread {
    struct instance *instance;
    struct execution *execution;
};

static bool thread_start(struct thread *thread, const struct instance *parent)
{
    struct execution_options options = { .stack_bytes = 64 << 10 };
    return instance_create_thread(parent, &thread->instance) == STATUS_OK &&
           execution_create(engine, &options, &thread->execution) == STATUS_OK;
}

static void thread_end(struct thread *thread)
{
    execution_destroy(thread->execution);
    instance_destroy(thread->instance);
}

/* The result of a function without parameters; UINT64_MAX if it traps. */
static u64 call(const struct thread *thread, u32 function)
{
    u64 slots[1] = { 0 };
    struct function *callee = instance_function(thread->instance, function);
    place_watch(thread->execution);
    return execution_call(thread->execution, callee, slots) == TRAP_NONE ? slots[0] : UINT64_MAX;
}

static void test_globals(struct instance *parent)
{
    struct thread thread;
    if (!thread_start(&thread, parent))
        return;
    TAP_OK(call(&thread, BUMP) == 11 && call(&thread, BUMP_DIRECTLY) == 12 &&
               *instance_global(parent, 0) == 10,
           "a thread's code runs on the thread's globals");
    TAP_OK(call(&thread, BUMP_BY_TABLE) == 13 && *instance_global(parent, 0) == 10,
           "also what it calls through the shared table");
    TAP_OK(call(&thread, BUMP_BY_TAIL) == 14 && *instance_global(parent, 0) == 10,
           "and by a tail call through it");
    TAP_OK(call(&thread, PUT) == 0 &&
               instance_table_function(parent, 1) == instance_function(parent, BUMP),
           "what it puts into a table is the parent's function");
    thread_end(&thread);
    struct thread next;
    if (!thread_start(&next, parent))
        return;
    TAP_OK(instance_table_function(next.instance, 1) == instance_function(parent, BUMP),
           "which outlives the thread");
    thread_end(&next);
}

enum { GROWTHS = 200, GROWERS = 3 };

struct grower {
    struct thread thread;
    u64 sum; /* of what memory.grow and table.grow gave */
    bool fine;
};

static void *grow_often(void *argument)
{
    struct grower *grower = argument;
    grower->fine = true;
    for (u32 i = 0; i < GROWTHS; i++) {
        u64 memory = call(&grower->thread, GROW);
        u64 table = call(&grower->thread, GROW_TABLE);
        grower->fine = grower->fine && memory < UINT32_MAX && table < UINT32_MAX;
        grower->sum += memory + table;
    }
    return NULL;
}

static void test_growth(struct instance *parent)
{
    pthread_t threads[GROWERS];
    struct grower growers[GROWERS] = { 0 };
    u64 total = GROWERS * GROWTHS;
    u64 sum = 0;
    bool fine = true;
    for (u32 i = 0; i < GROWERS; i++)
        fine = fine && thread_start(&growers[i].thread, parent);
    for (u32 i = 0; i < GROWERS; i++)
        pthread_create(&threads[i], NULL, grow_often, &growers[i]);
    for (u32 i = 0; i < GROWERS; i++) {
        pthread_join(threads[i], NULL);
        fine = fine && growers[i].fine;
        sum += growers[i].sum;
        thread_end(&growers[i].thread);
    }
    /* Sizes 1, 2, ... and 2, 3, ...: each is given to exactly one. */
    u64 expected = total * (total + 1) / 2 + total * (total + 3) / 2;
    TAP_OK(fine && sum == expected, "several may grow one memory and one table at once");
    u64 size;
    instance_memory(parent, &size);
    TAP_OK(size == (total + 1) * 65536, "and no growth is lost");
}

int main(void)
{
    struct build build;
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct module *module = threads_module(&build);
    struct instance *parent = instantiate(engine, module, NULL);
    test_globals(parent);
    test_growth(parent);
    instance_destroy(parent);
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
