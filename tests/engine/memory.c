#include "engine/instance.h"
#include "tests/engine/support/build.h"
#include "tests/tap.h"

#include <string.h>

static struct place place;
static struct engine *engine;

/* One memory of 1 to 3 pages, and a passive segment "abcdef". */
static struct module *memory_module(struct build *build)
{
    build_start(build);
    build_section(build, SECTION_MEMORY);
    BUILD(build, 1, 1, 1, 3);
    build_section(build, SECTION_DATA);
    BUILD(build, 1, 1, 6, 'a', 'b', 'c', 'd', 'e', 'f');
    return load(engine, build_end(build));
}

/* A hook that counts what it grants and refuses beyond a limit. */
struct budget {
    u64 pages;
    u64 limit;
    u32 asked;
};

static bool budget_grow(void *context, u64 pages_before, u64 pages_after)
{
    struct budget *budget = context;
    budget->asked++;
    u64 after = budget->pages + pages_after - pages_before;
    if (pages_after > pages_before && after > budget->limit)
        return false;
    budget->pages = after;
    return true;
}

static void test_growth(const struct module *module)
{
    u64 size;
    struct instance *instance = instantiate(engine, module, NULL);
    u8 *base = instance_memory(instance, &size);
    TAP_OK(size == 65536 && base[65535] == 0, "the first pages are there and zero");
    base[65535] = 7;
    TAP_OK(instance_memory_grow(instance, 2) == 1 && instance_memory_pages(instance) == 3,
           "growing gives the old size in pages");
    TAP_OK(instance_memory(instance, &size) == base && size == 3 * 65536 && base[65535] == 7 &&
               base[3 * 65536 - 1] == 0,
           "it never moves a memory, keeps what is in it and adds zeros");
    TAP_OK(instance_memory_grow(instance, 1) == -1, "not beyond the maximum");
    TAP_OK(instance_memory_grow(instance, UINT64_MAX) == -1, "nor by a number that wraps around");
    TAP_OK(instance_memory_grow(instance, 0) == 3, "by nothing, always");
    TAP_OK(instance_memory_at(instance, size - 4, 4) == base + size - 4 &&
               instance_memory_at(instance, size - 4, 5) == NULL &&
               instance_memory_at(instance, size, 0) == base + size &&
               instance_memory_at(instance, size + 1, 0) == NULL &&
               instance_memory_at(instance, UINT64_MAX, 2) == NULL,
           "bytes are given only if all of them are inside");
    instance_destroy(instance);
    TAP_OK(place.reserved_bytes == 0, "the reservation goes with the instance");
}

static void test_hook(const struct module *module)
{
    struct budget budget = { .limit = 2 };
    struct instance *instance;
    struct engine_error error;
    struct instance_options options = { .grow = budget_grow, .grow_context = &budget };
    bool created =
        instance_create(engine, module, &options, &instance, &error) == STATUS_OK;
    TAP_OK(created && budget.asked == 1 && budget.pages == 1, "the hook grants the first pages");
    TAP_OK(instance_memory_grow(instance, 1) == 1 && budget.pages == 2, "and each growth");
    TAP_OK(instance_memory_grow(instance, 1) == -1 && instance_memory_pages(instance) == 2,
           "what it refuses does not grow");
    u32 asked = budget.asked;
    TAP_OK(instance_memory_grow(instance, 5) == -1 && budget.asked == asked,
           "it is not asked for what is beyond the maximum");
    budget.limit = 10;
    place.allowed_takes = 0;
    TAP_OK(instance_memory_grow(instance, 1) == -1 && budget.pages == 2,
           "a growth for which there is no memory is taken back");
    place.allowed_takes = UINT64_MAX;
    TAP_OK(instance_memory_grow(instance, 1) == 2 && budget.pages == instance_memory_pages(instance),
           "and may succeed later");
    instance_destroy(instance);
    budget = (struct budget){ .limit = 0 };
    TAP_OK(instance_create(engine, module, &options, &instance, &error) == STATUS_NO_MEMORY,
           "refused first pages give no instance");
    TAP_OK(place.reserved_bytes == 0 && budget.pages == 0, "and leave nothing");
}

static void test_bulk(const struct module *module)
{
    struct instance *instance = instantiate(engine, module, NULL);
    struct memory *memory = instance->memories[0];
    u64 size = memory->size_bytes;
    TAP_OK(memory_fill(memory, size - 2, 'x', 2) == TRAP_NONE && memory->base[size - 1] == 'x' &&
               memory_fill(memory, size - 2, 'y', 3) == TRAP_MEMORY_OUT_OF_BOUNDS &&
               memory->base[size - 2] == 'x',
           "a fill is inside, or does nothing");
    TAP_OK(memory_fill(memory, size, 0, 0) == TRAP_NONE &&
               memory_fill(memory, size + 1, 0, 0) == TRAP_MEMORY_OUT_OF_BOUNDS &&
               memory_fill(memory, 1, 0, UINT64_MAX) == TRAP_MEMORY_OUT_OF_BOUNDS,
           "an empty one may end at the end, none may wrap around");
    TAP_OK(memory_init(instance, 0, 0, (u64[]){ 10, 1, 5 }) == TRAP_NONE &&
               memcmp(memory->base + 10, "bcdef", 5) == 0,
           "a segment is written from where one likes");
    TAP_OK(memory_copy(memory, memory, (u64[]){ 11, 10, 5 }) == TRAP_NONE &&
               memcmp(memory->base + 10, "bbcdef", 6) == 0 &&
               memory_copy(memory, memory, (u64[]){ 10, 11, 5 }) == TRAP_NONE &&
               memcmp(memory->base + 10, "bcdeff", 6) == 0,
           "copies may overlap either way");
    TAP_OK(memory_copy(memory, memory, (u64[]){ 0, size - 1, 2 }) == TRAP_MEMORY_OUT_OF_BOUNDS &&
               memory_copy(memory, memory, (u64[]){ size - 1, 0, 2 }) == TRAP_MEMORY_OUT_OF_BOUNDS,
           "neither end of a copy may be outside");
    TAP_OK(memory_init(instance, 0, 0, (u64[]){ 0, 2, 5 }) == TRAP_MEMORY_OUT_OF_BOUNDS,
           "nor may a segment be read beyond its end");
    data_drop(instance, 0);
    TAP_OK(memory_init(instance, 0, 0, (u64[]){ 0, 0, 1 }) == TRAP_MEMORY_OUT_OF_BOUNDS &&
               memory_init(instance, 0, 0, (u64[]){ 0, 0, 0 }) == TRAP_NONE,
           "a dropped segment is empty");
    instance_destroy(instance);
}

static void test_none(void)
{
    struct build build;
    u64 size = 1;
    build_start(&build);
    struct module *module = load(engine, build_end(&build));
    struct instance *instance = instantiate(engine, module, NULL);
    TAP_OK(instance_memory(instance, &size) == NULL && size == 0 &&
               instance_memory_at(instance, 0, 0) == NULL && instance_memory_grow(instance, 0) == -1,
           "an instance without memory has none");
    instance_destroy(instance);
    module_destroy(module);
    build_free(&build);
}

int main(void)
{
    place_init(&place);
    if (engine_create(&place.engine, &engine) != STATUS_OK)
        return 1;
    struct build build;
    struct module *module = memory_module(&build);
    test_growth(module);
    test_hook(module);
    test_bulk(module);
    test_none();
    module_destroy(module);
    build_free(&build);
    engine_destroy(engine);
    TAP_OK(place_is_empty(&place), "all memory is given back");
    return tap_done();
}
