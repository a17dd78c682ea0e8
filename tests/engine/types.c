#include "engine/types.h"

#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <pthread.h>

/* Type `number` of as many different ones as one likes: a distinct row of parameters. */
static void build_type(struct build *build, u32 number)
{
    u32 length = 0;
    while (number >> (2 * length) != 0)
        length++;
    BUILD(build, 0x60);
    build_leb(build, length);
    for (u32 i = 0; i < length; i++)
        build_byte(build, (u8)(TYPE_F64 + (number >> (2 * i) & 3)));
    BUILD(build, 0);
}

/* A module with types `first` to `first + count - 1` in that order, each imported by a function. */
static struct bytes types_module(struct build *build, u32 first, u32 count)
{
    build_start(build);
    build_section(build, SECTION_TYPE);
    build_leb(build, count);
    for (u32 i = 0; i < count; i++)
        build_type(build, first + i);
    build_section(build, SECTION_IMPORT);
    build_leb(build, count);
    for (u32 i = 0; i < count; i++) {
        BUILD(build, 0, 0, EXTERN_FUNCTION);
        build_leb(build, i);
    }
    return build_end(build);
}

static u32 id_of(const struct module *module, u32 function)
{
    return module_function_type(module, function)->id;
}

static void test_ids(struct engine *engine)
{
    struct build builds[2];
    struct module *a = load(engine, types_module(&builds[0], 0, 100));
    struct module *b = load(engine, types_module(&builds[1], 50, 100));
    bool equal = true;
    bool different = true;
    for (u32 i = 0; i < 100; i++)
        for (u32 j = 0; j < 100; j++)
            if (i == j + 50)
                equal = equal && id_of(a, i) == id_of(b, j);
            else
                different = different && id_of(a, i) != id_of(b, j);
    TAP_OK(equal, "equal types of two modules have one id");
    TAP_OK(different, "different types have different ids");
    u32 shared = id_of(a, 75);
    module_destroy(a);
    struct build again;
    struct module *c = load(engine, types_module(&again, 60, 30));
    TAP_OK(id_of(b, 25) == shared && id_of(c, 15) == shared,
           "an id stays while any module holds the type, whoever came first");
    module_destroy(c);
    module_destroy(b);
    build_free(&builds[0]);
    build_free(&builds[1]);
    build_free(&again);
}

/* Parameters and results of the same total are different types. */
static void test_shapes(struct engine *engine)
{
    struct build build;
    build_start(&build);
    build_section(&build, SECTION_TYPE);
    BUILD(&build, 4, 0x60, 2, 0x7F, 0x7F, 0, 0x60, 1, 0x7F, 1, 0x7F);
    BUILD(&build, 0x60, 0, 2, 0x7F, 0x7F, 0x60, 1, 0x7F, 1, 0x7F);
    build_section(&build, SECTION_IMPORT);
    BUILD(&build, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3);
    struct module *module = load(engine, build_end(&build));
    TAP_OK(id_of(module, 0) != id_of(module, 1) && id_of(module, 1) != id_of(module, 2) &&
               id_of(module, 0) != id_of(module, 2),
           "where parameters end is part of a type");
    TAP_OK(id_of(module, 1) == id_of(module, 3), "a module may have a type twice");
    module_destroy(module);
    build_free(&build);
}

static void test_no_leak(struct place *place, struct engine *engine)
{
    u64 after_first = 0;
    for (u32 round = 0; round < 300; round++) {
        struct build build;
        struct module *module = load(engine, types_module(&build, round * 100, 100));
        module_destroy(module);
        build_free(&build);
        if (round == 0)
            after_first = place->taken_bytes;
    }
    TAP_OK(place->taken_bytes == after_first, "types of modules that are gone leave nothing");
    TAP_OK(engine->root == NULL && engine->id_count == 100, "and their ids are given again");
}

struct loader {
    struct engine *engine;
    u32 seed;
    bool fine;
};

/* Loads modules with overlapping types, two at a time, and checks that equal types agree. */
static void *load_for_a_while(void *argument)
{
    struct loader *loader = argument;
    loader->fine = true;
    for (u32 round = 0; round < 200; round++) {
        struct build builds[2];
        u32 first = (loader->seed * 13 + round * 7) % 200;
        struct module *a = load(loader->engine, types_module(&builds[0], first, 50));
        struct module *b = load(loader->engine, types_module(&builds[1], first + 20, 50));
        for (u32 i = 0; i < 30; i++)
            loader->fine = loader->fine && id_of(a, i + 20) == id_of(b, i);
        module_destroy(a);
        module_destroy(b);
        build_free(&builds[0]);
        build_free(&builds[1]);
    }
    return NULL;
}

static void test_threads(struct engine *engine)
{
    pthread_t threads[4];
    struct loader loaders[4];
    bool fine = true;
    for (u32 i = 0; i < 4; i++) {
        loaders[i] = (struct loader){ .engine = engine, .seed = i };
        pthread_create(&threads[i], NULL, load_for_a_while, &loaders[i]);
    }
    for (u32 i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        fine = fine && loaders[i].fine;
    }
    TAP_OK(fine && engine->root == NULL, "several CPUs may load at once");
}

int main(void)
{
    struct place place;
    struct engine *engine;
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    test_ids(engine);
    test_shapes(engine);
    engine_destroy(engine);
    TAP_OK(place.taken_bytes == 0, "an engine gives all back");
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    test_no_leak(&place, engine);
    test_threads(engine);
    engine_destroy(engine);
    return tap_done();
}
