/* Calls between compiled code and C: values from registers to slots and back. */
#include "engine/compile/native.h"

#include "engine/bulk.h"
#include "engine/compile/compile.h"

enum {
    /* What C leaves free on the guest stack, for the frames of stubs. */
    GUEST_STACK_SPARE = 1024,
    TOUCH_BYTES = 4096, /* no page is smaller */
};

/* ---- Where values travel ---- */

/* Where the next value of each class is, of so many that go in registers. */
struct journey {
    u64 *registers[2]; /* integers, floats */
    u32 left[2];
    u64 *memory; /* for the rest */
};

static struct journey journey_of_arguments(u64 *integers, u64 *floats, u64 *stack)
{
    return (struct journey){
        { integers, floats },
        { compile_target.integer_arguments, compile_target.float_arguments },
        stack,
    };
}

/* The place of the next value. */
static u64 *journey_next(struct journey *journey, value_type type)
{
    u32 class = type == TYPE_F32 || type == TYPE_F64;
    if (journey->left[class] == 0)
        return journey->memory++;
    journey->left[class]--;
    return journey->registers[class]++;
}

/* Of results, those in memory stand at their own index. */
static u64 *result_place(struct journey *journey, value_type type, u64 *results, u32 index)
{
    journey->memory = results + index;
    return journey_next(journey, type);
}

static struct journey journey_of_results(u64 *integers, u64 *floats)
{
    return (struct journey){
        { integers, floats },
        { compile_target.integer_results, compile_target.float_results },
        NULL,
    };
}

/* The high half of a narrow value is anything but in slots, where it is zero. */
static u64 narrowed(u64 value, value_type type)
{
    return type == TYPE_I32 || type == TYPE_F32 ? (u32)value : value;
}

u64 native_stack_words(const struct function_type *type)
{
    u64 registers[2 * NATIVE_REGISTERS];
    u64 *no_stack = NULL;
    struct journey journey =
        journey_of_arguments(registers, registers + NATIVE_REGISTERS, no_stack);
    u64 words = 0;
    for (u32 i = 0; i < type->parameter_count; i++) {
        u32 class = type->types[i] == TYPE_F32 || type->types[i] == TYPE_F64;
        if (journey.left[class] == 0)
            words++;
        else
            journey.left[class]--;
    }
    return words;
}

/* Whether nothing but integers travel, and in registers: as in most calls of the host. */
static bool is_plain_type(const struct function_type *type)
{
    u32 count = type->parameter_count + type->result_count;
    bool is_plain = type->parameter_count <= compile_target.integer_arguments &&
                    type->result_count <= 1;
    for (u32 i = 0; i < count && is_plain; i++)
        is_plain = type->types[i] != TYPE_F32 && type->types[i] != TYPE_F64;
    return is_plain;
}

const void *native_host_entry(const struct function_type *type)
{
    bool is_narrow = type->result_count == 1 && type->types[type->parameter_count] == TYPE_I32;
    if (!is_plain_type(type))
        return (const void *)(uintptr_t)native_host;
    return (const void *)(uintptr_t)(is_narrow ? native_host_narrow : native_host_plain);
}

static void arguments_take(const struct function_type *type, struct native_frame *frame, u64 *slots)
{
    struct journey journey = journey_of_arguments(frame->integers, frame->floats, frame->stack);
    for (u32 i = 0; i < type->parameter_count; i++)
        slots[i] = narrowed(*journey_next(&journey, type->types[i]), type->types[i]);
}

static void results_give(const struct execution *execution, const struct function_type *type,
                         const u64 *slots, struct native_frame *frame)
{
    const value_type *types = type->types + type->parameter_count;
    struct journey journey = journey_of_results(frame->integers, frame->floats);
    for (u32 i = 0; i < type->result_count; i++)
        *result_place(&journey, types[i], execution->results, i) = narrowed(slots[i], types[i]);
}

/* ---- C that compiled code calls ---- */

/* There may be no memory for the part of the guest stack down to there: then this faults, and not the
 * host, which is not to. */
static void stack_touch(const struct native_frame *frame, u64 *low)
{
    u8 *at = (u8 *)(uintptr_t)frame;
    for (; (usize)(at - (u8 *)low) > TOUCH_BYTES; at -= TOUCH_BYTES)
        *(volatile u8 *)(at - TOUCH_BYTES) = 0;
    *(volatile u64 *)low = 0;
}

/* Slots for a call, below what is on the guest stack; NULL if there is no room. */
static u64 *slots_below(const struct execution *execution, const struct native_frame *frame,
                        const struct function_type *type)
{
    u32 area = type->parameter_count > type->result_count ? type->parameter_count
                                                          : type->result_count;
    usize bytes = ((usize)area * sizeof(u64) + 15) & ~(usize)15;
    const u8 *bottom = execution->guest_stack + GUEST_STACK_GUARD_BYTES + GUEST_STACK_SPARE;
    if ((usize)((const u8 *)frame - bottom) < bytes || (const u8 *)frame < bottom)
        return NULL;
    u64 *slots = (u64 *)(void *)((u8 *)frame - bytes);
    if (bytes != 0)
        stack_touch(frame, slots);
    return slots;
}

/* Where compiled code stands while C runs. */
static void position_keep(struct execution *execution, const struct native_frame *frame)
{
    execution->native_pc = frame->return_address;
    execution->native_sp = (u64)(uintptr_t)frame->stack;
    execution->guest_sp = (u64)(uintptr_t)frame;
}

u32 native_call_host(struct execution *execution, struct native_frame *frame)
{
    const struct function *function = (const struct function *)(uintptr_t)frame->function;
    const struct function_type *type = function->type;
    u64 *slots = slots_below(execution, frame, type);
    if (slots == NULL)
        return TRAP_CALL_STACK_EXHAUSTED;
    arguments_take(type, frame, slots);
    execution->guest_sp = (u64)(uintptr_t)slots;
    execution->in_host = true;
    execution->has_record = false;
    enum trap trap = function->host(execution, function->host_context, slots);
    execution->in_host = false;
    position_keep(execution, frame);
    if (trap != TRAP_NONE)
        return trap;
    execution->has_record = false;
    results_give(execution, type, slots, frame);
    return TRAP_NONE;
}

static enum trap interpret_for(struct execution *execution, const struct function *function,
                               struct native_frame *frame)
{
    u64 *slots = slots_below(execution, frame, function->type);
    if (slots == NULL)
        return TRAP_CALL_STACK_EXHAUSTED;
    arguments_take(function->type, frame, slots);
    execution->guest_sp = (u64)(uintptr_t)slots;
    enum trap trap = execution_interpret(execution, function, slots);
    position_keep(execution, frame);
    if (trap == TRAP_NONE)
        results_give(execution, function->type, slots, frame);
    return trap;
}

/* The function is one of the running instance, which may be a thread's. */
static u32 go_on(struct execution *execution, struct native_frame *frame, u32 index)
{
    struct instance *instance = execution->instance;
    const struct module *module = instance->module;
    frame->number = (u64)(uintptr_t)compiled_entry(module, index);
    if (frame->number != 0)
        return TRAP_NONE;
    const struct function function = {
        .type = module->functions[index].type,
        .code = module->code[index],
        .instance = instance,
        .index = index,
    };
    return interpret_for(execution, &function, frame);
}

u32 native_call_lazy(struct execution *execution, struct native_frame *frame)
{
    return go_on(execution, frame, (u32)frame->number);
}

u32 native_call_lazy_function(struct execution *execution, struct native_frame *frame)
{
    struct function *function = (struct function *)(uintptr_t)frame->function;
    u32 trap = go_on(execution, frame, function->index);
    if (frame->number != 0)
        __atomic_store_n(&function->native, (const void *)(uintptr_t)frame->number,
                         __ATOMIC_RELEASE);
    return trap;
}

/* ---- The runtime ---- */

static enum trap runtime_bulk(u32 what, const struct bulk *bulk)
{
    switch (what) {
    case RUNTIME_MEMORY_FILL:
        return bulk_memory_fill(bulk);
    case RUNTIME_MEMORY_COPY:
        return bulk_memory_copy(bulk);
    case RUNTIME_MEMORY_INIT:
        return bulk_memory_init(bulk);
    case RUNTIME_TABLE_FILL:
        return bulk_table_fill(bulk);
    case RUNTIME_TABLE_COPY:
        return bulk_table_copy(bulk);
    default:
        return bulk_table_init(bulk);
    }
}

u32 native_call_runtime(struct execution *execution, struct native_frame *frame)
{
    struct instance *instance = execution->instance;
    u32 what = frame->number & UINT8_MAX;
    u32 first = (u32)(frame->number >> 8) & ((1 << 28) - 1);
    u32 second = (u32)(frame->number >> 36);
    u64 *operands = frame->stack;
    switch (what) {
    case RUNTIME_MEMORY_GROW:
        frame->integers[0] = (u32)memory_grow(instance->memories[first], operands[0]);
        return TRAP_NONE;
    case RUNTIME_DATA_DROP:
        data_drop(instance, first);
        return TRAP_NONE;
    case RUNTIME_TABLE_GET:
        return table_get(instance->tables[first], operands[0], &frame->integers[0]);
    case RUNTIME_TABLE_SET:
        return table_set(instance->tables[first], operands[0], operands[1]);
    case RUNTIME_TABLE_GROW:
        frame->integers[0] = (u32)table_grow(instance->tables[first], operands[0], operands[1]);
        return TRAP_NONE;
    case RUNTIME_ELEMENT_DROP:
        element_drop(instance, first);
        return TRAP_NONE;
    default:
        return runtime_bulk(what, &(struct bulk){ execution, NULL, NULL, operands, first, second });
    }
}

/* ---- Compiled code that was stopped where it stood ---- */

u32 native_call_interrupted(struct execution *execution)
{
    return execution_interrupted(execution, NULL, NULL);
}

/* Only its own registers say where it is, and they are looked at when that matters: in the record of
 * its end. */
u32 native_call_preempted(struct execution *execution)
{
    u64 pc = execution->native_pc;
    execution->native_pc = 0;
    u32 trap = native_call_interrupted(execution);
    execution->native_pc = pc;
    if (trap != TRAP_NONE)
        native_stopped_locate(execution);
    return trap;
}

bool compiled_preempt(struct execution *execution, struct interrupted *interrupted)
{
    u64 pc = interrupted->pc;
    if (execution->entry == NULL || execution->in_host || execution->interrupt == 0)
        return false;
    if (!native_is_between(pc, native_preempt, native_preempt_end)) {
        if (!native_is_between(pc, native_stubs_begin, native_stubs_end) &&
            !native_is_between(pc, native_bulk_begin, native_bulk_end) && !compiled_has(execution, pc))
            return false;
        *execution->stopped = *interrupted;
    }
    interrupted->pc = (u64)(uintptr_t)native_preempt;
    interrupted->sp = execution->host_sp;
    return true;
}

/* ---- Compiled code that C calls ---- */

struct enter {
    struct execution *execution;
    const struct function_type *type;
    const u64 *slots;
    u64 *stack; /* words of arguments */
    struct native_call call;
    u32 trap;
};

static void enter_guarded(void *argument)
{
    struct enter *enter = argument;
    const struct function_type *type = enter->type;
    struct journey journey =
        journey_of_arguments(enter->call.integers, enter->call.floats, enter->stack);
    for (u32 i = 0; i < type->parameter_count; i++)
        *journey_next(&journey, type->types[i]) = enter->slots[i];
    enter->trap = native_enter(enter->execution, &enter->call);
}

static enum trap enter_run(struct enter *enter)
{
    struct execution *execution = enter->execution;
    const struct engine_place *place = engine_place_of(execution->engine);
    execution->fault_trap = TRAP_CALL_STACK_EXHAUSTED; /* until a fault says otherwise */
    execution->fault_pc = 0;
    if (place->guarded_call(place->context, enter_guarded, enter))
        return enter->trap;
    /* As a return address would be. Where a stub of ours ran out of the stack, it is not known. */
    execution->native_pc = execution->fault_pc == 0 ? 0 : execution->fault_pc + 1;
    execution->native_sp = execution->fault_sp;
    return execution->fault_trap;
}

enum trap compiled_call(struct execution *execution, struct function *function, u64 *slots)
{
    const struct function_type *type = function->type;
    u64 words = function->stack_words;
    const u8 *bottom = execution->guest_stack + GUEST_STACK_GUARD_BYTES + GUEST_STACK_SPARE;
    if (execution->guest_sp < (u64)(uintptr_t)bottom + words * sizeof(u64))
        return TRAP_CALL_STACK_EXHAUSTED;
    u64 *stack = (u64 *)(uintptr_t)execution->guest_sp - words;
    struct enter enter = { .execution = execution, .type = type, .slots = slots, .stack = stack };
    execution_enter(execution, function->instance);
    enter.call.memory = function->instance->memory_base;
    enter.call.entry = compiled_lazy_entry(function->instance->module, function->index);
    execution->guest_sp = (u64)(uintptr_t)stack;
    execution->in_host = false;
    enum trap trap = enter_run(&enter);
    if (trap != TRAP_NONE)
        return trap;
    const value_type *types = type->types + type->parameter_count;
    struct journey journey = journey_of_results(enter.call.integers, enter.call.floats);
    for (u32 i = 0; i < type->result_count; i++)
        slots[i] = narrowed(*result_place(&journey, types[i], execution->results, i), types[i]);
    return TRAP_NONE;
}
