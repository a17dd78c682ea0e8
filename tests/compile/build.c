/* What the builder makes of small bodies. Each function has two parameters and a local, all i32,
 * and gives an i32. */
#include "engine/compile/build.h"
#include "engine/compile/mark.h"
#include "tests/compile/support/print.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <string.h>

enum { TEXT_BYTES = 1 << 16 };

static struct place place;
static struct engine *engine;

static void bytes_make(struct build *build, const void *code, usize size)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 2, TYPE_I32, TYPE_I32, 1, TYPE_I32);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 1, 0);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 1);
    build_section(build, SECTION_CODE);
    build_leb(build, 1);
    build_leb(build, size + 4);
    BUILD(build, 1, 1, TYPE_I32);
    build_bytes(build, code, size);
    build_byte(build, 0x0B);
}

/* Whether the body is built into exactly that. */
static bool is_built(const void *code, usize size, const char *expected)
{
    static char text[TEXT_BYTES];
    struct build build;
    bytes_make(&build, code, size);
    struct module *module = load(engine, build_end(&build));
    struct builder builder;
    struct ir ir = { .module = module };
    struct marker marker = { .source = &place.engine.source };
    builder_init(&builder, &place.engine.source);
    bool done = builder_run(&builder, &ir, 0) == STATUS_OK && mark_run(&marker, &ir);
    text[0] = '\0';
    if (done)
        print_ir(&ir, text, sizeof(text));
    bool same = strcmp(text, expected) == 0;
    for (char *line = same ? NULL : strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        printf("# %s\n", line);
    mark_destroy(&marker);
    builder_destroy(&builder);
    ir_destroy(&place.engine.source, &ir);
    module_destroy(module);
    build_free(&build);
    return same;
}

#define IS_BUILT(expected, ...)                                                                    \
    is_built((const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }), (expected))

#define GET(local) 0x20, (local)
#define SET(local) 0x21, (local)
#define CONST(value) 0x41, (value)
#define ADD 0x6A
#define LOAD 0x28, 2, 0
#define STORE 0x36, 2, 0
#define END 0x0B

static void test_values(void)
{
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  v2 i32 = argument 0x1\n"
                    "  v4 i32 = i32.add v1 v2\n"
                    "  v5 i32 = i32.mul v4 v4\n"
                    "  return v5\n",
                    GET(0), GET(1), ADD, GET(0), GET(1), ADD, 0x6C),
           "equal computations are one");
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  v7 i32 = constant 0x7\n"
                    "  v8 i32 = i32.add v1 v7\n"
                    "  return v8\n",
                    GET(0), CONST(3), ADD, CONST(4), ADD),
           "constants are added up");
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  v2 i32 = argument 0x1\n"
                    "  i32.store v1 v2\n"
                    "  return v2\n",
                    GET(0), GET(1), STORE, GET(0), LOAD),
           "what was stored need not be loaded");
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  v2 i32 = argument 0x1\n"
                    "  v4 i32 = i32.load v1\n"
                    "  i32.store v2 v4\n"
                    "  v6 i32 = i32.load v1\n"
                    "  return v6\n",
                    GET(1), GET(0), LOAD, STORE, GET(0), LOAD),
           "a store elsewhere may have changed it");
}

static void test_joins(void)
{
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  v2 i32 = argument 0x1\n"
                    "  branch v1 ? 1 : 2\n"
                    "block 1 from 0\n"
                    "  v6 i32 = i32.add v1 v2\n"
                    "  jump 3 (v6)\n"
                    "block 2 from 0\n"
                    "  jump 3 (v2)\n"
                    "block 3 (v11 i32) from 1 2\n"
                    "  return v11\n",
                    GET(0), 0x04, 0x40, GET(0), GET(1), ADD, SET(0), 0x05, GET(1), SET(0), END,
                    GET(0)),
           "what two arms leave in a local meets in a parameter");
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  v2 i32 = argument 0x1\n"
                    "  branch v1 ? 1 : 2\n"
                    "block 1 from 0\n"
                    "  jump 2\n"
                    "block 2 from 1 0\n"
                    "  v8 i32 = i32.add v1 v2\n"
                    "  return v8\n",
                    GET(0), 0x04, 0x40, GET(1), SET(1), END, GET(0), GET(1), ADD),
           "what stays the same needs none");
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  return v1\n",
                    GET(0), 0x0F, 0x02, 0x40, 0x03, 0x40, END, END, GET(1)),
           "what cannot be reached leaves nothing");
}

static void test_loops(void)
{
    TAP_OK(IS_BUILT("block 0\n"
                    "  v1 i32 = argument\n"
                    "  v2 i32 = argument 0x1\n"
                    "  jump 1 (v1)\n"
                    "block 1 (v6 i32) from 1 0, loop\n"
                    "  v7 i32 = i32.add v6 v2\n"
                    "  branch v7 ? 1 (v7) : 2\n"
                    "block 2 from 1, loop\n"
                    "  jump 3\n"
                    "block 3 from 2\n"
                    "  return v7\n",
                    0x03, 0x40, GET(0), GET(1), ADD, 0x22, 0, 0x0D, 0, END, GET(0)),
           "a loop has parameters for what is assigned in it, and for nothing else");
}

int main(void)
{
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    test_values();
    test_joins();
    test_loops();
    engine_destroy(engine);
    TAP_OK(place.taken_bytes == 0, "all is given back");
    return tap_done();
}
