/* Calls that leave an instance, from compiled code: into the host and into another instance. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct place place;
static struct engine *engine;
static struct execution *execution;
static struct instance *library;
static struct instance *program;

/* ---- The host ---- */

/* What is above a narrow result means nothing. */
static enum trap six(struct execution *of, void *context, u64 *slots)
{
    (void)of, (void)context;
    bool in_order = true;
    for (u32 i = 0; i < 6; i++)
        in_order = in_order && (u32)slots[i] == i + 1;
    slots[0] = (u64)0xABCD << 32 | (in_order ? 7 : 0);
    return TRAP_NONE;
}

static enum trap twice(struct execution *of, void *context, u64 *slots)
{
    (void)of, (void)context;
    slots[0] *= 2;
    return TRAP_NONE;
}

static enum trap fault(struct execution *of, void *context, u64 *slots)
{
    (void)of, (void)context, (void)slots;
    return TRAP_HOST_FAULT;
}

/* ---- The modules ---- */

#define TYPES                                                                                     \
    0x60, 1, TYPE_I32, 1, TYPE_I32, /* 0 */                                                       \
        0x60, 8, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32,  \
        1, TYPE_I32,  /* 1 */                                                                     \
        0x60, 0, 0    /* 2 */

/* Functions 0 and 1 add the library's global, 100, to their argument, or to the last two of eight;
 * function 2 traps. */
static struct module *library_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 3, TYPES);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 3, 0, 1, 2);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 1, TYPE_I32, 1, 0x41, 0xE4, 0, 0x0B);
    build_section(build, SECTION_EXPORT);
    build_leb(build, 3);
    build_export(build, "one", EXTERN_FUNCTION, 0);
    build_export(build, "eight", EXTERN_FUNCTION, 1);
    build_export(build, "trap", EXTERN_FUNCTION, 2);
    build_section(build, SECTION_CODE);
    build_leb(build, 3);
    BODY(build, 0x20, 0, 0x23, 0, 0x6A);
    BODY(build, 0x20, 6, 0x20, 7, 0x6A, 0x23, 0, 0x6A);
    BODY(build, 0x00);
    return load(engine, build_end(build));
}

enum program_function {
    ACROSS = 6, /* imports come first */
    ACROSS_WITH_STACK,
    ACROSS_TO_TRAP,
    HOST_NARROW,
    HOST_WIDE,
    HOST_TRAP,
    FUNCTIONS_END
};

/* Imports 0 to 2 are the library's, 3 to 5 the host's; each function calls one of them. Its own
 * global is 1. */
static struct module *program_module(struct build *build)
{
    static const u8 types[] = { 0, 1, 2, 3, 5, 2 };
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 6, TYPES, 0x60, 6, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, 1,
          TYPE_I32, 0x60, 0, 1, TYPE_I64, 0x60, 1, TYPE_I64, 1, TYPE_I64);
    build_section(build, SECTION_IMPORT);
    build_leb(build, sizeof(types));
    for (u32 i = 0; i < sizeof(types); i++)
        BUILD(build, 1, 'm', 1, 'n', EXTERN_FUNCTION, types[i]);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 6, 4, 4, 4, 4, 4, 4);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 1, TYPE_I32, 1, 0x41, 1, 0x0B);
    build_section(build, SECTION_EXPORT);
    build_leb(build, FUNCTIONS_END - ACROSS);
    for (u32 i = ACROSS; i < FUNCTIONS_END; i++)
        build_export(build, (const char[]){ (char)('a' + i), 0 }, EXTERN_FUNCTION, i);
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS_END - ACROSS);
    BODY(build, 0x41, 5, 0x10, 0, 0x23, 0, 0x6A, 0xAD);
    BODY(build, 0x41, 1, 0x41, 2, 0x41, 3, 0x41, 4, 0x41, 5, 0x41, 6, 0x41, 7, 0x41, 8, 0x10, 1, 0x23,
         0, 0x6A, 0xAD);
    BODY(build, 0x10, 2, 0x42, 0);
    BODY(build, 0x41, 1, 0x41, 2, 0x41, 3, 0x41, 4, 0x41, 5, 0x41, 6, 0x10, 3, 0xAD);
    BODY(build, 0x42, 0x7E, 0x10, 4);
    BODY(build, 0x10, 5, 0x42, 0);
    return load(engine, build_end(build));
}

/* ---- Tests ---- */

static enum trap call(enum program_function function, u64 *result)
{
    u64 slots[1] = { 0 };
    place_watch(execution);
    enum trap trap = execution_call(execution, instance_function(program, function), slots);
    place_watch(NULL);
    *result = slots[0];
    return trap;
}

static bool gives(enum program_function function, u64 expected)
{
    u64 result;
    return call(function, &result) == TRAP_NONE && result == expected;
}

static bool frame_is(u32 index, const struct instance *instance, u32 function)
{
    const struct trap_record *record = execution_trap(execution);
    return index < record->frame_count && record->frames[index].instance == instance &&
           record->frames[index].function == function;
}

static void test_calls(void)
{
    u64 result;
    TAP_OK(gives(ACROSS, 106), "a call into another instance has that one's globals, then its own");
    TAP_OK(gives(ACROSS_WITH_STACK, 116), "so has one with arguments on the stack");
    TAP_OK(call(ACROSS_TO_TRAP, &result) == TRAP_UNREACHABLE && frame_is(0, library, 2) &&
               frame_is(1, program, ACROSS_TO_TRAP) && execution_trap(execution)->frame_count == 2,
           "a trap there has the frames of both");
    TAP_OK(gives(HOST_NARROW, 7), "the host gets six integers in order; what is above a narrow "
                                  "result of its is gone");
    TAP_OK(gives(HOST_WIDE, (u64)-4), "a wide one is whole");
    TAP_OK(call(HOST_TRAP, &result) == TRAP_HOST_FAULT && frame_is(0, program, HOST_TRAP) &&
               execution_trap(execution)->frame_count == 1,
           "a trap of the host's has the caller's frame");
    TAP_OK(gives(ACROSS, 106), "and all goes on after it");
}

int main(void)
{
    struct build library_build, program_build;
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK ||
        execution_create(engine, &(struct execution_options){ 0 }, &execution) != STATUS_OK)
        return 1;
    struct module *library_code = library_module(&library_build);
    struct module *program_code = program_module(&program_build);
    library = instantiate(engine, library_code, NULL);
    const struct import_value imports[] = {
        { .kind = EXTERN_FUNCTION, .instance = library, .index = 0 },
        { .kind = EXTERN_FUNCTION, .instance = library, .index = 1 },
        { .kind = EXTERN_FUNCTION, .instance = library, .index = 2 },
        { .kind = EXTERN_FUNCTION, .host = six },
        { .kind = EXTERN_FUNCTION, .host = twice },
        { .kind = EXTERN_FUNCTION, .host = fault },
    };
    program = instantiate(engine, program_code, imports);
    test_calls();
    instance_destroy(program);
    instance_destroy(library);
    module_destroy(program_code);
    module_destroy(library_code);
    build_free(&program_build);
    build_free(&library_build);
    execution_destroy(execution);
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
