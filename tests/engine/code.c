/* Functions are lowered when they are interpreted for the first time, if there is memory for it. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>

enum { FUNCTIONS = 300 }; /* each calls the next; the last one traps if its argument is 0 */

static struct place place;
static struct engine *engine;

static struct bytes chain(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 1, TYPE_I32, 1, TYPE_I32);
    build_section(build, SECTION_FUNCTION);
    build_leb(build, FUNCTIONS);
    for (u32 i = 0; i < FUNCTIONS; i++)
        build_byte(build, 0);
    build_section(build, SECTION_TABLE);
    BUILD(build, 1, TYPE_FUNCREF, 0, 1);
    build_section(build, SECTION_EXPORT);
    build_leb(build, 1);
    build_export(build, "f", EXTERN_FUNCTION, 0);
    build_section(build, SECTION_ELEMENT);
    BUILD(build, 1, 0, 0x41, 0, 0x0B, 1, 1);
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS);
    BODY(build, 0x20, 0, 0x41, 0, 0x11, 0, 0); /* by the table */
    BODY(build, 0x20, 0, 0x12, 2);             /* by a tail call */
    for (u32 i = 2; i + 1 < FUNCTIONS; i++) {
        const u8 next[] = { 0x20, 0, 0x10, (u8)((i + 1) | 0x80), (u8)((i + 1) >> 7), 0x41, 1, 0x6A };
        build_body(build, next, sizeof(next));
    }
    BODY(build, 0x20, 0, 0x45, 0x04, 0x40, 0x00, 0x0B, 0x20, 0);
    return build_end(build);
}

static enum trap call(struct execution *execution, const struct instance *instance, u64 *slot)
{
    place_watch(execution);
    enum trap trap = execution_call(execution, instance_function(instance, 0), slot);
    place_watch(NULL);
    return trap;
}

int main(void)
{
    struct build build;
    struct execution *execution;
    place_init(&place);
    place.engine.code_reserve = NULL;
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct module *module = load(engine, chain(&build));
    struct instance *instance = instantiate(engine, module, NULL);
    if (execution_create(engine, &(struct execution_options){ 0 }, &execution) != STATUS_OK)
        return 1;
    usize before = module_size(module);
    u32 failures = 0;
    enum trap trap;
    u64 slot;
    do {
        slot = 5;
        place.allowed_takes = failures++ % 16;
        trap = call(execution, instance, &slot);
    } while (trap == TRAP_NO_MEMORY && failures < 1000);
    place.allowed_takes = UINT64_MAX;
    TAP_OK(trap == TRAP_NONE && slot == 5 + FUNCTIONS - 3 && failures > 1,
           "a call that lacks memory for code traps, and works once there is some");
    TAP_OK(module_size(module) > before, "the code has been made then");
    slot = 0;
    trap = call(execution, instance, &slot);
    const struct trap_record *record = execution_trap(execution);
    TAP_OK(trap == TRAP_UNREACHABLE && record->frames[0].function == FUNCTIONS - 1 &&
               record->frames[1].function == FUNCTIONS - 2,
           "each frame of a trap in it is found");
    execution_destroy(execution);
    instance_destroy(instance);
    module_destroy(module);
    engine_destroy(engine);
    build_free(&build);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
