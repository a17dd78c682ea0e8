/* memory.copy and memory.fill in compiled code, of few bytes and many, known and not: held to memmove
 * and memset; all or nothing at the end of the memory; and what is in registers stays there. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum {
    KNOWN_MAX = 40, /* sizes that are constants: from 0 on */
    COPY = 0,       /* (to, from, count) */
    FILL,           /* (to, value, count) */
    KEPT,           /* (to, from, count, and values that live across the copy) */
    COPY_KNOWN,     /* by size: (to, from) */
    FILL_KNOWN = COPY_KNOWN + KNOWN_MAX + 1,
    FUNCTIONS = FILL_KNOWN + KNOWN_MAX + 1,
    SIZE = 3 << 16,
};

static struct place place;
static struct engine *engine;
static struct instance *instance;
static struct execution *execution;
static u8 *memory;
static u8 expected[SIZE];

static struct module *bulk_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 3, 0x60, 3, 0x7F, 0x7F, 0x7F, 0, 0x60, 2, 0x7F, 0x7F, 0, 0x60, 10, 0x7F, 0x7F, 0x7F,
          0x7E, 0x7E, 0x7E, 0x7E, 0x7C, 0x7C, 0x7C, 1, 0x7E);
    build_section(build, SECTION_FUNCTION);
    build_leb(build, FUNCTIONS);
    BUILD(build, 0, 0, 2);
    for (u32 n = COPY_KNOWN; n < FUNCTIONS; n++)
        BUILD(build, 1);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, SIZE >> 16);
    build_section(build, SECTION_EXPORT);
    build_leb(build, FUNCTIONS);
    for (u32 n = 0; n < FUNCTIONS; n++) {
        char name[4] = { (char)('0' + n / 100), (char)('0' + n / 10 % 10), (char)('0' + n % 10) };
        build_export(build, name, EXTERN_FUNCTION, n);
    }
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS);
    BODY(build, 0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 10, 0, 0);
    BODY(build, 0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 11, 0);
    /* a - b * 3 + c * 5 - d * 7 ^ p ^ q ^ r, the products before the copy */
    BODY(build, 0x20, 3, 0x20, 4, 0x42, 3, 0x7E, 0x7D, 0x20, 5, 0x42, 5, 0x7E, 0x7C, 0x20, 0, 0x20, 1,
         0x20, 2, 0xFC, 10, 0, 0, 0x20, 6, 0x42, 7, 0x7E, 0x7D, 0x20, 7, 0xBD, 0x85, 0x20, 8, 0xBD,
         0x85, 0x20, 9, 0xBD, 0x85);
    for (u8 n = 0; n <= KNOWN_MAX; n++)
        BODY(build, 0x20, 0, 0x20, 1, 0x41, n, 0xFC, 10, 0, 0);
    for (u8 n = 0; n <= KNOWN_MAX; n++)
        BODY(build, 0x20, 0, 0x20, 1, 0x41, n, 0xFC, 11, 0);
    return load(engine, build_end(build));
}

static enum trap call(u32 function, u64 *slots)
{
    return execution_call(execution, instance_function(instance, function), slots);
}

static void memory_renew(void)
{
    for (u32 n = 0; n < SIZE; n++)
        memory[n] = (u8)(n * 7 + (n >> 8));
    memcpy(expected, memory, SIZE);
}

/* By one form or the other; whether the memory is as it should be. `second`: from, or the value. */
static bool does(bool is_copy, bool is_known, const u32 *to_second_count)
{
    u64 to = to_second_count[0], second = to_second_count[1], count = to_second_count[2];
    u64 end = to > second && is_copy ? to : is_copy ? second : to;
    bool is_in = end + count <= SIZE;
    u64 slots[3] = { to, second, count };
    memory_renew();
    if (is_in && is_copy)
        memmove(expected + to, expected + second, count);
    else if (is_in)
        memset(expected + to, (int)(u8)second, count);
    u32 known = (is_copy ? (u32)COPY_KNOWN : (u32)FILL_KNOWN) + (u32)count;
    enum trap trap = call(is_known ? known : is_copy ? (u32)COPY : (u32)FILL, slots);
    return trap == (is_in ? TRAP_NONE : TRAP_MEMORY_OUT_OF_BOUNDS) &&
           memcmp(memory, expected, SIZE) == 0;
}

/* Each way that ranges can lie to each other, and each end of the memory. */
static bool all_places(bool is_known, u32 count)
{
    const u32 middle = SIZE / 2;
    static const i32 distances[] = { 0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 40, 1000, 70000 };
    bool holds = true;
    for (u32 n = 0; n < BASE_ARRAY_COUNT(distances); n++) {
        u32 at = middle - 40000;
        u32 other = at + (u32)distances[n];
        holds = holds && does(true, is_known, (const u32[]){ at, other, count }) &&
                does(true, is_known, (const u32[]){ other, at, count });
    }
    for (u32 beyond = 0; beyond < 3; beyond++) {
        u32 last = SIZE - count + beyond;
        holds = holds && does(true, is_known, (const u32[]){ last, 5, count }) &&
                does(true, is_known, (const u32[]){ 5, last, count }) &&
                does(false, is_known, (const u32[]){ last, 0x1A5, count });
    }
    return holds && does(false, is_known, (const u32[]){ 3, 0x80, count }) &&
           does(true, is_known, (const u32[]){ UINT32_MAX, 0, count }) &&
           does(true, is_known, (const u32[]){ 0, UINT32_MAX - 3, count }) &&
           does(false, is_known, (const u32[]){ UINT32_MAX - 7, 0, count });
}

static bool all_sizes(bool is_known, u32 first, u32 last)
{
    bool holds = true;
    for (u32 count = first; count <= last; count++)
        holds = holds && all_places(is_known, count);
    return holds;
}

static bool is_kept(u32 count)
{
    u64 slots[10] = { 100, 90000, count, 11, 22, 33, 44, 0x123456789ABCDEF0, 0x3FF0000000000001, 5 };
    u64 result = ((u64)11 - 66 + 165 - 308) ^ slots[7] ^ slots[8] ^ slots[9];
    memory_renew();
    memmove(expected + 100, expected + 90000, count);
    return call(KEPT, slots) == TRAP_NONE && slots[0] == result &&
           memcmp(memory, expected, SIZE) == 0;
}

/* ---- Copies that a function of the host stands for ---- */

/* What comes to the host, it refuses. */
static u32 host_calls;

static enum trap host_copy(struct execution *unused, void *context, u64 *slots)
{
    (void)unused, (void)context;
    host_calls++;
    slots[0] = 99;
    return TRAP_NONE;
}

static struct module *lender_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 3, 0x7F, 0x7F, 0x7F, 1, 0x7F);
    build_section(build, SECTION_IMPORT);
    BUILD(build, 1, 1, 'h', 1, 'c', EXTERN_FUNCTION, 0);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 1, 0);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 1);
    build_section(build, SECTION_EXPORT);
    BUILD(build, 1, 1, 'f', EXTERN_FUNCTION, 1);
    build_section(build, SECTION_CODE);
    BUILD(build, 1);
    BODY(build, 0x20, 0, 0x20, 1, 0x20, 2, 0x10, 0);
    return load(engine, build_end(build));
}

/* Whether it gives `result` and asks the host so often. */
static bool lends(const struct instance *lender, const u32 *to_from_size, u32 result, u32 asked)
{
    u64 slots[3] = { to_from_size[0], to_from_size[1], to_from_size[2] };
    host_calls = 0;
    return execution_call(execution, instance_function(lender, 1), slots) == TRAP_NONE &&
           (u32)slots[0] == result && host_calls == asked;
}

/* From the large memory to the small one of the lender. */
static void test_host_copy(void)
{
    enum { SMALL = 1 << 16 };
    struct build build;
    struct instance *nobody = NULL;
    struct instance *lender = NULL;
    struct import_value value = { .kind = EXTERN_FUNCTION, .host = host_copy };
    struct module *module = lender_module(&build);
    value.host_copy = (struct host_copy){ &lender, &instance };
    lender = instantiate(engine, module, &value);
    value.host_copy.from = &nobody;
    struct instance *alone = instantiate(engine, module, &value);
    u64 size;
    const u8 *small = instance_memory(lender, &size);
    bool holds = true;
    memory_renew();
    for (u32 count = 0; count < 200; count++) {
        const u32 copy[3] = { SMALL - count, SIZE - count, count };
        holds = holds && lends(lender, copy, 0, 0) &&
                memcmp(small + SMALL - count, memory + SIZE - count, count) == 0;
    }
    TAP_OK(holds && lends(lender, (const u32[]){ 0, 7, SMALL }, 0, 0) &&
               memcmp(small, memory + 7, SMALL) == 0,
           "copies from one instance to another, up to both ends");
    TAP_OK(lends(lender, (const u32[]){ SMALL - 9, 0, 10 }, 99, 1) &&
               lends(lender, (const u32[]){ 0, SIZE - 9, 10 }, 99, 1) &&
               lends(lender, (const u32[]){ UINT32_MAX, 0, 1 }, 99, 1) &&
               lends(lender, (const u32[]){ 0, UINT32_MAX, UINT32_MAX }, 99, 1) &&
               lends(alone, (const u32[]){ 0, 0, 0 }, 99, 1),
           "what is out of bounds, and who is not there, is the host's affair");
    instance_destroy(alone);
    instance_destroy(lender);
    module_destroy(module);
    build_free(&build);
}

int main(void)
{
    struct build build;
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct module *module = bulk_module(&build);
    instance = instantiate(engine, module, NULL);
    u64 size;
    memory = instance_memory(instance, &size);
    if (execution_create(engine, &(struct execution_options){ 0 }, &execution) != STATUS_OK)
        return 1;
    place_watch(execution);
    TAP_OK(all_sizes(true, 0, KNOWN_MAX), "sizes that are known");
    TAP_OK(all_sizes(false, 0, 100), "small sizes that are not");
    TAP_OK(all_sizes(false, 1023, 1026), "sizes about which string instructions begin");
    TAP_OK(all_sizes(false, 65535, 65537), "sizes about which slices begin");
    TAP_OK(is_kept(9) && is_kept(2000) && is_kept(80000), "values that live across");
    test_host_copy();
    place_watch(NULL);
    execution_destroy(execution);
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    TAP_OK(place.taken_bytes == 0, "all is given back");
    return tap_done();
}
