#include "engine/limits.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct place place;
static struct engine *engine;

/* A module with a bit of everything. */
static void build_rich(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 2, 0x60, 0, 0, 0x60, 2, 0x7F, 0x7E, 1, 0x7C);
    build_section(build, SECTION_IMPORT);
    BUILD(build, 2, 1, 'm', 1, 'f', 0, 1, 1, 'm', 1, 'g', 3, 0x7F, 0);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 2, 0, 0);
    build_section(build, SECTION_TABLE);
    BUILD(build, 1, 0x70, 1, 2, 9);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 1, 1, 2);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 2, 0x7E, 1, 0x42, 5, 0x0B, 0x70, 0, 0xD2, 1, 0x0B);
    build_section(build, SECTION_EXPORT);
    BUILD(build, 2, 1, 'b', 0, 1, 1, 'a', 2, 0);
    build_section(build, SECTION_START);
    BUILD(build, 1);
    build_section(build, SECTION_ELEMENT);
    BUILD(build, 2, 0, 0x41, 0, 0x0B, 1, 1, 5, 0x70, 1, 0xD2, 2, 0x0B);
    build_section(build, SECTION_DATA_COUNT);
    BUILD(build, 1);
    build_section(build, SECTION_CODE);
    build_leb(build, 2);
    BODY(build, 0x01);
    BODY(build, 0x01);
    build_section(build, SECTION_DATA);
    BUILD(build, 1, 0, 0x41, 0, 0x0B, 2, 'h', 'i');
    build_section(build, SECTION_CUSTOM);
    build_name(build, "name");
    BUILD(build, 1, 6, 1, 1, 3, 'o', 'n', 'e');
}

static void test_queries(void)
{
    struct build build;
    u32 min;
    u32 max;
    build_rich(&build);
    struct module *module = load(engine, build_end(&build));
    struct import_description import = module_import(module, 0);
    TAP_OK(module_import_count(module) == 2 && bytes_equal(import.name, BYTES_LITERAL("f")) &&
               import.function == module_function_type(module, 0),
           "imports are there, with their types");
    TAP_OK(module_import(module, 1).kind == EXTERN_GLOBAL && module_import(module, 1).function == NULL,
           "an imported global has no function type");
    TAP_OK(module_function_count(module) == 3 && module_function_type(module, 3) == NULL,
           "functions are counted with the imported ones, and there is no type beyond the last");
    TAP_OK(module_export(module, 0).index == 1 &&
               bytes_equal(module_export(module, 1).name, BYTES_LITERAL("a")),
           "exports are in the module's order");
    TAP_OK(module_memory(module, &min, &max) && min == 1 && max == 2, "memory 0 has its limits");
    TAP_OK(bytes_equal(module_function_name(module, 1), BYTES_LITERAL("one")) &&
               module_function_name(module, 2).size == 0,
           "function names come from the name section");
    TAP_OK(module_size(module) > 0 && module_bytes(module).data == build.data,
           "a module borrows its bytes and says what it takes besides");
    module_destroy(module);
    build_free(&build);
}

/* A module cut short is an error, unless it is cut between sections that do not need each other. */
static void test_truncation(void)
{
    struct build build;
    build_rich(&build);
    struct bytes whole = build_end(&build);
    bool rejected = true;
    u32 accepted = 0;
    for (usize size = 0; size < whole.size; size++) {
        struct module *module;
        struct engine_error error = { 0 };
        u8 *copy = malloc(size == 0 ? 1 : size); /* so that the sanitizer sees each byte too far */
        memcpy(copy, whole.data, size);
        enum status status = module_load(engine, (struct bytes){ copy, size }, &module, &error);
        if (status == STATUS_OK) {
            accepted++;
            module_destroy(module);
        } else {
            rejected = rejected && status == STATUS_INVALID && error.message != NULL &&
                       error.offset <= size;
        }
        free(copy);
    }
    TAP_OK(rejected && accepted == 4, "a module cut short is refused, but between some sections");
    build_free(&build);
}

static void test_header(void)
{
    struct module *module;
    struct engine_error error;
    TAP_OK(module_load(engine, (struct bytes){ 0 }, &module, &error) == STATUS_INVALID,
           "no bytes are no module");
    struct build build;
    build_start(&build);
    build.data[4] = 2;
    TAP_OK(loads(engine, &build, STATUS_INVALID, "unknown binary version"), "the version counts");
    build_start(&build);
    build.data[0] = 1;
    TAP_OK(loads(engine, &build, STATUS_INVALID, "magic header not detected"), "the magic counts");
    struct bytes vast = { (const u8 *)&build, (usize)LIMIT_MODULE_BYTES + 1 };
    TAP_OK(module_load(engine, vast, &module, &error) == STATUS_LIMIT,
           "a module past 256 MiB is refused unread");
}

static void test_sections(void)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_MEMORY);
    BUILD(&build, 0);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 0);
    TAP_OK(loads(engine, &build, STATUS_INVALID, "unexpected content after last section"),
           "sections have an order");
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 0, 0);
    TAP_OK(loads(engine, &build, STATUS_INVALID, "section size mismatch"), "a section ends on its size");
    build_start(&build);
    build_section(&build, 13);
    BUILD(&build, 0);
    TAP_OK(loads(engine, &build, STATUS_UNSUPPORTED, "unsupported feature: exceptions"),
           "a tag section is refused by its feature's name");
    build_start(&build);
    build_section(&build, SECTION_CUSTOM);
    BUILD(&build, 2, 0xC3, 0x28);
    TAP_OK(loads(engine, &build, STATUS_INVALID, "malformed UTF-8 encoding"),
           "a custom section's name is UTF-8");
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 1, 0x5F, 0);
    TAP_OK(loads(engine, &build, STATUS_UNSUPPORTED, "unsupported feature: garbage collection"),
           "a struct type is refused by its feature's name");
}

/* A type with this many parameters or results. */
static bool loads_type(u32 parameters, u32 results, enum status status, const char *message)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 1, 0x60);
    build_leb(&build, parameters);
    for (u32 i = 0; i < parameters; i++)
        build_byte(&build, TYPE_I64);
    build_leb(&build, results);
    for (u32 i = 0; i < results; i++)
        build_byte(&build, TYPE_F32);
    return loads(engine, &build, status, message);
}

/* `count` items of the same bytes in one section, after a type, a table and a memory. */
struct many {
    enum section_id section;
    u32 count;
    const u8 *item;
    usize item_size;
};

static bool loads_many(const struct many *many, enum status status, const char *message)
{
    struct build build;
    build_start(&build);
    if (many->section != SECTION_TYPE) {
        build_section(&build, SECTION_TYPE);
        BUILD(&build, 1, 0x60, 0, 0);
    }
    build_section(&build, many->section);
    build_leb(&build, many->count);
    for (u32 i = 0; i < many->count; i++)
        build_bytes(&build, many->item, many->item_size);
    return loads(engine, &build, status, message);
}

#define ITEM(...) (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ })

static void test_limits(void)
{
    TAP_OK(loads_type(LIMIT_PARAMETERS, LIMIT_RESULTS, STATUS_OK, "") &&
               loads_type(LIMIT_PARAMETERS + 1, 0, STATUS_LIMIT, "too many parameters") &&
               loads_type(0, LIMIT_RESULTS + 1, STATUS_LIMIT, "too many results"),
           "a type has at most 1000 parameters and 1000 results");
    const struct {
        struct many many;
        const char *message;
    } cases[] = {
        { { SECTION_TYPE, LIMIT_TYPES, ITEM(0x60, 0, 0) }, "too many types" },
        { { SECTION_IMPORT, LIMIT_IMPORTS, ITEM(0, 0, 0, 0) }, "too many imports" },
        { { SECTION_TABLE, LIMIT_TABLES, ITEM(0x70, 0, 0) }, "too many tables" },
        { { SECTION_MEMORY, LIMIT_MEMORIES, ITEM(0, 0) }, "too many memories" },
        { { SECTION_GLOBAL, LIMIT_GLOBALS, ITEM(0x7F, 0, 0x41, 0, 0x0B) }, "too many globals" },
        { { SECTION_ELEMENT, LIMIT_ELEMENT_SEGMENTS, ITEM(1, 0, 0) }, "too many element segments" },
        { { SECTION_DATA, LIMIT_DATA_SEGMENTS, ITEM(1, 0) }, "too many data segments" },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(cases); i++) {
        char name[100];
        struct many more = cases[i].many;
        more.count++;
        snprintf(name, sizeof(name), "%u are fine, one more is %s", cases[i].many.count,
                 cases[i].message);
        TAP_OK(loads_many(&cases[i].many, STATUS_OK, "") &&
                   loads_many(&more, STATUS_LIMIT, cases[i].message),
               name);
    }
    struct many functions = { SECTION_FUNCTION, LIMIT_FUNCTIONS + 1, ITEM(0) };
    TAP_OK(loads_many(&functions, STATUS_LIMIT, "too many functions"), "functions have a bound");
}

/* Imports and definitions of one kind share a bound. */
static void test_shared_limits(void)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_IMPORT);
    BUILD(&build, 1, 0, 0, 2, 0, 0);
    build_section(&build, SECTION_MEMORY);
    build_leb(&build, LIMIT_MEMORIES);
    for (u32 i = 0; i < LIMIT_MEMORIES; i++)
        BUILD(&build, 0, 0);
    TAP_OK(loads(engine, &build, STATUS_LIMIT, "too many memories"),
           "imported memories count against the bound");
    build_start(&build);
    build_section(&build, SECTION_MEMORY);
    BUILD(&build, 1, 1, 0x80, 0x80, 4, 0x80, 0x80, 4);
    TAP_OK(loads(engine, &build, STATUS_OK, ""), "a memory may have 65536 pages");
    build_start(&build);
    build_section(&build, SECTION_MEMORY);
    BUILD(&build, 1, 1, 0, 0x81, 0x80, 4);
    TAP_OK(loads(engine, &build, STATUS_INVALID, "memory size"), "and not one more");
}

/* A count that the bytes cannot hold must not cost more than the bytes do. */
static void test_counts_that_lie(void)
{
    static const u8 sections[] = { SECTION_TYPE,   SECTION_IMPORT,  SECTION_FUNCTION, SECTION_TABLE,
                                   SECTION_MEMORY, SECTION_GLOBAL,  SECTION_EXPORT,   SECTION_ELEMENT,
                                   SECTION_CODE,   SECTION_DATA };
    bool refused = true;
    place.taken_bytes_peak = place.taken_bytes;
    u64 before = place.taken_bytes;
    for (usize i = 0; i < sizeof(sections); i++) {
        struct build build;
        build_start(&build);
        build_section(&build, sections[i]);
        BUILD(&build, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0, 0, 0, 0);
        refused = refused && loads(engine, &build, STATUS_INVALID, "unexpected end");
    }
    TAP_OK(refused, "a count larger than the rest of its section is refused");
    TAP_OK(place.taken_bytes_peak - before < 16384, "and takes no memory for what is not there");
}

static void build_big(struct build *build)
{
    enum { FUNCTIONS = 60000, GLOBALS = 15600, SEGMENTS = 98000 };
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 0, 0);
    build_section(build, SECTION_FUNCTION);
    build_leb(build, FUNCTIONS);
    for (u32 i = 0; i < FUNCTIONS; i++)
        build_byte(build, 0);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 2);
    build_section(build, SECTION_GLOBAL);
    build_leb(build, GLOBALS);
    for (u32 i = 0; i < GLOBALS; i++)
        BUILD(build, 0x7F, 1, 0x41, 7, 0x0B);
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS);
    for (u32 i = 0; i < FUNCTIONS; i++)
        BODY(build, 0x10, 0, 0x01);
    build_section(build, SECTION_DATA);
    build_leb(build, SEGMENTS);
    for (u32 i = 0; i < SEGMENTS; i++)
        BUILD(build, 0, 0x41, 0xE4, 0x00, 0x0B, 1, (u8)i);
}

static void test_big(void)
{
    struct build build;
    u64 size;
    build_big(&build);
    struct bytes bytes = build_end(&build);
    u64 before = place.taken_bytes;
    place.taken_bytes_peak = before;
    struct module *module = load(engine, bytes);
    u64 peak = place.taken_bytes_peak - before;
    printf("# %zu bytes of module, %llu in memory\n", bytes.size, (unsigned long long)peak);
    TAP_OK(peak < 64 * bytes.size, "60,000 functions and 98,000 segments take memory in proportion");
    struct instance *instance = instantiate(engine, module, NULL);
    TAP_OK(instance_memory(instance, &size)[100] == (u8)97999 && size == 131072,
           "all segments are written, in order");
    TAP_OK(*instance_global(instance, 15599) == 7 && instance_global(instance, 15600) == NULL,
           "all globals are there");
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
}

/* `count` exports e0, e1, ... of one memory; the last is called `last`. */
static void build_exports(struct build *build, u32 count, const char *last)
{
    build_start(build);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 0);
    build_section(build, SECTION_EXPORT);
    build_leb(build, count);
    for (u32 i = 0; i < count; i++) {
        char name[20];
        snprintf(name, sizeof(name), "e%u", i);
        build_export(build, i + 1 == count ? last : name, EXTERN_MEMORY, 0);
    }
}

static void test_export_names(void)
{
    enum { COUNT = 100000 };
    struct build build;
    u32 index;
    build_exports(&build, COUNT, "e4711");
    TAP_OK(loads(engine, &build, STATUS_INVALID, "duplicate export name"),
           "one name that comes twice among 100,000 is found");
    build_exports(&build, COUNT, "");
    struct module *module = load(engine, build_end(&build));
    struct instance *instance = instantiate(engine, module, NULL);
    TAP_OK(instance_find_export(instance, BYTES_LITERAL("e0"), EXTERN_MEMORY, &index) &&
               instance_find_export(instance, BYTES_LITERAL("e99998"), EXTERN_MEMORY, &index) &&
               instance_find_export(instance, BYTES_LITERAL(""), EXTERN_MEMORY, &index),
           "exports are found by name, the empty one too");
    TAP_OK(!instance_find_export(instance, BYTES_LITERAL("e99999"), EXTERN_MEMORY, &index) &&
               !instance_find_export(instance, BYTES_LITERAL("e0"), EXTERN_FUNCTION, &index),
           "and not by another name or kind");
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
}

/* Every allocation of a load fails once. */
static void test_no_memory(void)
{
    struct build build;
    build_rich(&build);
    struct bytes bytes = build_end(&build);
    u64 before = place.taken_bytes;
    enum status status = STATUS_NO_MEMORY;
    u64 allowed = 0;
    bool clean = true;
    for (; status == STATUS_NO_MEMORY && allowed < 1000; allowed++) {
        struct module *module;
        struct engine_error error;
        place.allowed_takes = allowed;
        status = module_load(engine, bytes, &module, &error);
        place.allowed_takes = UINT64_MAX;
        if (status == STATUS_OK)
            module_destroy(module);
        clean = clean && place.taken_bytes == before;
    }
    TAP_OK(clean && status == STATUS_OK && allowed > 1, "a load without memory leaves nothing behind");
    build_free(&build);
}

int main(void)
{
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    test_queries();
    test_truncation();
    test_header();
    test_sections();
    test_limits();
    test_shared_limits();
    test_counts_that_lie();
    test_big();
    test_export_names();
    test_no_memory();
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
