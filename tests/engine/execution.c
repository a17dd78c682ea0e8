/* A run on the interpreter that is interrupted again and again comes to the same end. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct place place;
static struct engine *engine;

struct asked {
    u32 count;
    u32 stop_at; /* 0: never */
};

static enum trap ask_again(struct execution *execution, void *context)
{
    struct asked *asked = context;
    execution_interrupt(execution);
    return ++asked->count == asked->stop_at ? TRAP_STOPPED : TRAP_NONE;
}

/* count(n) = n == 0 ? 0 : count(n - 1) + 1, by calls. */
static struct module *counting_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 1, TYPE_I32, 1, TYPE_I32);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 1, 0);
    build_section(build, SECTION_EXPORT);
    build_leb(build, 1);
    build_export(build, "count", EXTERN_FUNCTION, 0);
    build_section(build, SECTION_CODE);
    build_leb(build, 1);
    BODY(build, 0x20, 0, 0x45, 0x04, TYPE_I32, 0x41, 0, 0x05, 0x20, 0, 0x41, 1, 0x6B, 0x10, 0, 0x41,
         1, 0x6A, 0x0B);
    return load(engine, build_end(build));
}

static enum trap count_to(const struct instance *instance, struct asked *asked, u64 *slots)
{
    const struct execution_options options = {
        .interrupt = ask_again,
        .interrupt_context = asked,
    };
    struct execution *execution;
    if (execution_create(engine, &options, &execution) != STATUS_OK)
        exit(1);
    place_watch(execution);
    execution_interrupt(execution);
    enum trap trap = execution_call(execution, instance_function(instance, 0), slots);
    place_watch(NULL);
    execution_destroy(execution);
    return trap;
}

int main(void)
{
    place_init(&place);
    place.engine.code_reserve = NULL;
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct build build;
    struct module *module = counting_module(&build);
    struct instance *instance = instantiate(engine, module, NULL);
    struct asked asked = { 0 };
    u64 slots[1] = { 1000 };
    TAP_OK(count_to(instance, &asked, slots) == TRAP_NONE && slots[0] == 1000 && asked.count >= 999,
           "a hook that asks to interrupt again at every call lets all calls be made");
    slots[0] = UINT32_MAX;
    TAP_OK(count_to(instance, &asked, slots) == TRAP_CALL_STACK_EXHAUSTED,
           "the stack has its end all the same");
    asked = (struct asked){ .stop_at = 500 };
    TAP_OK(count_to(instance, &asked, slots) == TRAP_STOPPED && asked.count == 500,
           "and the hook can stop the run at any call");
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    TAP_OK(place.taken_bytes == 0, "all is given back");
    return tap_done();
}
