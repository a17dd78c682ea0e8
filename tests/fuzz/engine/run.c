/* An engine runs a program. */
#include "engine/instance.h"
#include "tests/fuzz/engine/program.h"
#include "tests/support/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMPORTS_MAX = FUZZ_FUNCTIONS_MAX + FUZZ_TABLES_MAX + FUZZ_MEMORIES_MAX + FUZZ_GLOBALS_MAX };

struct run;

/* The context of a function of the host. */
struct host_import {
    struct run *run;
    u32 module;
    u32 function;
};

struct run {
    struct fuzz_world world;
    struct engine *engine;
    struct execution *execution;
    struct module *modules[FUZZ_MODULES_MAX];
    struct instance *instances[FUZZ_MODULES_MAX];
    struct host_import hosts[FUZZ_MODULES_MAX][FUZZ_FUNCTIONS_MAX];
};

static const struct run *run_of(const struct fuzz_world *world)
{
    return (const struct run *)(const void *)world; /* its first member */
}

/* ---- What the host asks ---- */

static enum trap world_call(struct fuzz_world *world, u32 module, u32 function, u64 *slots)
{
    const struct run *run = run_of(world);
    struct function *callee = instance_function(run->instances[module], function);
    return execution_call(run->execution, callee, slots);
}

static void world_grow(struct fuzz_world *world, u32 module)
{
    (void)instance_memory_grow(run_of(world)->instances[module], 1);
}

static u8 *world_memory(struct fuzz_world *world, u32 module, u64 *size)
{
    return instance_memory(run_of(world)->instances[module], size);
}

static u64 *world_global(struct fuzz_world *world, u32 module, u32 global)
{
    return instance_global(run_of(world)->instances[module], global);
}

static u64 world_number(const struct fuzz_world *world, u64 funcref)
{
    if (funcref == 0)
        return 0;
    for (u32 i = 0; i < world->program->module_count; i++)
        for (u32 k = 0; k < world->program->modules[i].function_count; k++)
            if ((u64)(uintptr_t)instance_function(run_of(world)->instances[i], k) == funcref)
                return (i << 16 | k) + 1;
    return UINT64_MAX;
}

static bool grow_hook(void *context, u64 pages_before, u64 pages_after)
{
    struct fuzz_world *world = context;
    u64 pages = world->pages + pages_after - pages_before;
    if (pages_after > pages_before && pages > FUZZ_PAGES_MAX)
        return false;
    world->pages = (u32)pages;
    return true;
}

static enum trap host(struct execution *execution, void *context, u64 *slots)
{
    const struct host_import *import = context;
    (void)execution;
    return fuzz_host(&import->run->world, import->module, import->function, slots);
}

static enum trap interrupted(struct execution *execution, void *context)
{
    (void)context;
    execution_interrupt(execution);
    return TRAP_NONE;
}

/* ---- Beginning ---- */

static struct import_value import_of(struct run *run, enum extern_kind kind, u32 index)
{
    return (struct import_value){ .kind = kind, .instance = run->instances[0], .index = index };
}

static void imports_fill(struct run *run, u32 index, struct import_value *imports)
{
    const struct fuzz_module *module = &run->world.program->modules[index];
    for (u32 i = 0; i < module->own_functions; i++) {
        const struct fuzz_function *function = &module->functions[i];
        struct host_import *context = &run->hosts[index][i];
        *context = (struct host_import){ run, index, i };
        if (function->origin == FUZZ_HOST)
            *imports++ = (struct import_value){ .host = host, .host_context = context };
        else
            *imports++ = import_of(run, EXTERN_FUNCTION, function->origin_index);
    }
    for (u32 i = 0; i < module->table_count; i++)
        if (module->tables[i].origin != FUZZ_OWN)
            *imports++ = import_of(run, EXTERN_TABLE, module->tables[i].origin_index);
    for (u32 i = 0; i < module->memory_count; i++)
        if (module->memories[i].origin != FUZZ_OWN)
            *imports++ = import_of(run, EXTERN_MEMORY, module->memories[i].origin_index);
    for (u32 i = 0; i < module->fuel; i++)
        *imports++ = import_of(run, EXTERN_GLOBAL, module->globals[i].origin_index);
}

/* What is generated is valid: anything else is a mistake of the generator, or of the engine. */
static void must(enum status status, const struct engine_error *error)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "function %u, byte 0x%zx: %s\n", error->function, error->offset,
            error->message);
    abort();
}

static void begin(struct run *run, const struct fuzz_tier *tier,
                  const struct fuzz_buffer bytes[FUZZ_MODULES_MAX])
{
    struct import_value imports[IMPORTS_MAX];
    struct engine_error error;
    struct instance_options options = {
        .imports = imports,
        .grow = grow_hook,
        .grow_context = &run->world,
    };
    struct execution_options execution_options = {
        .interrupt = tier->interrupt == NULL ? interrupted : tier->interrupt,
    };
    for (u32 i = 0; i < run->world.program->module_count; i++) {
        struct bytes module = { bytes[i].data, bytes[i].size };
        must(module_load(run->engine, module, &run->modules[i], &error), &error);
        imports_fill(run, i, imports);
        must(instance_create(run->engine, run->modules[i], &options, &run->instances[i], &error),
             &error);
    }
    BASE_ASSERT(execution_create(run->engine, &execution_options, &run->execution) == STATUS_OK);
    if (run->world.program->is_interrupted)
        execution_interrupt(run->execution);
}

/* ---- Calls ---- */

static u32 module_number(const struct run *run, const struct instance *instance)
{
    return instance == run->instances[0] ? 0 : 1;
}

static void trap_fill(const struct run *run, struct fuzz_call_outcome *outcome)
{
    const struct trap_record *record = execution_trap(run->execution);
    BASE_ASSERT(record->trap == outcome->trap);
    outcome->frame_count = record->frame_count;
    outcome->omitted_count = record->omitted_count;
    for (u32 i = 0; i < record->frame_count; i++)
        outcome->frames[i] = (struct fuzz_frame){
            .module = module_number(run, record->frames[i].instance),
            .function = record->frames[i].function,
            .offset = (u32)record->frames[i].offset,
        };
}

static u64 value_seen(const struct run *run, u64 bits, value_type type)
{
    return type == TYPE_FUNCREF ? world_number(&run->world, bits) : fuzz_canonical(bits, type);
}

static void call(struct run *run, const struct fuzz_call *call, struct fuzz_call_outcome *outcome)
{
    const struct fuzz_program *program = run->world.program;
    const struct fuzz_type *type = &program->modules[call->module].functions[call->function].type;
    u64 slots[FUZZ_PARAMETERS_MAX];
    memcpy(slots, call->arguments, sizeof(slots));
    for (u32 i = 0; i < program->module_count; i++)
        *instance_global(run->instances[i], program->modules[i].fuel) = FUZZ_FUEL;
    outcome->trap = world_call(&run->world, call->module, call->function, slots);
    for (u32 i = 0; i < program->module_count; i++)
        outcome->fuel_left[i] = (u32)*instance_global(run->instances[i], program->modules[i].fuel);
    if (outcome->trap != TRAP_NONE) {
        trap_fill(run, outcome);
        return;
    }
    for (u32 i = 0; i < type->result_count; i++)
        outcome->results[i] = value_seen(run, slots[i], type->results[i]);
}

/* ---- End ---- */

static void state_fill(const struct run *run, u32 index, struct fuzz_outcome *outcome)
{
    const struct fuzz_module *module = &run->world.program->modules[index];
    const struct instance *instance = run->instances[index];
    for (u32 i = 0; i < module->global_count; i++)
        outcome->globals[index][i] =
            value_seen(run, *instance->globals[i], module->globals[i].type);
    for (u32 i = 0; i < module->memory_count; i++) {
        const struct memory *memory = instance->memories[i];
        outcome->memory_sizes[index][i] = memory->size_bytes;
        outcome->memories[index][i] = fuzz_hash(0, memory->base, memory->size_bytes);
    }
    for (u32 i = 0; i < module->table_count; i++) {
        const struct table *table = instance->tables[i];
        BASE_ASSERT(table->size <= FUZZ_TABLE_ELEMENTS_MAX);
        outcome->table_sizes[index][i] = table->size;
        for (u32 k = 0; k < table->size; k++)
            outcome->tables[index][i][k] = value_seen(run, table->elements[k], table->type);
    }
}

static void end(struct run *run)
{
    u64 pages = 0;
    for (u32 i = run->world.program->module_count; i-- != 0;) {
        pages += instance_memory_pages(run->instances[i]);
        instance_destroy(run->instances[i]);
        module_destroy(run->modules[i]);
    }
    BASE_ASSERT(pages == run->world.pages);
    execution_destroy(run->execution);
    engine_destroy(run->engine);
}

void fuzz_run(const struct fuzz_tier *tier, struct fuzz_program *program,
              const struct fuzz_buffer bytes[FUZZ_MODULES_MAX], struct fuzz_outcome *outcome)
{
    static struct place place;
    struct run run = { .world = {
        .program = program,
        .call = world_call,
        .grow = world_grow,
        .memory = world_memory,
        .global = world_global,
        .number = world_number,
    } };
    place_init(&place);
    BASE_ASSERT(tier->create(&place, &run.engine) == STATUS_OK);
    begin(&run, tier, bytes);
    place_watch(run.execution);
    for (u32 i = 0; i < program->call_count; i++)
        call(&run, &program->calls[i], &outcome->calls[i]);
    place_watch(NULL);
    for (u32 i = 0; i < program->module_count; i++)
        state_fill(&run, i, outcome);
    outcome->trace = run.world.trace;
    outcome->host_calls = run.world.host_calls;
    end(&run);
    BASE_ASSERT(place_is_empty(&place));
}
