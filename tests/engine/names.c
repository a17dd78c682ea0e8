/* The name section is a courtesy: a broken one costs names, never the module. */
#include "tests/engine/support/build.h"
#include "tests/tap.h"

static struct place place;
static struct engine *engine;

/* A module of three functions with this content of a name section. */
static struct module *with_names(struct build *build, const u8 *content, usize size)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 0, 0);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, 3, 0, 0, 0);
    build_section(build, SECTION_CODE);
    build_leb(build, 3);
    for (u32 i = 0; i < 3; i++)
        BODY(build, 0x01);
    build_section(build, SECTION_CUSTOM);
    build_name(build, "name");
    build_bytes(build, content, size);
    return load(engine, build_end(build));
}

/* Whether the functions get these names from that content. */
static bool names_are(const char *const names[3], const u8 *content, usize size)
{
    struct build build;
    bool equal = true;
    struct module *module = with_names(&build, content, size);
    for (u32 i = 0; i < 3; i++)
        equal = equal && bytes_equal(module_function_name(module, i), bytes_from_text(names[i]));
    module_destroy(module);
    build_free(&build);
    return equal;
}

#define NAMES(a, b, c, ...) \
    names_are((const char *const[]){ a, b, c }, (const u8[]){ __VA_ARGS__ }, \
              sizeof((const u8[]){ __VA_ARGS__ }))

int main(void)
{
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    TAP_OK(NAMES("a", "", "c", 1, 7, 2, 0, 1, 'a', 2, 1, 'c'), "functions may have names or none");
    TAP_OK(NAMES("a", "", "", 0, 2, 1, 'm', 1, 4, 1, 0, 1, 'a', 2, 1, 0),
           "other parts of the section are passed over");
    TAP_OK(NAMES("a", "", "", 1, 7, 2, 0, 1, 'a', 9, 1, 'x'), "a name beyond the last function is nobody's");
    TAP_OK(NAMES("a", "", "", 1, 8, 2, 0, 1, 'a', 1, 2, 0xC3, 0x28), "a name that is not UTF-8 ends them");
    TAP_OK(NAMES("", "", "", 1, 7, 200, 0, 1, 'a', 1, 1, 'b'), "a count that cannot be gives none");
    TAP_OK(NAMES("a", "", "", 1, 6, 2, 0, 1, 'a', 1, 9), "a name cut short ends them");
    TAP_OK(NAMES("", "", "", 1, 200, 1, 0, 1, 'a'), "a part larger than the section gives none");
    TAP_OK(NAMES("a", "", "", 1, 4, 1, 0, 1, 'a', 1, 4, 1, 0, 1, 'z'), "of two such parts the first counts");
    TAP_OK(NAMES("", "", "", 0xFF), "an unfinished part gives none");
    struct module *module;
    struct build build;
    module = with_names(&build, NULL, 0);
    TAP_OK(module_function_name(module, 0).size == 0, "an empty name section names nothing");
    TAP_OK(module_function_name(module, 77).size == 0, "and there is no name beyond the last function");
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    return tap_done();
}
