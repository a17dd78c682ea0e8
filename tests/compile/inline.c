/* Small functions that are built where they are called: the same results, traps and frames as on the
 * interpreter, which builds nothing anywhere else. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum {
    DIVIDE,  /* (a, b) -> a / b */
    TWICE,   /* (a, b) -> DIVIDE(a, b) + DIVIDE(b, a): a trap two calls deep, in the second */
    FRESH,   /* () -> a local, plus one: always 1 */
    SUM,     /* (n) -> FRESH() n times, summed up in a loop */
    EARLY,   /* (a) -> 7 by return if a, else 8 */
    EARLIES, /* (a) -> EARLY(a) * 10 + EARLY(!a) */
    STEP,    /* (n) -> FALL(n) */
    FALL,    /* (n) -> STEP(n - 1) + 1; at 0 unreachable */
    NEVER,   /* () -> i32: unreachable */
    AFTER,   /* (a) -> NEVER() + a if a, else 5 */
    FUNCTIONS,
};

struct side {
    struct place place;
    struct engine *engine;
    struct module *module;
    struct instance *instance;
    struct execution *execution;
};

static struct side sides[2]; /* compiled, interpreted */

static struct bytes inline_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 3, 0x60, 2, 0x7F, 0x7F, 1, 0x7F, 0x60, 0, 1, 0x7F, 0x60, 1, 0x7F, 1, 0x7F);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, FUNCTIONS, 0, 0, 1, 2, 2, 2, 2, 2, 1, 2);
    build_section(build, SECTION_EXPORT);
    build_leb(build, FUNCTIONS);
    for (u32 n = 0; n < FUNCTIONS; n++)
        build_export(build, (const char[]){ (char)('a' + n), 0 }, EXTERN_FUNCTION, n);
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS);
    BODY(build, 0x20, 0, 0x20, 1, 0x6D);
    BODY(build, 0x20, 0, 0x20, 1, 0x10, DIVIDE, 0x20, 1, 0x20, 0, 0x10, DIVIDE, 0x6A);
    BUILD(build, 11, 1, 1, 0x7F, 0x20, 0, 0x41, 1, 0x6A, 0x22, 0, 0x0B);
    BUILD(build, 28, 1, 1, 0x7F, 0x03, 0x40, 0x10, FRESH, 0x20, 1, 0x6A, 0x21, 1, 0x20, 0, 0x41, 1,
          0x6B, 0x22, 0, 0x0D, 0, 0x0B, 0x20, 1, 0x1A, 0x20, 1, 0x0B);
    BODY(build, 0x20, 0, 0x04, 0x40, 0x41, 7, 0x0F, 0x0B, 0x41, 8);
    BODY(build, 0x20, 0, 0x10, EARLY, 0x41, 10, 0x6C, 0x20, 0, 0x45, 0x10, EARLY, 0x6A);
    BODY(build, 0x20, 0, 0x10, FALL);
    BODY(build, 0x20, 0, 0x45, 0x04, 0x40, 0x00, 0x0B, 0x20, 0, 0x41, 1, 0x6B, 0x10, STEP, 0x41, 1,
         0x6A);
    BODY(build, 0x00);
    BODY(build, 0x20, 0, 0x04, 0x7F, 0x10, NEVER, 0x20, 0, 0x6A, 0x05, 0x41, 5, 0x0B);
    return build_end(build);
}

static void side_open(struct side *side, struct bytes bytes, bool is_compiled)
{
    place_init(&side->place);
    if (!is_compiled)
        side->place.engine.code_reserve = NULL;
    if (engine_create(&side->place.engine, &side->engine) != STATUS_OK)
        exit(1);
    side->module = load(side->engine, bytes);
    side->instance = instantiate(side->engine, side->module, NULL);
    if (execution_create(side->engine, &(struct execution_options){ 0 }, &side->execution) !=
        STATUS_OK)
        exit(1);
}

static void side_close(struct side *side)
{
    execution_destroy(side->execution);
    instance_destroy(side->instance);
    module_destroy(side->module);
    engine_destroy(side->engine);
}

static enum trap call(struct side *side, u32 function, u32 a, u32 b, u32 *result)
{
    u64 slots[2] = { a, b };
    place_watch(side->execution);
    enum trap trap =
        execution_call(side->execution, instance_function(side->instance, function), slots);
    place_watch(NULL);
    *result = (u32)slots[0];
    return trap;
}

static bool gives(u32 function, u32 a, u32 b, u32 expected)
{
    u32 results[2];
    return call(&sides[0], function, a, b, &results[0]) == TRAP_NONE &&
           call(&sides[1], function, a, b, &results[1]) == TRAP_NONE && results[0] == expected &&
           results[1] == expected;
}

static bool is_frame_equal(const struct trap_frame *a, const struct trap_frame *b)
{
    return a->function == b->function && a->offset == b->offset;
}

/* The same trap on both sides, in so many frames. */
static bool traps(u32 function, u32 a, u32 b, enum trap trap, u32 frames)
{
    u32 result;
    if (call(&sides[0], function, a, b, &result) != trap ||
        call(&sides[1], function, a, b, &result) != trap)
        return false;
    const struct trap_record *compiled = execution_trap(sides[0].execution);
    const struct trap_record *interpreted = execution_trap(sides[1].execution);
    bool holds = compiled->frame_count == interpreted->frame_count &&
                 compiled->omitted_count == interpreted->omitted_count &&
                 compiled->frame_count + compiled->omitted_count == frames;
    for (u32 n = 0; holds && n < compiled->frame_count; n++)
        holds = is_frame_equal(&compiled->frames[n], &interpreted->frames[n]);
    return holds;
}

int main(void)
{
    struct build build;
    struct bytes bytes = inline_module(&build);
    side_open(&sides[0], bytes, true);
    side_open(&sides[1], bytes, false);
    TAP_OK(gives(TWICE, 7, 3, 2) && gives(SUM, 1000, 0, 1000) && gives(EARLIES, 1, 0, 78) &&
               gives(EARLIES, 0, 0, 87) && gives(AFTER, 0, 0, 5),
           "results, fresh locals, returns in the middle");
    TAP_OK(traps(TWICE, 3, 0, TRAP_INTEGER_DIVIDE_BY_ZERO, 2) &&
               traps(TWICE, 0, 3, TRAP_INTEGER_DIVIDE_BY_ZERO, 2),
           "a trap in the first of two, and in the second");
    TAP_OK(traps(AFTER, 1, 0, TRAP_UNREACHABLE, 2), "one that never returns");
    TAP_OK(traps(STEP, 0, 0, TRAP_UNREACHABLE, 2) && traps(FALL, 5, 0, TRAP_UNREACHABLE, 11),
           "functions in one another");
    TAP_OK(traps(STEP, 15, 0, TRAP_UNREACHABLE, 32) && traps(FALL, 16, 0, TRAP_UNREACHABLE, 33) &&
               traps(FALL, 700, 0, TRAP_UNREACHABLE, 1401),
           "more frames than a record has");
    side_close(&sides[0]);
    side_close(&sides[1]);
    build_free(&build);
    TAP_OK(sides[0].place.taken_bytes == 0 && sides[1].place.taken_bytes == 0, "all is given back");
    return tap_done();
}
