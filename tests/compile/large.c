/* Functions that ask for much: compiled, or left to the interpreter; both give what they should. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

static struct place place;
static struct engine *engine;
static double load_times; /* memory that the last module took at its most, by its function's size */

/* A body in the making: locals of type i32, then code. */
struct body {
    u8 *bytes;
    usize size;
    usize capacity;
};

static void put(struct body *body, const void *bytes, usize size)
{
    while (body->size + size > body->capacity) {
        body->capacity = body->capacity * 2 + 4096;
        body->bytes = realloc(body->bytes, body->capacity);
    }
    memcpy(body->bytes + body->size, bytes, size);
    body->size += size;
}

#define PUT(body, ...) put((body), (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

static void put_leb(struct body *body, u32 value)
{
    for (; value >= 0x80; value >>= 7)
        PUT(body, (u8)(value | 0x80));
    PUT(body, (u8)value);
}

static struct body body_with(u32 locals)
{
    struct body body = { 0 };
    PUT(&body, 1);
    put_leb(&body, locals);
    PUT(&body, TYPE_I32);
    return body;
}

/* Whether a function with one parameter and that body gives `expected` for 5. */
static bool gives(struct body *body, u32 expected)
{
    struct build build;
    struct execution *execution;
    PUT(body, 0x0B);
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 1, 0x60, 1, TYPE_I32, 1, TYPE_I32);
    build_section(&build, SECTION_FUNCTION);
    BUILD(&build, 1, 0);
    build_section(&build, SECTION_EXPORT);
    build_leb(&build, 1);
    build_export(&build, "f", EXTERN_FUNCTION, 0);
    build_section(&build, SECTION_CODE);
    build_leb(&build, 1);
    build_leb(&build, body->size);
    build_bytes(&build, body->bytes, body->size);
    free(body->bytes);
    u64 before = place.taken_bytes;
    place.taken_bytes_peak = before;
    struct module *module = load(engine, build_end(&build));
    load_times = (double)(place.taken_bytes_peak - before) / (double)body->size;
    struct instance *instance = instantiate(engine, module, NULL);
    if (execution_create(engine, &(struct execution_options){ 0 }, &execution) != STATUS_OK)
        exit(1);
    u64 slots[1] = { 5 };
    place_watch(execution);
    enum trap trap = execution_call(execution, instance_function(instance, 0), slots);
    place_watch(NULL);
    execution_destroy(execution);
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
    return trap == TRAP_NONE && slots[0] == expected;
}

/* Each local is the one before it plus one. */
static void test_locals(void)
{
    enum { LOCALS = 49999 };
    struct body body = body_with(LOCALS);
    for (u32 i = 0; i < LOCALS; i++) {
        PUT(&body, 0x20);
        put_leb(&body, i);
        PUT(&body, 0x41, 1, 0x6A, 0x21);
        put_leb(&body, i + 1);
    }
    PUT(&body, 0x20);
    put_leb(&body, LOCALS);
    TAP_OK(gives(&body, LOCALS + 5), "50000 locals");
}

static void test_nested(u8 opcode, const char *fact)
{
    enum { DEPTH = 20000 };
    struct body body = body_with(1);
    for (u32 i = 0; i < DEPTH; i++)
        PUT(&body, opcode, 0x40);
    PUT(&body, 0x20, 0, 0x41, 1, 0x6A, 0x21, 0);
    for (u32 i = 0; i < DEPTH; i++)
        PUT(&body, 0x0B);
    PUT(&body, 0x20, 0);
    TAP_OK(gives(&body, 6), fact);
}

static void test_loops_with_locals(void)
{
    enum { DEPTH = 2000, LOCALS = 1000 };
    struct body body = body_with(LOCALS);
    for (u32 i = 0; i < DEPTH; i++) {
        PUT(&body, 0x03, 0x40, 0x20, 0, 0x21);
        put_leb(&body, 1 + i % LOCALS);
    }
    for (u32 i = 0; i < DEPTH; i++)
        PUT(&body, 0x0B);
    PUT(&body, 0x20, 7);
    TAP_OK(gives(&body, 5), "2000 loops within each other that assign a thousand locals");
}

static void test_table(u32 targets, const char *fact)
{
    struct body body = body_with(0);
    PUT(&body, 0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0E);
    put_leb(&body, targets);
    for (u32 i = 0; i < targets; i++)
        PUT(&body, i == 5 ? 1 : 0);
    PUT(&body, 0, 0x0B, 0x41, 9, 0x0F, 0x0B, 0x41, 8);
    TAP_OK(gives(&body, 8), fact);
}

/* A sum of many loads of one local keeps nothing; one of many different values keeps all. */
static void test_pressure(void)
{
    enum { VALUES = 500 };
    struct body body = body_with(VALUES);
    for (u32 i = 0; i < VALUES; i++) {
        PUT(&body, 0x20, 0, 0x41);
        put_leb(&body, i % 64);
        PUT(&body, 0x6C, 0x21);
        put_leb(&body, 1 + i);
    }
    PUT(&body, 0x41, 0);
    for (u32 i = 0; i < VALUES; i++) {
        PUT(&body, 0x20);
        put_leb(&body, 1 + i);
        PUT(&body, 0x6A);
    }
    u32 expected = 0;
    for (u32 i = 0; i < VALUES; i++)
        expected += 5 * (i % 64);
    TAP_OK(gives(&body, expected), "500 values at once");
}

/* ---- Memory ---- */

enum { MEMORY_BYTES = 500000 };

/* What compilers make: computations, branches, and locals that are set on some paths. */
static void test_memory_usual(void)
{
    struct body body = body_with(1);
    while (body.size < MEMORY_BYTES)
        PUT(&body, 0x20, 0, 0x20, 1, 0x6A, 0x22, 1, 0x41, 7, 0x71, 0x04, 0x40, 0x20, 1, 0x41, 4, 0x6A,
            0x21, 1, 0x0B);
    PUT(&body, 0x41, 8);
    bool passed = gives(&body, 8);
    printf("# %.1f times the function's bytes\n", load_times);
    TAP_OK(passed && load_times < 20, "compiling takes a bounded multiple of the function's bytes");
}

/* One instruction a byte, each of which gives a value. */
static void test_memory_dense(void)
{
    struct body body = body_with(1);
    PUT(&body, 0x20, 0);
    while (body.size < MEMORY_BYTES)
        PUT(&body, 0x67);
    bool passed = gives(&body, 27);
    printf("# %.1f times the function's bytes\n", load_times);
    TAP_OK(passed && load_times < 64, "the bound holds for an instruction a byte");
}

/* Each branch brings all locals to its end. */
static void test_memory_lists(void)
{
    enum { LOCALS = 500 };
    struct body body = body_with(LOCALS);
    PUT(&body, 0x02, 0x40);
    for (u32 i = 1; i <= LOCALS; i++) {
        PUT(&body, 0x20, 0, 0x21);
        put_leb(&body, i);
    }
    while (body.size < MEMORY_BYTES)
        PUT(&body, 0x20, 0, 0x45, 0x0D, 0);
    PUT(&body, 0x0B, 0x20, 0);
    bool passed = gives(&body, 5);
    printf("# %.1f times the function's bytes\n", load_times);
    TAP_OK(passed && load_times < 48, "so it does where values wander through all blocks");
}

int main(void)
{
    place_init(&place);
    place.engine.compile_flags = COMPILE_AT_LOAD;
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    test_locals();
    test_nested(0x02, "20000 blocks within each other");
    test_nested(0x03, "20000 loops within each other");
    test_loops_with_locals();
    test_table(60000, "a br_table of 60000 targets");
    test_table(1000000, "and one of a million, which is interpreted");
    test_pressure();
    test_memory_usual();
    test_memory_dense();
    test_memory_lists();
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
