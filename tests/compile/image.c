/* Machine code of one engine in another, where types have other ids and memory other addresses. */
#include "engine/image.h"
#include "engine/x86_64/features.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum {
    SWITCH,    /* (n) -> 10 + n by br_table, for n from 0 to 3, else 99 */
    APPLY,     /* (n) -> the same by call_indirect */
    MISMATCH,  /* call_indirect of what has another type */
    TRAP,      /* (n) -> unreachable, two calls further in */
    INNER,
    MANY,      /* nine parameters: the last */
    TAIL,      /* return_call of MANY, for which there is no code: interpreted */
    FUNCTIONS,
    HEADER_BYTES = 104, /* of an image: all that says whom it is for */
};

static struct place place;

static const u8 body_switch[] = { 0x02, 0x40, 0x02, 0x40, 0x02, 0x40, 0x02, 0x40, 0x02, 0x40,
                                  0x20, 0,    0x0E, 4,    0,    1,    2,    3,    4,    0x0B,
                                  0x41, 10,   0x0F, 0x0B, 0x41, 11,   0x0F, 0x0B, 0x41, 12,
                                  0x0F, 0x0B, 0x41, 13,   0x0F, 0x0B, 0x41, 0xE3, 0x00 };

static struct bytes module_make(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 4, 0x60, 1, TYPE_I32, 1, TYPE_I32, 0x60, 0, 0, 0x60, 1, TYPE_I32, 1, TYPE_I32,
          0x60, 9, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32,
          TYPE_I32, 1, TYPE_I32);
    build_section(build, SECTION_FUNCTION);
    BUILD(build, FUNCTIONS, 0, 2, 0, 0, 0, 3, 0);
    build_section(build, SECTION_TABLE);
    BUILD(build, 1, TYPE_FUNCREF, 0, 1);
    build_section(build, SECTION_EXPORT);
    build_leb(build, FUNCTIONS);
    for (u32 i = 0; i < FUNCTIONS; i++)
        build_export(build, (char[]){ (char)('a' + i), 0 }, EXTERN_FUNCTION, i);
    build_section(build, SECTION_ELEMENT);
    BUILD(build, 1, 0, 0x41, 0, 0x0B, 1, SWITCH);
    build_section(build, SECTION_CODE);
    build_leb(build, FUNCTIONS);
    build_body(build, body_switch, sizeof(body_switch));
    BODY(build, 0x20, 0, 0x41, 0, 0x11, 2, 0);
    BODY(build, 0x41, 0, 0x11, 1, 0, 0x20, 0);
    BODY(build, 0x20, 0, 0x10, INNER);
    BODY(build, 0x20, 0, 0x45, 0x04, 0x40, 0x00, 0x0B, 0x41, 0, 0x10, INNER);
    BODY(build, 0x20, 8);
    BODY(build, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0,
         0x12, MANY);
    return build_end(build);
}

/* Which takes the low ids of its engine. */
static struct module *other_module(struct engine *engine, struct build *build)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    BUILD(build, 3, 0x60, 1, TYPE_I64, 0, 0x60, 0, 1, TYPE_F32, 0x60, 0, 1, TYPE_F64);
    return load(engine, build_end(build));
}

/* ---- Running ---- */

struct subject {
    struct engine *engine;
    struct build bytes, other_bytes;
    struct module *other, *module;
    struct instance *instance;
    struct execution *execution;
};

static struct subject subject_start(struct bytes image, bool ids_differ)
{
    struct subject s = { 0 };
    struct engine_error error;
    bool good = engine_create(&place.engine, &s.engine) == STATUS_OK;
    if (good && ids_differ)
        s.other = other_module(s.engine, &s.other_bytes);
    good = good && module_load_image(s.engine, module_make(&s.bytes), image, &s.module, &error) ==
                       STATUS_OK;
    if (good)
        s.instance = instantiate(s.engine, s.module, NULL);
    const struct execution_options options = { 0 };
    if (!good || execution_create(s.engine, &options, &s.execution) != STATUS_OK)
        exit(1);
    return s;
}

static void subject_end(struct subject *s)
{
    execution_destroy(s->execution);
    instance_destroy(s->instance);
    module_destroy(s->module);
    if (s->other != NULL) {
        module_destroy(s->other);
        build_free(&s->other_bytes);
    }
    engine_destroy(s->engine);
    build_free(&s->bytes);
}

static enum trap call(const struct subject *s, u32 function, u64 *slot)
{
    place_watch(s->execution);
    u64 slots[16] = { *slot };
    enum trap trap = execution_call(s->execution, instance_function(s->instance, function), slots);
    place_watch(NULL);
    *slot = slots[0];
    return trap;
}

static bool gives(const struct subject *s, u32 function, u64 argument, u64 result)
{
    return call(s, function, &argument) == TRAP_NONE && argument == result;
}

static bool computes(const struct subject *s)
{
    u64 slot = 0;
    bool good = gives(s, SWITCH, 7, 99) && gives(s, APPLY, 5, 99) && gives(s, TAIL, 6, 6) &&
                call(s, MISMATCH, &slot) == TRAP_INDIRECT_CALL_TYPE;
    for (u32 i = 0; i < 4; i++)
        good = good && gives(s, SWITCH, i, 10 + i) && gives(s, APPLY, i, 10 + i);
    return good;
}

static struct trap_record trapped(const struct subject *s)
{
    u64 slot = 1;
    BASE_ASSERT(call(s, TRAP, &slot) == TRAP_UNREACHABLE);
    return *execution_trap(s->execution);
}

static bool same_place(const struct trap_record *a, const struct trap_record *b)
{
    bool same = a->frame_count == b->frame_count && a->frame_count == 3;
    for (u32 i = 0; i < a->frame_count && same; i++)
        same = a->frames[i].function == b->frames[i].function &&
               a->frames[i].offset == b->frames[i].offset;
    return same;
}

static struct bytes image_of(const struct subject *s)
{
    usize size = module_image_size(s->module);
    u8 *image = malloc(size);
    BASE_ASSERT(image != NULL && module_image_write(s->module, image, size));
    BASE_ASSERT(!module_image_write(s->module, image, size - 1));
    return (struct bytes){ image, size };
}

/* How many functions' code is taken from the image. */
static u32 taken(struct bytes image)
{
    struct subject s = subject_start(image, false);
    u32 count = module_code(s.module).kept_count;
    BASE_ASSERT(count != 0 || gives(&s, SWITCH, 1, 11));
    subject_end(&s);
    return count;
}

/* ---- Tests ---- */

static struct bytes test_round_trip(void)
{
    struct subject first = subject_start((struct bytes){ 0 }, false);
    TAP_OK(computes(&first), "what is compiled computes what it should");
    struct trap_record record = trapped(&first);
    u32 made_count = module_code(first.module).made_count;
    TAP_OK(made_count == FUNCTIONS - 3 && module_code(first.module).kept_count == 0,
           "all that was called and not inlined was compiled, but for the one that cannot be");
    struct bytes image = image_of(&first);
    struct subject second = subject_start(image, true);
    TAP_OK(module_function_type(first.module, 0)->id != module_function_type(second.module, 0)->id,
           "in another engine the type has another id");
    TAP_OK(computes(&second), "and what comes from the image computes the same");
    struct trap_record other = trapped(&second);
    TAP_OK(same_place(&record, &other), "a trap in it has the same frames at the same bytes");
    struct module_code code = module_code(second.module);
    TAP_OK(code.kept_count == made_count && code.made_count == 0, "nothing was compiled again");
    struct bytes again = image_of(&second);
    TAP_OK(bytes_equal(image, again), "its own image is the same, byte for byte");
    free((void *)(usize)again.data);
    subject_end(&first);
    subject_end(&second);
    return image;
}

static void test_union(void)
{
    struct subject first = subject_start((struct bytes){ 0 }, false);
    bool good = gives(&first, SWITCH, 1, 11);
    struct bytes image = image_of(&first);
    struct subject second = subject_start(image, true);
    good = good && computes(&second) && module_code(second.module).kept_count == 1;
    struct bytes more = image_of(&second);
    struct subject third = subject_start(more, false);
    TAP_OK(good && computes(&third) && module_code(third.module).made_count == 0,
           "what a second run compiles comes besides what the first has kept");
    subject_end(&first);
    subject_end(&second);
    subject_end(&third);
    free((void *)(usize)image.data);
    free((void *)(usize)more.data);
}

static void test_refused(struct bytes image)
{
    u8 *copy = malloc(image.size);
    bool none = copy != NULL;
    for (usize size = 0; size < image.size; size++)
        none = none && taken((struct bytes){ image.data, size }) == 0;
    TAP_OK(none, "an image that ends early is refused, wherever it ends");
    for (usize at = 0; at < HEADER_BYTES && none; at++) {
        memcpy(copy, image.data, image.size);
        copy[at] ^= 1u << at % 8;
        none = taken((struct bytes){ copy, image.size }) == 0;
    }
    TAP_OK(none, "so is one of another format, compiler, CPU, or module");
    free(copy);
    struct x86_64_features *features = x86_64_features();
    features->has_bmi2 = !features->has_bmi2;
    TAP_OK(taken(image) == 0, "so is one that asks of a CPU what this one is said not to have");
    features->has_bmi2 = !features->has_bmi2;
    place.engine.compile_flags = COMPILE_FEW_REGISTERS;
    TAP_OK(taken(image) == 0, "so is one that was compiled otherwise");
    place.engine.compile_flags = 0;
    TAP_OK(taken(image) != 0, "and it itself is taken");
}

/* Loads with more and more memory. */
static void test_no_memory(struct bytes image)
{
    struct engine *engine;
    struct build build;
    struct engine_error error;
    struct module *module;
    struct bytes bytes = module_make(&build);
    bool is_refused = false, is_taken = false;
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        exit(1);
    for (u64 takes = 0; takes < 40; takes++) {
        place.allowed_takes = takes;
        enum status status = module_load_image(engine, bytes, image, &module, &error);
        place.allowed_takes = UINT64_MAX;
        is_refused |= status == STATUS_NO_MEMORY;
        if (status != STATUS_OK)
            continue;
        is_taken |= module_code(module).kept_count != 0;
        module_destroy(module);
    }
    TAP_OK(is_refused && is_taken, "too little memory for an image does no harm");
    engine_destroy(engine);
    build_free(&build);
}

int main(void)
{
    place_init(&place);
    struct bytes image = test_round_trip();
    test_union();
    test_refused(image);
    test_no_memory(image);
    free((void *)(usize)image.data);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
