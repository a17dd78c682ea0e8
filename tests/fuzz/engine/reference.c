/* The plain evaluator: a program from its first call to its outcome. */
#include "tests/fuzz/engine/reference_control.h"

#include <string.h>

static struct reference *reference_of(struct fuzz_world *world)
{
    return (struct reference *)(void *)world; /* its first member */
}

/* ---- What the host asks ---- */

static enum trap world_call(struct fuzz_world *world, u32 module, u32 function, u64 *slots)
{
    struct reference *reference = reference_of(world);
    const struct fuzz_type *type = &world->program->modules[module].functions[function].type;
    u32 height = reference->height;
    u32 block_count = reference->block_count;
    for (u32 i = 0; i < type->parameter_count; i++)
        reference->stack[reference->height++] = slots[i];
    reference->has_record = false;
    enum trap trap = reference_call(reference, module, function);
    reference->height = height;
    reference->block_count = block_count;
    if (trap == TRAP_NONE)
        memcpy(slots, reference->stack + height, type->result_count * sizeof(u64));
    return trap;
}

static void world_grow(struct fuzz_world *world, u32 module)
{
    struct reference *reference = reference_of(world);
    if (world->program->modules[module].memory_count != 0)
        (void)reference_memory_grow(reference, reference->instances[module].memories[0], 1);
}

static u8 *world_memory(struct fuzz_world *world, u32 module, u64 *size)
{
    const struct reference_instance *instance = &reference_of(world)->instances[module];
    bool has_memory = world->program->modules[module].memory_count != 0;
    *size = has_memory ? instance->memories[0]->pages * FUZZ_PAGE : 0;
    return has_memory ? instance->memories[0]->data : NULL;
}

static u64 *world_global(struct fuzz_world *world, u32 module, u32 global)
{
    return reference_of(world)->instances[module].globals[global];
}

static u64 world_number(const struct fuzz_world *world, u64 funcref)
{
    (void)world;
    return funcref;
}

/* ---- The run ---- */

static void call(struct reference *reference, const struct fuzz_call *call,
                 struct fuzz_call_outcome *outcome)
{
    const struct fuzz_program *program = reference->world.program;
    const struct fuzz_type *type = &program->modules[call->module].functions[call->function].type;
    u64 slots[FUZZ_PARAMETERS_MAX];
    memcpy(slots, call->arguments, sizeof(slots));
    for (u32 i = 0; i < program->module_count; i++)
        *world_global(&reference->world, i, program->modules[i].fuel) = FUZZ_FUEL;
    enum trap trap = world_call(&reference->world, call->module, call->function, slots);
    if (trap != TRAP_NONE)
        *outcome = reference->record;
    outcome->trap = trap;
    for (u32 i = 0; i < program->module_count; i++)
        outcome->fuel_left[i] =
            (u32)*world_global(&reference->world, i, program->modules[i].fuel);
    for (u32 i = 0; i < type->result_count && trap == TRAP_NONE; i++)
        outcome->results[i] = fuzz_canonical(slots[i], type->results[i]);
}

void fuzz_reference_run(const struct fuzz_program *program, struct fuzz_outcome *outcome)
{
    static struct reference reference;
    reference.world = (struct fuzz_world){
        .program = program,
        .call = world_call,
        .grow = world_grow,
        .memory = world_memory,
        .global = world_global,
        .number = world_number,
    };
    memset(reference.instances, 0, sizeof(reference.instances));
    reference.height = 0;
    reference.block_count = 0;
    reference.call_count = 0;
    reference_state_init(&reference);
    for (u32 i = 0; i < program->module_count; i++)
        reference_map(&reference.instances[i]);
    for (u32 i = 0; i < program->call_count; i++)
        call(&reference, &program->calls[i], &outcome->calls[i]);
    reference_state_outcome(&reference, outcome);
    outcome->trace = reference.world.trace;
    outcome->host_calls = reference.world.host_calls;
    reference_state_free(&reference);
}
