#include "engine/instance.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

static struct place place;
static struct engine *engine;

/* A program as compilers make them: 40 functions of which one is exported and two are in a table, a
 * stack pointer, a memory with a string in it. */
static struct module *program_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 0, 0);
    build_section(build, SECTION_IMPORT);
    BUILD(build, 1, 1, 'h', 1, 'f', 0, 0);
    build_section(build, SECTION_FUNCTION);
    build_leb(build, 40);
    for (u32 i = 0; i < 40; i++)
        build_byte(build, 0);
    build_section(build, SECTION_TABLE);
    BUILD(build, 1, 0x70, 1, 3, 3);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 0, 2);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 1, 0x7F, 1, 0x41, 42, 0x0B);
    build_section(build, SECTION_EXPORT);
    build_leb(build, 2);
    build_export(build, "memory", EXTERN_MEMORY, 0);
    build_export(build, "_start", EXTERN_FUNCTION, 7);
    build_section(build, SECTION_START);
    BUILD(build, 9);
    build_section(build, SECTION_ELEMENT);
    BUILD(build, 1, 0, 0x41, 1, 0x0B, 2, 3, 4);
    build_section(build, SECTION_CODE);
    build_leb(build, 40);
    for (u32 i = 0; i < 40; i++)
        BODY(build, 0x01);
    build_section(build, SECTION_DATA);
    BUILD(build, 1, 0, 0x41, 8, 0x0B, 5, 'h', 'e', 'l', 'l', 'o');
    return load(engine, build_end(build));
}

static enum trap host(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    (void)context;
    (void)slots;
    return TRAP_NONE;
}

static const struct import_value imports[] = { { .kind = EXTERN_FUNCTION, .host = host } };

static void test_program(const struct module *module)
{
    u32 index;
    u64 size;
    u64 before = place.taken_bytes;
    struct instance *instance = instantiate(engine, module, imports);
    printf("# an instance takes %llu bytes\n", (unsigned long long)(place.taken_bytes - before));
    TAP_OK(place.taken_bytes - before <= 4096, "a small program's instance takes one page");
    TAP_OK(memcmp(instance_memory(instance, &size) + 8, "hello", 5) == 0, "its data is in place");
    TAP_OK(instance_find_export(instance, BYTES_LITERAL("_start"), EXTERN_FUNCTION, &index) &&
               index == 7 && instance_function(instance, 7) != NULL &&
               function_type_of(instance_function(instance, 7)) == module_function_type(module, 7),
           "an exported function can be called");
    TAP_OK(instance_start_function(instance) == 9 && instance_function(instance, 9) != NULL,
           "and so can the start function");
    TAP_OK(instance_function(instance, 5) == NULL && instance_function(instance, 41) == NULL,
           "one that nothing points at has no object, and there is none beyond the last");
    TAP_OK(instance_table_function(instance, 1) == instance->functions[3], "its table is filled");
    TAP_OK(instance_module(instance) == module && instance_owner(instance) == NULL,
           "it knows its module and owner");
    instance_destroy(instance);
}

static void test_no_memory(const struct module *module)
{
    struct instance_options options = { .imports = imports };
    u64 taken = place.taken_bytes;
    enum status status = STATUS_NO_MEMORY;
    u64 allowed = 0;
    bool clean = true;
    for (; status == STATUS_NO_MEMORY && allowed < 100; allowed++) {
        struct instance *instance;
        struct engine_error error;
        place.allowed_takes = allowed;
        status = instance_create(engine, module, &options, &instance, &error);
        place.allowed_takes = UINT64_MAX;
        clean = clean && (status == STATUS_OK || error.message != NULL);
        if (status == STATUS_OK)
            instance_destroy(instance);
        clean = clean && place.taken_bytes == taken && place.reserved_bytes == 0;
    }
    TAP_OK(clean && status == STATUS_OK && allowed > 2,
           "an instance for which there is no memory leaves nothing");
}

static void test_thread(const struct module *module)
{
    u64 size;
    struct instance *second;
    struct instance *third;
    struct instance *first = instantiate(engine, module, imports);
    *instance_global(first, 0) = 1000;
    if (instance_create_thread(first, &second) != STATUS_OK ||
        instance_create_thread(second, &third) != STATUS_OK)
        return;
    TAP_OK(*instance_global(second, 0) == 42 && instance_global(second, 0) != instance_global(first, 0),
           "a thread's globals are its own and start anew");
    TAP_OK(instance_memory(second, &size) == instance_memory(first, &size) &&
               instance_memory_grow(second, 1) == 2 && instance_memory_grow(first, 0) == 3,
           "its memory is its parent's");
    TAP_OK(second->tables[0] == first->tables[0] && second->functions == first->functions,
           "its tables and the functions in them too");
    TAP_OK(instance_memory_pages(second) == 0 && instance_memory_pages(first) == 3,
           "pages count once");
    TAP_OK(instance_function(second, 7) != instance_function(first, 7) &&
               instance_function(second, 7)->instance == second &&
               instance_function(second, 0) == instance_function(first, 0),
           "a call from outside runs with the thread's globals");
    TAP_OK(third->parent == first, "a thread of a thread is a thread of the first");
    instance_destroy(second);
    instance_destroy(third);
    TAP_OK(instance_memory(first, &size)[8] == 'h', "the parent outlives its threads");
    instance_destroy(first);
}

/* Segments that do not fit: what is written before stays. */
static void test_trap(void)
{
    struct build build;
    struct instance *instance = NULL;
    struct engine_error error;
    struct instance_options options = { 0 };
    build_start(&build);
    build_section(&build, SECTION_MEMORY);
    BUILD(&build, 1, 0, 1);
    build_section(&build, SECTION_DATA);
    BUILD(&build, 3, 0, 0x41, 0, 0x0B, 1, 'a', 0, 0x41, 0xFF, 0xFF, 3, 0x0B, 2, 'b', 'b');
    BUILD(&build, 0, 0x41, 1, 0x0B, 1, 'c');
    struct module *module = load(engine, build_end(&build));
    TAP_OK(instance_create(engine, module, &options, &instance, &error) == STATUS_TRAP &&
               strcmp(error.message, "out of bounds memory access") == 0,
           "a segment that does not fit traps");
    u8 *memory = instance->memories[0]->base;
    TAP_OK(memory[0] == 'a' && memory[1] == 0 && memory[65535] == 0,
           "those before it are written, it and those behind it are not");
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
}

static void test_element_trap(void)
{
    struct build build;
    struct instance *instance = NULL;
    struct engine_error error;
    struct instance_options options = { 0 };
    build_start(&build);
    build_section(&build, SECTION_TABLE);
    BUILD(&build, 1, 0x70, 0, 1);
    build_section(&build, SECTION_ELEMENT);
    BUILD(&build, 1, 4, 0x41, 1, 0x0B, 1, 0xD0, 0x70, 0x0B);
    struct module *module = load(engine, build_end(&build));
    TAP_OK(instance_create(engine, module, &options, &instance, &error) == STATUS_TRAP &&
               strcmp(error.message, "out of bounds table access") == 0,
           "elements that do not fit trap");
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
}

int main(void)
{
    struct build build;
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct module *module = program_module(&build);
    test_program(module);
    test_no_memory(module);
    test_thread(module);
    module_destroy(module);
    build_free(&build);
    test_trap();
    test_element_trap();
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
