/* Functions of the host: what they do depends on nothing but their arguments and the program, so
 * that it is the same in all tiers. */
#include "tests/fuzz/engine/program.h"

enum { TRAPS_ONE_IN = 16 };

static u64 mix(u64 bits, u64 more)
{
    bits = (bits ^ more) * 0x9E3779B97F4A7C15u;
    return bits ^ bits >> 29;
}

static void trace(struct fuzz_world *world, const value_type *types, const u64 *slots, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        u64 value = types[i] == TYPE_FUNCREF ? world->number(world, slots[i])
                                             : fuzz_canonical(slots[i], types[i]);
        world->trace = mix(world->trace, value + 1);
    }
}

/* A value out of random bits. Floats are mostly small numbers. */
static u64 value_of(u64 bits, value_type type)
{
    f32 single = (f32)(i16)bits / 4;
    f64 number = (f64)(i32)bits / 16;
    if (type == TYPE_FUNCREF)
        return 0;
    if (type == TYPE_EXTERNREF)
        return (bits & 0xFF) + 1;
    if (fuzz_is_float(type) && bits >> 61 == 0)
        return fuzz_canonical(bits, type);
    if (type == TYPE_F32)
        __builtin_memcpy(&bits, &single, sizeof(single));
    else if (type == TYPE_F64)
        __builtin_memcpy(&bits, &number, sizeof(number));
    return type == TYPE_I32 || type == TYPE_F32 ? (u32)bits : bits;
}

static enum trap call_back(struct fuzz_world *world, u32 module,
                           const struct fuzz_function *function)
{
    u64 slots[FUZZ_PARAMETERS_MAX];
    const struct fuzz_type *type =
        &world->program->modules[module].functions[function->act_target].type;
    if (world->host_depth == FUZZ_HOST_DEPTH_MAX)
        return TRAP_NONE;
    for (u32 i = 0; i < type->parameter_count; i++)
        slots[i] = value_of(mix(world->trace, i), type->parameters[i]);
    world->host_depth++;
    enum trap trap = world->call(world, module, function->act_target, slots);
    world->host_depth--;
    world->trace = mix(world->trace, trap);
    if (trap == TRAP_NONE)
        trace(world, type->results, slots, type->result_count);
    return function->act == FUZZ_ACT_CATCH ? TRAP_NONE : trap;
}

/* The globals after the fuel are the module's own, first one of each number type. */
static void write_somewhere(struct fuzz_world *world, u32 module)
{
    enum { NUMBER_TYPES = 4 };
    const struct fuzz_module *of = &world->program->modules[module];
    u32 global = of->fuel + 1 + (u32)(world->trace >> 40) % NUMBER_TYPES;
    u64 size;
    u8 *memory = world->memory(world, module, &size);
    if (world->trace >> 63 != 0 && size != 0)
        memory[world->trace % size] = (u8)(world->trace >> 32);
    else
        *world->global(world, module, global) = value_of(world->trace, of->globals[global].type);
}

static enum trap act(struct fuzz_world *world, u32 module, const struct fuzz_function *function)
{
    switch (function->act) {
    case FUZZ_ACT_CALL:
    case FUZZ_ACT_CATCH:
        return call_back(world, module, function);
    case FUZZ_ACT_GROW:
        world->grow(world, module);
        return TRAP_NONE;
    case FUZZ_ACT_WRITE:
        write_somewhere(world, module);
        return TRAP_NONE;
    case FUZZ_ACT_TRAP:
        return world->trace % TRAPS_ONE_IN == 0 ? TRAP_HOST_FAULT : TRAP_NONE;
    default:
        return TRAP_NONE;
    }
}

/* What is above a narrow result means nothing, so there is something. */
enum trap fuzz_host(struct fuzz_world *world, u32 module, u32 function, u64 *slots)
{
    const struct fuzz_function *self = &world->program->modules[module].functions[function];
    const struct fuzz_type *type = &self->type;
    world->host_calls++;
    world->trace = mix(world->trace, module << 16 | function);
    trace(world, type->parameters, slots, type->parameter_count);
    enum trap trap = act(world, module, self);
    for (u32 i = 0; i < type->result_count && trap == TRAP_NONE; i++) {
        slots[i] = value_of(mix(world->trace, 100 + i), type->results[i]);
        if (type->results[i] == TYPE_I32 || type->results[i] == TYPE_F32)
            slots[i] |= world->trace << 32;
    }
    return trap;
}
