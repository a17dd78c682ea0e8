#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

static struct place place;
static struct engine *engine;

enum { ALL = 11 };

/* Functions 0 and 1 are imported, of types 0: ()->() and 1: (i32)->().
 *   2 calls 3 and 0       6 is in the table, of type 0, and calls 8
 *   3 calls 2             7 is in the table, of type 1, and calls 1
 *   4 calls type 0 indirectly, after one of each immediate
 *   5 calls type 1 indirectly as a tail
 *   8 does nothing        9 is exported, of type 0
 *   10 takes the address of 9 if `takes_address`, else does nothing */
static struct module *reach_module(struct build *build, bool exports_table, bool takes_address)
{
    static const u8 imports[] = { 2, 0, 0, 0, 0, 0, 0, 0, 1 };
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 2, 0x60, 0, 0, 0x60, 1, 0x7F, 0);
    build_section(build, SECTION_IMPORT);
    build_bytes(build, imports, sizeof(imports));
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 9, 0, 0, 0, 0, 0, 1, 0, 0, 0);
    build_section(build, SECTION_TABLE);
    BUILD(build, 1, 0x70, 0, 9);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 1);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 1, 0x7F, 1, 0x41, 0, 0x0B);
    build_section(build, SECTION_EXPORT);
    build_leb(build, exports_table ? 2 : 1);
    build_export(build, "nine", EXTERN_FUNCTION, 9);
    if (exports_table)
        build_export(build, "table", EXTERN_TABLE, 0);
    build_section(build, SECTION_ELEMENT);
    BUILD(build, 2, 0, 0x41, 0, 0x0B, 1, 6);
    BUILD(build, 5, 0x70, 1, 0xD2, 7, 0x0B);
    build_section(build, SECTION_CODE);
    build_leb(build, 9);
    BODY(build, 0x10, 3, 0x10, 0);
    BODY(build, 0x12, 2);
    BODY(build, 0x02, 0x40, 0x41, 0, 0x0E, 2, 0, 0, 0, 0x0B, /* block, i32.const, br_table */
         0x42, 0x7F, 0x1A, 0x43, 1, 2, 3, 4, 0x1A, 0x44, 1, 2, 3, 4, 5, 6, 7, 8, 0x1A, /* constants */
         0x41, 0, 0x28, 2, 0x80, 1, 0x24, 0, 0xD0, 0x70, 0x1A,     /* load, global.set, ref.null */
         0x41, 0, 0x41, 0, 0x41, 1, 0x1C, 1, 0x7F, 0x1A,           /* select with a type */
         0x41, 0, 0x41, 0, 0x41, 0, 0xFC, 10, 0, 0,                /* memory.copy */
         0x41, 0, 0x11, 0, 0);                                     /* call_indirect of type 0 */
    BODY(build, 0x41, 0, 0x41, 0, 0x13, 1, 0);
    BODY(build, 0x10, 8);
    BODY(build, 0x41, 0, 0x10, 1);
    BODY(build, 0x01);
    BODY(build, 0x01);
    if (takes_address)
        BODY(build, 0xD2, 9, 0x1A);
    else
        BODY(build, 0x01);
    return load(engine, build_end(build));
}

struct options {
    bool exports_table;
    bool takes_address;
};

/* Whether exactly these functions can be reached from `function`. */
static bool reaches(struct options options, u32 function, const u32 *wanted, usize count)
{
    struct build build;
    bool expected[ALL] = { 0 };
    bool reached[ALL] = { 0 };
    struct module *module = reach_module(&build, options.exports_table, options.takes_address);
    for (usize i = 0; i < count; i++)
        expected[wanted[i]] = true;
    bool done = module_reach(module, function, reached) == STATUS_OK;
    for (u32 i = 0; i < ALL; i++)
        if (expected[i] != reached[i])
            printf("# from %u: %u is %sreached\n", function, i, reached[i] ? "" : "not ");
    module_destroy(module);
    build_free(&build);
    return done && memcmp(expected, reached, sizeof(reached)) == 0;
}

#define REACHES(options, function, ...) \
    reaches(options, function, (const u32[]){ __VA_ARGS__ }, \
            sizeof((const u32[]){ __VA_ARGS__ }) / sizeof(u32))

int main(void)
{
    struct options plain = { false, false };
    struct options exports_table = { true, false };
    struct options takes_address = { false, true };
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    TAP_OK(REACHES(plain, 8, 8), "a function reaches itself");
    TAP_OK(REACHES(plain, 0, 0), "an imported one too");
    TAP_OK(REACHES(plain, 2, 2, 3, 0), "direct calls are followed, round and round");
    TAP_OK(REACHES(plain, 3, 2, 3, 0), "tail calls as well");
    TAP_OK(REACHES(plain, 4, 4, 6, 8), "an indirect call meets what a table may hold of its type");
    TAP_OK(REACHES(plain, 5, 5, 7, 1), "and nothing of another type");
    TAP_OK(REACHES(exports_table, 4, 4, 6, 8, 9),
           "others can put what is exported into a table that is exported");
    TAP_OK(REACHES(takes_address, 4, 4, 6, 8, 9), "ref.func anywhere makes a function one to meet");
    TAP_OK(REACHES(takes_address, 10, 10), "taking an address is not a call");
    bool reached[ALL] = { 0 };
    struct build build;
    struct module *module = reach_module(&build, false, false);
    place.allowed_takes = 0;
    TAP_OK(module_reach(module, 2, reached) == STATUS_NO_MEMORY && !reached[2],
           "without memory nothing is marked");
    place.allowed_takes = UINT64_MAX;
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    TAP_OK(place.taken_bytes == 0, "all memory is given back");
    return tap_done();
}
