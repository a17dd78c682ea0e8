#include "engine/instance.h"
#include "engine/limits.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

static struct place place;
static struct engine *engine;
static u64 pages; /* that the hook has granted and not got back */

static bool count_pages(void *context, u64 pages_before, u64 pages_after)
{
    (void)context;
    pages += pages_after - pages_before;
    return true;
}

/* One table of external references with these limits. */
static struct instance *with_table(struct build *build, u32 min, u32 max, bool has_max,
                                   struct module **module)
{
    struct instance *instance = NULL;
    struct engine_error error;
    struct instance_options options = { .grow = count_pages };
    build_start(build);
    build_section(build, SECTION_TABLE);
    BUILD(build, 1, TYPE_EXTERNREF, has_max);
    build_leb(build, min);
    if (has_max)
        build_leb(build, max);
    pages = 0;
    *module = load(engine, build_end(build));
    return instance_create(engine, *module, &options, &instance, &error) == STATUS_OK ? instance
                                                                                     : NULL;
}

static void end(struct build *build, struct instance *instance, struct module *module)
{
    if (instance != NULL)
        instance_destroy(instance);
    module_destroy(module);
    build_free(build);
}

static void test_small(void)
{
    struct build build;
    struct module *module;
    struct instance *instance = with_table(&build, 3, 10, true, &module);
    struct table *table = instance->tables[0];
    u64 value = 1;
    TAP_OK(place.reserved_bytes == 0 && pages == 0, "a small table is part of its instance");
    TAP_OK(table_get(table, 2, &value) == TRAP_NONE && value == 0, "its elements start as null");
    TAP_OK(table_set(table, 2, 77) == TRAP_NONE && table_get(table, 2, &value) == TRAP_NONE &&
               value == 77,
           "an element keeps what is set");
    TAP_OK(table_get(table, 3, &value) == TRAP_TABLE_OUT_OF_BOUNDS &&
               table_set(table, 3, 1) == TRAP_TABLE_OUT_OF_BOUNDS,
           "there is none beyond the last");
    TAP_OK(table_grow(table, 5, 7) == 3 && table->size == 10 && table->elements[9] == 5 &&
               table->elements[2] == 77,
           "growing fills what is new and keeps what was there");
    TAP_OK(table_grow(table, 5, 1) == -1 && table_grow(table, 5, UINT64_MAX) == -1 &&
               table_grow(table, 5, 0) == 10,
           "not beyond the maximum");
    end(&build, instance, module);
}

static void test_large(void)
{
    struct build build;
    struct module *module;
    struct instance *instance = with_table(&build, 1, 0, false, &module);
    struct table *table = instance->tables[0];
    TAP_OK(place.reserved_bytes != 0 && pages == 1 && instance_memory_pages(instance) == 1,
           "a table without a maximum is a reservation, and its pages count");
    u64 *elements = table->elements;
    elements[0] = 9;
    TAP_OK(table_grow(table, 3, 8191) == 1 && pages == 1, "a page holds 8192 elements");
    TAP_OK(table_grow(table, 4, 1) == 8192 && pages == 2 && table->elements[8192] == 4,
           "one more takes another page");
    TAP_OK(table->elements == elements && elements[0] == 9 && elements[8191] == 3,
           "growing never moves it");
    TAP_OK(table_grow(table, 0, LIMIT_TABLE_ELEMENTS) == -1,
           "none grows beyond ten million elements");
    place.allowed_takes = 0;
    TAP_OK(table_grow(table, 0, 8192) == -1 && pages == 2 && table->size == 8193,
           "without memory it stays, and the pages are taken back");
    place.allowed_takes = UINT64_MAX;
    end(&build, instance, module);
    instance = with_table(&build, LIMIT_TABLE_ELEMENTS, 0, false, &module);
    TAP_OK(instance != NULL, "a table may start with ten million elements");
    end(&build, instance, module);
    instance = with_table(&build, LIMIT_TABLE_ELEMENTS + 1, 0, false, &module);
    TAP_OK(instance == NULL && pages == 0 && place.reserved_bytes == 0, "and not with one more");
    end(&build, instance, module);
}

static void test_bulk(void)
{
    struct build build;
    struct module *module;
    struct instance *instance = with_table(&build, 10, 10, true, &module);
    struct table *table = instance->tables[0];
    for (u64 i = 0; i < 10; i++)
        table->elements[i] = i + 1;
    TAP_OK(table_copy(table, table, (u64[]){ 1, 0, 9 }) == TRAP_NONE && table->elements[9] == 9 &&
               table->elements[1] == 1,
           "a copy upwards may overlap");
    TAP_OK(table_copy(table, table, (u64[]){ 0, 1, 9 }) == TRAP_NONE && table->elements[0] == 1 &&
               table->elements[8] == 9,
           "and one downwards");
    TAP_OK(table_copy(table, table, (u64[]){ 0, 5, 6 }) == TRAP_TABLE_OUT_OF_BOUNDS &&
               table_copy(table, table, (u64[]){ 5, 0, 6 }) == TRAP_TABLE_OUT_OF_BOUNDS &&
               table_copy(table, table, (u64[]){ 10, 10, 0 }) == TRAP_NONE,
           "neither end may be outside");
    TAP_OK(table_fill(table, 8, 6, 2) == TRAP_NONE && table->elements[9] == 6 &&
               table_fill(table, 9, 7, 2) == TRAP_TABLE_OUT_OF_BOUNDS && table->elements[9] == 6 &&
               table_fill(table, 2, 7, UINT64_MAX) == TRAP_TABLE_OUT_OF_BOUNDS,
           "a fill is inside, or does nothing");
    end(&build, instance, module);
}

/* Tables with elements from segments and from initial values. */
static void test_segments(void)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 1, 0x60, 0, 0);
    build_section(&build, SECTION_FUNCTION);
    BUILD(&build, 3, 0, 0, 0);
    build_section(&build, SECTION_TABLE);
    BUILD(&build, 2, 0x70, 0, 4, 0x40, 0, 0x70, 0, 2, 0xD2, 2, 0x0B);
    build_section(&build, SECTION_ELEMENT);
    BUILD(&build, 3, 0, 0x41, 1, 0x0B, 2, 0, 1);
    BUILD(&build, 1, 0, 2, 1, 0, 5, 0x70, 2, 0xD0, 0x70, 0x0B, 0xD2, 0, 0x0B);
    build_section(&build, SECTION_CODE);
    build_leb(&build, 3);
    for (u32 i = 0; i < 3; i++)
        BODY(&build, 0x01);
    struct module *module = load(engine, build_end(&build));
    struct instance *instance = instantiate(engine, module, NULL);
    struct table *table = instance->tables[0];
    u64 function_0 = (u64)(uintptr_t)instance->functions[0];
    u64 function_1 = (u64)(uintptr_t)instance->functions[1];
    TAP_OK(table->elements[0] == 0 && table->elements[1] == function_0 &&
               table->elements[2] == function_1,
           "an active segment is written");
    TAP_OK(instance_table_function(instance, 2) == instance->functions[1] &&
               instance_table_function(instance, 3) == NULL &&
               instance_table_function(instance, 4) == NULL,
           "the host sees what is in table 0");
    TAP_OK(instance->tables[1]->elements[1] == (u64)(uintptr_t)instance->functions[2],
           "a table may have an initial value");
    TAP_OK(table_init(instance, 0, 1, (u64[]){ 0, 0, 2 }) == TRAP_NONE &&
               table->elements[0] == function_1 && table->elements[1] == function_0,
           "a passive segment is written when asked");
    TAP_OK(table_init(instance, 1, 2, (u64[]){ 0, 0, 2 }) == TRAP_NONE &&
               instance->tables[1]->elements[0] == 0 &&
               instance->tables[1]->elements[1] == function_0,
           "a segment of expressions too");
    TAP_OK(table_init(instance, 0, 1, (u64[]){ 0, 1, 2 }) == TRAP_TABLE_OUT_OF_BOUNDS &&
               table_init(instance, 0, 0, (u64[]){ 0, 0, 1 }) == TRAP_TABLE_OUT_OF_BOUNDS,
           "not beyond its end; an active one is dropped once written");
    element_drop(instance, 1);
    TAP_OK(table_init(instance, 0, 1, (u64[]){ 0, 0, 1 }) == TRAP_TABLE_OUT_OF_BOUNDS &&
               table_init(instance, 0, 1, (u64[]){ 4, 0, 0 }) == TRAP_NONE,
           "a dropped segment is empty");
    end(&build, instance, module);
}

int main(void)
{
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    test_small();
    test_large();
    test_bulk();
    test_segments();
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
