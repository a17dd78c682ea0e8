#include "engine/limits.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

static struct place place;
static struct engine *engine;

/* Imports global 0 (i32, immutable) and global 1 (i32, mutable), has function 0, and one global of
 * `type` with `code` as its initial value. */
static void build_global(struct build *build, u8 type, const u8 *code, usize size)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 1, 0x60, 0, 0);
    build_section(build, SECTION_IMPORT);
    BUILD(build, 3, 0, 1, 'c', 3, 0x7F, 0, 0, 1, 'v', 3, 0x7F, 1, 0, 1, 'f', 0, 0);
    build_section(build, SECTION_GLOBAL);
    BUILD(build, 1, type, 0);
    build_bytes(build, code, size);
    build_byte(build, 0x0B);
}

static bool refused(const char *message, u8 type, const u8 *code, usize size)
{
    struct build build;
    build_global(&build, type, code, size);
    return loads(engine, &build, STATUS_INVALID, message);
}

#define REFUSED(message, type, ...) \
    refused(message, type, (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

static void test_refused(void)
{
    struct build build;
    TAP_OK(REFUSED("type mismatch", TYPE_I64, 0x41, 0), "the value has the global's type");
    TAP_OK(REFUSED("type mismatch", TYPE_I32, 0x41, 0, 0x41, 0), "there is one value, not two");
    TAP_OK(REFUSED("type mismatch", TYPE_I32, 0x41, 0, 0x6A), "an addition needs two operands");
    TAP_OK(REFUSED("type mismatch", TYPE_I32, 0x41, 0, 0x42, 0, 0x6A), "of one type");
    TAP_OK(REFUSED("unknown global", TYPE_I32, 0x23, 2), "a global cannot be read before it is there");
    TAP_OK(REFUSED("constant expression required", TYPE_I32, 0x23, 1), "nor one that may change");
    TAP_OK(REFUSED("constant expression required", TYPE_I32, 0x41, 0, 0x45), "i32.eqz is not constant");
    TAP_OK(REFUSED("constant expression required", TYPE_I32, 0x41, 0, 0x41, 1, 0x6D),
           "nor is i32.div_s");
    TAP_OK(REFUSED("illegal opcode", TYPE_I32, 0x27), "an opcode that is none is illegal");
    TAP_OK(REFUSED("illegal opcode", TYPE_I32, 0xFC, 0x1F), "with a prefix too");
    TAP_OK(REFUSED("unknown function", TYPE_FUNCREF, 0xD2, 1), "a function reference needs a function");
    static const u8 vector[] = { 0xFD, 0x0C };
    build_global(&build, TYPE_I32, vector, sizeof(vector));
    TAP_OK(loads(engine, &build, STATUS_UNSUPPORTED, "unsupported feature: SIMD"),
           "a vector constant is refused by its feature's name");
}

/* `depth` operands pending at once. */
static void build_deep(struct build *build, u32 depth)
{
    u8 code[4 * LIMIT_CONST_OPERANDS];
    usize size = 0;
    for (u32 i = 0; i < depth; i++) {
        code[size++] = 0x41;
        code[size++] = 1;
    }
    for (u32 i = 1; i < depth; i++)
        code[size++] = 0x6A;
    build_global(build, TYPE_I32, code, size);
}

static void test_depth(void)
{
    struct build build;
    build_deep(&build, LIMIT_CONST_OPERANDS);
    TAP_OK(loads(engine, &build, STATUS_OK, ""), "64 operands may be pending");
    build_deep(&build, LIMIT_CONST_OPERANDS + 1);
    TAP_OK(loads(engine, &build, STATUS_LIMIT, "constant expression too deep"), "and not one more");
}

static void test_values(void)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_GLOBAL);
    BUILD(&build, 7);
    BUILD(&build, 0x7F, 0, 0x41, 0x7F, 0x0B);                                     /* i32 -1 */
    BUILD(&build, 0x7F, 0, 0x23, 0, 0x41, 3, 0x6C, 0x41, 10, 0x6B, 0x0B);         /* -1 * 3 - 10 */
    BUILD(&build, 0x7E, 0, 0x42, 0x7F, 0x42, 5, 0x7E, 0x42, 1, 0x7C, 0x0B);       /* -5 + 1 */
    BUILD(&build, 0x7D, 0, 0x43, 1, 2, 3, 4, 0x0B);                               /* f32 */
    BUILD(&build, 0x7C, 0, 0x44, 1, 2, 3, 4, 5, 6, 7, 8, 0x0B);                   /* f64 */
    BUILD(&build, 0x6F, 0, 0xD0, 0x6F, 0x0B);                                     /* null */
    BUILD(&build, 0x7E, 0, 0x42, 2, 0x42, 7, 0x7D, 0x0B);                         /* 2 - 7 */
    struct module *module = load(engine, build_end(&build));
    struct instance *instance = instantiate(engine, module, NULL);
    TAP_OK(*instance_global(instance, 0) == 0xFFFFFFFF, "a 32-bit value leaves its high half zero");
    TAP_OK(*instance_global(instance, 1) == (u32)-13, "globals may be computed from earlier ones");
    TAP_OK(*instance_global(instance, 2) == (u64)-4 && *instance_global(instance, 6) == (u64)-5,
           "64-bit arithmetic works");
    TAP_OK(*instance_global(instance, 3) == 0x04030201 &&
               *instance_global(instance, 4) == 0x0807060504030201,
           "floats keep their bits");
    TAP_OK(*instance_global(instance, 5) == 0, "a null reference is 0");
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
}

int main(void)
{
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    test_refused();
    test_depth();
    test_values();
    engine_destroy(engine);
    return tap_done();
}
