/* The programs of tests/step/guest: undisturbed, stopped before each instruction, and ended at one.
 */
#include "tests/step/programs.h"

#include "engine/engine.h"
#include "engine/execution.h"
#include "tests/fuzz/engine/program.h"
#include "tests/step/step.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum { MODULES = 2, IMPORTS_MAX = 16, NUMBERS = 3, RESULTS_MAX = 64, END_EACH = 97 };

/* Both modules in an engine of their own. */
struct world {
    struct place place;
    struct engine *engine;
    struct module *modules[MODULES]; /* near, far */
    struct instance *instances[MODULES];
    struct execution *execution;
};

struct result {
    u64 value;
    enum trap trap;
    u32 frame_count;
    u64 frames; /* hash of their functions and offsets */
    u64 memory; /* hash */
};

/* ---- Functions of the host ---- */

static enum trap host_add(struct execution *execution, void *context, u64 *slots)
{
    (void)execution, (void)context;
    slots[0] = (u32)(slots[0] + slots[1]);
    return TRAP_NONE;
}

static f64 f64_of(u64 bits)
{
    f64 value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static f64 f32_of(u64 bits)
{
    f32 value;
    memcpy(&value, &bits, sizeof(value));
    return (f64)value;
}

static enum trap host_mix(struct execution *execution, void *context, u64 *slots)
{
    (void)execution, (void)context;
    f64 sum = f64_of(slots[0]) + f32_of(slots[1]) * (f64)slots[2] - (f64)slots[3] + f32_of(slots[5]);
    for (u32 i = 6; i < 11; i++)
        sum = sum / 2 + f64_of(slots[i]);
    sum += (f64)slots[11] + f64_of(slots[4]);
    memcpy(slots, &sum, sizeof(sum));
    return TRAP_NONE;
}

static struct function *exported(const struct instance *instance, const char *name)
{
    u32 index;
    bool is_there = instance_find_export(instance, bytes_from_text(name), EXTERN_FUNCTION, &index);
    BASE_ASSERT(is_there);
    return instance_function(instance, index);
}

static enum trap host_again(struct execution *execution, void *context, u64 *slots)
{
    const struct world *world = context;
    return execution_call(execution, exported(world->instances[0], "recurse"), slots);
}

/* ---- The world ---- */

static struct bytes file_read(const char *path)
{
    u8 *data = malloc(1 << 20);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    usize size = fread(data, 1, 1 << 20, file);
    fclose(file);
    return (struct bytes){ data, size };
}

static struct import_value import_of(struct world *world, struct import_description import)
{
    static const struct {
        const char *name;
        host_function *host;
    } hosts[] = { { "add", host_add }, { "mix", host_mix }, { "again", host_again } };
    struct import_value value = { .kind = EXTERN_FUNCTION, .host_context = world };
    for (usize i = 0; i < BASE_ARRAY_COUNT(hosts); i++)
        if (bytes_equal(import.name, bytes_from_text(hosts[i].name)))
            value.host = hosts[i].host;
    if (value.host != NULL)
        return value;
    value.instance = world->instances[0];
    bool is_there = instance_find_export(value.instance, import.name, EXTERN_FUNCTION, &value.index);
    BASE_ASSERT(is_there);
    return value;
}

static void world_create(struct world *world, const struct bytes files[MODULES], bool is_stepped,
                         u32 flags)
{
    struct execution_options options = { .interrupt = step_hook };
    place_init(&world->place);
    if (is_stepped)
        step_take(&world->place);
    world->place.engine.compile_flags = flags;
    BASE_ASSERT(engine_create(&world->place.engine, &world->engine) == STATUS_OK);
    for (u32 i = 0; i < MODULES; i++) {
        struct import_value imports[IMPORTS_MAX];
        struct engine_error error;
        struct module **module = &world->modules[i];
        BASE_ASSERT(module_load(world->engine, files[i], module, &error) == STATUS_OK);
        BASE_ASSERT(module_import_count(*module) <= IMPORTS_MAX);
        for (u32 k = 0; k < module_import_count(*module); k++)
            imports[k] = import_of(world, module_import(*module, k));
        BASE_ASSERT(instance_create(world->engine, *module,
                                    &(struct instance_options){ .imports = imports },
                                    &world->instances[i], &error) == STATUS_OK);
    }
    BASE_ASSERT(execution_create(world->engine, &options, &world->execution) == STATUS_OK);
}

static void world_destroy(struct world *world)
{
    for (u32 i = MODULES; i-- != 0;) {
        instance_destroy(world->instances[i]);
        module_destroy(world->modules[i]);
    }
    execution_destroy(world->execution);
    engine_destroy(world->engine);
    BASE_ASSERT(place_is_empty(&world->place));
}

static u64 memory_hash(const struct world *world)
{
    u64 hash = 0;
    for (u32 i = 0; i < MODULES; i++) {
        u64 size;
        const u8 *memory = instance_memory(world->instances[i], &size);
        hash = fuzz_hash(hash, memory, size);
    }
    return hash;
}

static struct result call(struct world *world, u32 module, struct bytes name, u32 number)
{
    u64 slots[FUZZ_PARAMETERS_MAX] = { number };
    u32 index;
    bool is_there = instance_find_export(world->instances[module], name, EXTERN_FUNCTION, &index);
    BASE_ASSERT(is_there);
    struct result result = { 0 };
    place_watch(world->execution);
    result.trap = execution_call(world->execution,
                                 instance_function(world->instances[module], index), slots);
    place_watch(NULL);
    result.memory = memory_hash(world);
    if (result.trap == TRAP_NONE) {
        result.value = slots[0];
        return result;
    }
    const struct trap_record *record = execution_trap(world->execution);
    result.frame_count = record->frame_count + record->omitted_count;
    for (u32 i = 0; i < record->frame_count; i++) {
        u64 frame[] = { record->frames[i].function, record->frames[i].offset };
        result.frames = fuzz_hash(result.frames, frame, sizeof(frame));
    }
    return result;
}

/* ---- The tests ---- */

/* Each that takes a number and nothing else. */
static bool is_program(const struct world *world, u32 module, u32 n, struct bytes *name)
{
    struct export_description export = module_export(world->modules[module], n);
    const struct function_type *type = NULL;
    *name = export.name;
    if (export.kind == EXTERN_FUNCTION)
        type = module_function_type(world->modules[module], export.index);
    return type != NULL && type->parameter_count == 1 && type->types[0] == TYPE_I32;
}

static bool result_is_same(struct bytes name, u32 number, const struct result *a,
                           const struct result *b)
{
    if (memcmp(a, b, sizeof(*a)) == 0)
        return true;
    printf("# %.*s(%u): 0x%lx and 0x%lx, %s (%u frames) and %s (%u frames)\n", (int)name.size,
           (const char *)name.data, number, a->value, b->value, trap_text(a->trap), a->frame_count,
           trap_text(b->trap), b->frame_count);
    return false;
}

static void test_stepped(const struct bytes files[MODULES], u32 flags, const char *name)
{
    struct world plain, stepped;
    bool is_same = true;
    step = (struct step){ .record_each = 1 };
    world_create(&plain, files, false, flags);
    world_create(&stepped, files, true, flags);
    for (u32 module = 0; module < MODULES; module++)
        for (u32 n = 0; n < module_export_count(plain.modules[module]); n++)
            for (u32 number = 0; number < NUMBERS; number++) {
                struct bytes function;
                if (!is_program(&plain, module, n, &function))
                    break;
                struct result a = call(&plain, module, function, number);
                struct result b = call(&stepped, module, function, number);
                is_same &= result_is_same(function, number, &a, &b);
            }
    world_destroy(&plain);
    world_destroy(&stepped);
    printf("# %s: %lu stops, %lu of them stopped again; %lu calls of C; %lu backtraces\n", name,
           step.stops, step.restarts, step.requests, step.records);
    TAP_OK(is_same && step.stops != 0 && step.restarts != 0, name);
    TAP_OK(step.wrong == 0 && step.records >= step.stops,
           "a backtrace before each instruction has just the calls that it is within");
}

/* The frames that the record had when it was made in the hook, before the end. */
static void test_ended(const struct bytes files[MODULES], struct bytes function, const char *name)
{
    struct world world;
    bool has_ended = true, has_frames = true;
    struct result whole = { 0 };
    u32 most = 0;
    world_create(&world, files, true, 0);
    for (u64 at = 1; has_ended; at += END_EACH) {
        step = (struct step){ .record_each = 1, .stop_at = at };
        struct result end = call(&world, 1, function, 2);
        has_ended = end.trap == TRAP_STOPPED;
        has_frames &= !has_ended || end.frame_count == step.frames;
        most = end.frame_count > most ? end.frame_count : most;
        whole = end;
    }
    step = (struct step){ 0 };
    struct result again = call(&world, 1, function, 2);
    world_destroy(&world);
    printf("# up to %u frames\n", most);
    TAP_OK(again.trap == whole.trap && again.value == whole.value, name);
    TAP_OK(has_frames && most > TRAP_FRAMES_MAX, "its last words have the frames where it stood");
}

void test_programs(const char *folder)
{
    static const char *const names[MODULES] = { "near", "far" };
    struct bytes files[MODULES];
    char path[4096];
    for (u32 i = 0; i < MODULES; i++) {
        snprintf(path, sizeof(path), "%s/%s.wasm", folder, names[i]);
        files[i] = file_read(path);
    }
    test_stepped(files, 0, "programs, compiled when called first, end as undisturbed ones");
    test_stepped(files, COMPILE_AT_LOAD | COMPILE_FEW_REGISTERS,
                 "so they do with most values in memory");
    test_ended(files, BYTES_LITERAL("far_deep"),
               "a program can be ended before any instruction, and its execution used again");
    for (u32 i = 0; i < MODULES; i++)
        free((void *)(usize)files[i].data);
}
