#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

static struct place place;
static struct engine *engine;
static struct instance *exporter;

static enum trap host(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    (void)context;
    (void)slots;
    return TRAP_NONE;
}

/* Exports function 0 (i32)->(), table 0 (5..10 funcref), table 1 (2.. externref), memory 0 (1..2),
 * memory 1 (1..), global 0 (i64, immutable), global 1 (i64, mutable). */
static struct module *exporting_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 1, 0x7F, 0);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 2, 0, 0);
    build_section(build, SECTION_TABLE);
    BUILD(build, 2, 0x70, 1, 5, 10, 0x6F, 0, 2);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 2, 1, 1, 2, 0, 1);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 2, 0x7E, 0, 0x42, 5, 0x0B, 0x7E, 1, 0x42, 6, 0x0B);
    build_section(build, SECTION_EXPORT);
    build_leb(build, 1);
    build_export(build, "f", EXTERN_FUNCTION, 0);
    build_section(build, SECTION_CODE);
    build_leb(build, 2);
    BODY(build, 0x01);
    BODY(build, 0x01);
    return load(engine, build_end(build));
}

/* Links a module that imports `"m" "n"` with this description, to that value. */
static enum status link_to(const struct import_value *value, const u8 *description, usize size,
                           struct engine_error *error)
{
    struct build build;
    struct instance *instance;
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 2, 0x60, 1, 0x7F, 0, 0x60, 1, 0x7E, 0);
    build_section(&build, SECTION_IMPORT);
    build_leb(&build, 1);
    build_name(&build, "m");
    build_name(&build, "n");
    build_bytes(&build, description, size);
    struct module *module = load(engine, build_end(&build));
    struct instance_options options = { .imports = value };
    enum status status = instance_create(engine, module, &options, &instance, error);
    bool named = bytes_equal(error->name[0], BYTES_LITERAL("m")) &&
                 bytes_equal(error->name[1], BYTES_LITERAL("n"));
    if (status == STATUS_OK)
        instance_destroy(instance);
    else if (!named)
        status = STATUS_TRAP; /* no test expects that */
    module_destroy(module);
    build_free(&build);
    return status;
}

static bool fits(struct import_value value, const u8 *description, usize size)
{
    struct engine_error error;
    return link_to(&value, description, size, &error) == STATUS_OK;
}

static bool clashes(struct import_value value, const u8 *description, usize size)
{
    struct engine_error error;
    return link_to(&value, description, size, &error) == STATUS_INVALID &&
           strcmp(error.message, "incompatible import type") == 0;
}

static bool missing(struct import_value value, const u8 *description, usize size)
{
    struct engine_error error;
    return link_to(&value, description, size, &error) == STATUS_NOT_FOUND &&
           strcmp(error.message, "unknown import") == 0;
}

#define AS(...) (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ })

static struct import_value exported(enum extern_kind kind, u32 index)
{
    return (struct import_value){ .kind = kind, .instance = exporter, .index = index };
}

static void test_functions(void)
{
    static const value_type i32[] = { TYPE_I32 };
    static const struct function_type takes_i32 = { 1, 0, i32, 0, 0 };
    static const struct function_type gives_i32 = { 0, 1, i32, 0, 0 };
    struct import_value of_host = { .kind = EXTERN_FUNCTION, .host = host };
    TAP_OK(fits(exported(EXTERN_FUNCTION, 0), AS(0, 0)), "a function fits its own type");
    TAP_OK(clashes(exported(EXTERN_FUNCTION, 0), AS(0, 1)), "and no other");
    TAP_OK(fits(of_host, AS(0, 0)) && fits(of_host, AS(0, 1)),
           "a function of the host without a type fits any");
    of_host.host_type = &takes_i32;
    TAP_OK(fits(of_host, AS(0, 0)) && clashes(of_host, AS(0, 1)), "with a type, only that");
    of_host.host_type = &gives_i32;
    TAP_OK(clashes(of_host, AS(0, 0)), "a result is not a parameter");
    TAP_OK(missing(exported(EXTERN_FUNCTION, 1), AS(0, 0)) &&
               missing(exported(EXTERN_FUNCTION, 2), AS(0, 0)),
           "a function that is not exported, or not there, is unknown");
    TAP_OK(missing((struct import_value){ .kind = EXTERN_FUNCTION }, AS(0, 0)),
           "an import resolved to nothing is unknown, and named");
}

static void test_kinds(void)
{
    TAP_OK(clashes(exported(EXTERN_FUNCTION, 0), AS(3, 0x7F, 0)) &&
               clashes(exported(EXTERN_MEMORY, 0), AS(1, 0x70, 0, 1)) &&
               clashes(exported(EXTERN_GLOBAL, 0), AS(0, 0)) &&
               clashes(exported(EXTERN_TABLE, 0), AS(2, 0, 1)),
           "kinds do not mix");
    TAP_OK(missing((struct import_value){ .kind = EXTERN_GLOBAL, .host = host }, AS(3, 0x7F, 0)),
           "the host has functions only");
}

static void test_tables(void)
{
    struct import_value funcref = exported(EXTERN_TABLE, 0);
    struct import_value externref = exported(EXTERN_TABLE, 1);
    TAP_OK(fits(funcref, AS(1, 0x70, 1, 5, 10)) && fits(funcref, AS(1, 0x70, 1, 0, 11)) &&
               fits(funcref, AS(1, 0x70, 0, 5)),
           "a table fits if it is large enough now and cannot get too large");
    TAP_OK(clashes(funcref, AS(1, 0x70, 0, 6)), "it may not be smaller than wanted");
    TAP_OK(clashes(funcref, AS(1, 0x70, 1, 5, 9)), "nor grow beyond what is wanted");
    TAP_OK(clashes(externref, AS(1, 0x6F, 1, 2, 100)) && fits(externref, AS(1, 0x6F, 0, 2)),
           "one without a maximum fits only where none is wanted");
    TAP_OK(clashes(funcref, AS(1, 0x6F, 0, 5)), "elements must have the same type");
    TAP_OK(missing(exported(EXTERN_TABLE, 2), AS(1, 0x70, 0, 0)), "one that is not there is unknown");
}

static void test_memories(void)
{
    struct import_value bounded = exported(EXTERN_MEMORY, 0);
    struct import_value unbounded = exported(EXTERN_MEMORY, 1);
    TAP_OK(fits(bounded, AS(2, 1, 1, 2)) && fits(bounded, AS(2, 0, 0)) &&
               clashes(bounded, AS(2, 0, 2)) && clashes(bounded, AS(2, 1, 1, 1)) &&
               clashes(unbounded, AS(2, 1, 1, 9)) && fits(unbounded, AS(2, 0, 1)),
           "memories match as tables do");
    TAP_OK(instance_memory_grow(exporter, 1) == 1 && fits(bounded, AS(2, 0, 2)),
           "and by their size now, not at first");
}

static void test_globals(void)
{
    struct import_value constant = exported(EXTERN_GLOBAL, 0);
    struct import_value variable = exported(EXTERN_GLOBAL, 1);
    TAP_OK(fits(constant, AS(3, 0x7E, 0)) && clashes(constant, AS(3, 0x7F, 0)),
           "a global fits its type");
    TAP_OK(fits(variable, AS(3, 0x7E, 1)) && clashes(variable, AS(3, 0x7E, 0)) &&
               clashes(constant, AS(3, 0x7E, 1)),
           "and its mutability");
}

/* What is imported is the exporter's own. */
static void test_sharing(void)
{
    struct build build;
    u64 size;
    build_start(&build);
    build_section(&build, SECTION_IMPORT);
    BUILD(&build, 2, 0, 0, 2, 0, 1, 0, 0, 3, 0x7E, 1);
    struct module *module = load(engine, build_end(&build));
    struct import_value imports[] = { exported(EXTERN_MEMORY, 0), exported(EXTERN_GLOBAL, 1) };
    struct instance *importer = instantiate(engine, module, imports);
    TAP_OK(instance_memory(importer, &size) == instance_memory(exporter, &size),
           "an imported memory is the exporter's");
    *instance_global(importer, 0) = 99;
    TAP_OK(*instance_global(exporter, 1) == 99, "and so is an imported global");
    TAP_OK(instance_memory_pages(importer) == 0, "pages count where they are defined");
    instance_destroy(importer);
    module_destroy(module);
    build_free(&build);
    TAP_OK(instance_memory(exporter, &size) != NULL && size != 0,
           "the exporter's stay when an importer goes");
}

int main(void)
{
    struct build build;
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct module *module = exporting_module(&build);
    exporter = instantiate(engine, module, NULL);
    test_functions();
    test_kinds();
    test_tables();
    test_memories();
    test_globals();
    test_sharing();
    instance_destroy(exporter);
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
