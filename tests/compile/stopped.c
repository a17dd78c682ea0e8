/* Compiled code that computes for ever, stopped by a timer and ended there: its last words. */
#include "engine/compiler.h"
#include "platform/hosted/machine_interrupted.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <signal.h>
#include <sys/time.h>

enum {
    MICROSECONDS = 2000,
    LOOP_FUNCTION = 2,
    TURNS = 20,
};

static struct place place;

static bool preempt(u32 cpu, struct interrupted *interrupted)
{
    (void)cpu;
    struct execution *execution = place_watched();
    if (execution == NULL || !compiled_has(execution, interrupted->pc))
        return false; /* the loop has not begun */
    execution_interrupt(execution);
    return execution_preempt(execution, interrupted);
}

static void on_alarm(int number, siginfo_t *info, void *frame)
{
    (void)number, (void)info;
    interrupted_ask(preempt, 0, frame);
}

/* A timer that comes early is none. */
static enum trap end_in_loop(struct execution *execution, void *context)
{
    (void)execution;
    const u64 *is_in_loop = instance_global(*(struct instance **)context, 0);
    return *is_in_loop != 0 ? TRAP_STOPPED : TRAP_NONE;
}

/* outer calls middle calls loops, which says so in a global and leaves its loop only if its argument
 * is 0. */
static struct module *looping_module(struct engine *engine, struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 1, TYPE_I32, 1, TYPE_I32);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 3, 0, 0, 0);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 1, TYPE_I32, 1, 0x41, 0, 0x0B);
    build_section(build, SECTION_EXPORT);
    build_leb(build, 1);
    build_export(build, "outer", EXTERN_FUNCTION, 0);
    build_section(build, SECTION_CODE);
    build_leb(build, 3);
    BODY(build, 0x20, 0, 0x10, 1, 0x20, 0, 0x6A);
    BODY(build, 0x20, 0, 0x10, 2, 0x20, 0, 0x6A);
    BODY(build, 0x41, 1, 0x24, 0, 0x03, 0x40, 0x20, 0, 0x0D, 0, 0x0B, 0x20, 0);
    return load(engine, build_end(build));
}

static bool loops_in(const struct module *module, const struct trap_record *record)
{
    usize body = module->functions[LOOP_FUNCTION].body_offset;
    bool is_well = record->trap == TRAP_STOPPED && record->frame_count == LOOP_FUNCTION + 1;
    for (u32 i = 0; i < record->frame_count && is_well; i++)
        is_well = record->frames[i].function == LOOP_FUNCTION - i;
    return is_well && record->frames[0].offset >= body &&
           record->frames[0].offset < body + module->functions[LOOP_FUNCTION].body.size;
}

static void alarm_each(int microseconds)
{
    struct itimerval timer = { { 0, microseconds }, { 0, microseconds } };
    setitimer(ITIMER_REAL, &timer, NULL);
}

int main(void)
{
    struct build build;
    struct engine *engine;
    struct execution *execution;
    struct instance *instance;
    struct execution_options options = { .interrupt = end_in_loop, .interrupt_context = &instance };
    struct sigaction action = { .sa_sigaction = on_alarm, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    bool has_frames = true;
    place_init(&place);
    BASE_ASSERT(engine_create(&place.engine, &engine) == STATUS_OK);
    BASE_ASSERT(execution_create(engine, &options, &execution) == STATUS_OK);
    struct module *module = looping_module(engine, &build);
    instance = instantiate(engine, module, NULL);
    sigaction(SIGALRM, &action, NULL);
    for (u32 i = 0; i < TURNS; i++) {
        u64 slots[] = { 1 };
        *instance_global(instance, 0) = 0;
        place_watch(execution);
        alarm_each(MICROSECONDS);
        enum trap trap = execution_call(execution, instance_function(instance, 0), slots);
        alarm_each(0);
        place_watch(NULL);
        has_frames &= trap == TRAP_STOPPED && loops_in(module, execution_trap(execution));
    }
    TAP_OK(has_frames, "a loop three calls deep, ended by a timer, has these three frames");
    u64 slots[] = { 0 };
    TAP_OK(execution_call(execution, instance_function(instance, 0), slots) == TRAP_NONE,
           "its execution can be used again");
    execution_destroy(execution);
    instance_destroy(instance);
    module_destroy(module);
    engine_destroy(engine);
    build_free(&build);
    TAP_OK(place_is_empty(&place), "all memory was given back");
    return tap_done();
}
