/* The handlers of jumps, calls and returns. */
#include "engine/interpret_end.h"

#define END_HANDLER(name)                                                                         \
    HANDLER(name)                                                                                 \
    {                                                                                             \
        REGISTERS;                                                                                \
        END_##name(pc + 1);                                                                       \
    }
END_HANDLER(br)
END_HANDLER(br_back)
END_HANDLER(br_near)

END_HANDLER(br_table_s)
END_HANDLER(br_table_a)
END_HANDLER(call)
END_HANDLER(return_none)
END_HANDLER(return_u64_s)
END_HANDLER(return_u64_a)
END_HANDLER(return_u64_k)
END_HANDLER(return_f64_s)
END_HANDLER(return_f64_a)
END_HANDLER(return_f32_s)
END_HANDLER(return_f32_a)

HANDLER(return_block)
{
    REGISTERS;
    __builtin_memmove(fp, fp + pc[1].slots.a, pc[2].bits * sizeof(u64));
    END_return_none(pc + 1);
}

HANDLER(unreachable)
{
    REGISTERS;
    TRAP(pc + 1, TRAP_UNREACHABLE);
}

/* If the hook itself, or somebody since, wants to interrupt again, this call may go on, but the next
 * that needs more of the stack is refused. */
void interpret_refused(HANDLER_PARAMETERS)
{
    REGISTERS;
    const struct function_code *code = execution->refused_code;
    if (code != NULL && !code_is_lowered(code)) {
        enum trap failure = code_lower(code);
        if (failure != TRAP_NONE)
            TRAP(pc + 1, failure);
        GO(pc);
    }
    u64 *refused = execution->refused;
    if (execution->limit == execution->stack_limit) {
        if (!execution_stretch(execution, refused))
            TRAP(pc + 1, TRAP_CALL_STACK_EXHAUSTED);
        GO(pc);
    }
    enum trap trap = execution_interrupted(execution, pc, fp);
    if (trap != TRAP_NONE)
        TRAP(pc + 1, trap);
    if (execution->limit == NULL)
        execution->limit = refused < execution->stack_limit ? refused : execution->stack_limit;
    GO(pc);
}

/* ---- Calls that leave the instance ---- */

/* The accumulators as a returning callee leaves them, from the first result's slot. */
static void accumulate(struct registers *r, const u64 *results)
{
    r->integer = results[0];
    __builtin_memcpy(&r->real, results, sizeof(r->real));
    __builtin_memcpy(&r->single, results, sizeof(r->single));
}

static u32 call_area(const struct function_type *type)
{
    return type->parameter_count > type->result_count ? type->parameter_count : type->result_count;
}

/* Puts a frame between caller and callee that remembers the caller's instance; gives the callee's.
 * The arguments move up behind it: `arguments` may overlap it. */
static u64 *bridge_build(u64 *results, const u64 *arguments, const struct function *function)
{
    u64 *bridge = results + call_area(function->type);
    __builtin_memmove(bridge + BRIDGE_SLOTS, arguments,
                      function->type->parameter_count * sizeof(u64));
    bridge[BRIDGE_RESULTS] = (u64)(uintptr_t)results;
    bridge[BRIDGE_RESULT_COUNT] = function->type->result_count;
    return bridge;
}

static void bridge_return(HANDLER_PARAMETERS)
{
    REGISTERS;
    (void)pc;
    u64 *results = (u64 *)(uintptr_t)fp[BRIDGE_RESULTS];
    const union word *back = (const union word *)(uintptr_t)fp[BRIDGE_RETURN];
    u64 *caller = (u64 *)(uintptr_t)fp[BRIDGE_CALLER];
    struct instance *instance = (struct instance *)(uintptr_t)fp[BRIDGE_INSTANCE];
    __builtin_memmove(results, fp + BRIDGE_SLOTS, fp[BRIDGE_RESULT_COUNT] * sizeof(u64));
    execution_enter(execution, instance);
    execution->fp = caller;
    r->fp = caller;
    r->memory = instance->memory_base;
    GO(back);
}

const union word interpret_bridge[1] = { { .handler = bridge_return } };

/* A thread's instance runs its parent's functions as its own. */
static bool is_near(const struct execution *execution, const struct function *function)
{
    return function->instance == execution->instance ||
           (function->instance != NULL && function->instance == execution->instance->parent);
}

/* Calls `execution->callee`, of the host or of any instance. */
static void call_object(HANDLER_PARAMETERS)
{
    REGISTERS;
    const struct function *function = execution->callee;
    u64 *results = fp + CALL_BASE(pc + 1);
    if (is_near(execution, function)) {
        ADMIT(pc + 1, results, function->code);
        ENTER(function->code, results, CALL_RETURN(pc + 1), fp);
    }
    if (function->code == NULL) {
        ADMIT_SLOTS(pc + 1, results, call_area(function->type), NULL);
        enum trap trap = execution_call_host(execution, function, pc, fp, results);
        if (trap != TRAP_NONE)
            TRAP(pc + 1, trap);
        accumulate(r, results);
        GO(CALL_RETURN(pc + 1));
    }
    u32 area = call_area(function->type) + BRIDGE_SLOTS;
    ADMIT_SLOTS(pc + 1, results, area + code_frame_slots(function->code), function->code);
    u64 *bridge = bridge_build(results, results, function);
    bridge[BRIDGE_RETURN] = (u64)(uintptr_t)CALL_RETURN(pc + 1);
    bridge[BRIDGE_CALLER] = (u64)(uintptr_t)fp;
    bridge[BRIDGE_INSTANCE] = (u64)(uintptr_t)execution->instance;
    execution_enter(execution, function->instance);
    r->memory = function->instance->memory_base;
    ENTER(function->code, bridge + BRIDGE_SLOTS, interpret_bridge, bridge);
}

HANDLER(call_import)
{
    REGISTERS;
    execution->callee = execution->instance->functions[pc[1].constant.immediate];
    HAND_OVER(call_object, pc);
}

/* The function in a table's slot, if it is there and of the type; else the trap. */
PART enum trap table_function(const struct execution *execution, u32 table, u32 index, u32 type,
                              const struct function **function)
{
    const struct table *from = execution->instance->tables[table];
    if (index >= from->size)
        return TRAP_UNDEFINED_ELEMENT;
    *function = (const struct function *)(uintptr_t)from->elements[index];
    if (*function == NULL)
        return TRAP_UNINITIALIZED_ELEMENT;
    return (*function)->type->id == type ? TRAP_NONE : TRAP_INDIRECT_CALL_TYPE;
}

#define CALL_INDIRECT(index)                                                                      \
    REGISTERS;                                                                                    \
    const struct function *function;                                                              \
    enum trap trap =                                                                              \
        table_function(execution, pc[1].slots.b, (index), pc[2].indices.first, &function);        \
    if (__builtin_expect(trap != TRAP_NONE, 0))                                                   \
        TRAP(pc + 1, trap);                                                                       \
    if (__builtin_expect(function->instance != execution->instance, 0)) {                         \
        execution->callee = function;                                                             \
        HAND_OVER(call_object, pc);                                                               \
    }                                                                                             \
    u64 *frame = fp + CALL_BASE(pc + 1);                                                          \
    ADMIT(pc + 1, frame, function->code);                                                         \
    ENTER(function->code, frame, CALL_RETURN(pc + 1), fp)

HANDLER(call_indirect_s)
{
    CALL_INDIRECT(slot_u32(r, pc[1].slots.to));
}

HANDLER(call_indirect_a)
{
    CALL_INDIRECT(accumulator_u32(r));
}

/* ---- Tail calls: operands are where the arguments are, own header, argument count, and the slot
 *      of the index ---- */

#define TAIL_HEADER(pc) (fp + (pc)[1].slots.to)

PART void arguments_move(u64 *to, const u64 *from, u32 count)
{
    __builtin_memmove(to, from, count * sizeof(u64));
}

HANDLER(tail_call)
{
    REGISTERS;
    const struct function_code *callee = pc[2].pointer;
    ADMIT(pc + 1, fp, callee);
    const u64 *header = TAIL_HEADER(pc);
    const union word *back = (const union word *)(uintptr_t)header[HEADER_RETURN];
    u64 *caller = (u64 *)(uintptr_t)header[HEADER_CALLER];
    arguments_move(fp, fp + CALL_BASE(pc + 1), callee->parameter_count);
    ENTER(callee, fp, back, caller);
}

/* To a function of this instance or, if a bridge is there already to lead back, of another. */
static void tail_call_near(HANDLER_PARAMETERS)
{
    REGISTERS;
    const struct function *function = execution->callee;
    const u64 *header = TAIL_HEADER(pc);
    const union word *back = (const union word *)(uintptr_t)header[HEADER_RETURN];
    u64 *caller = (u64 *)(uintptr_t)header[HEADER_CALLER];
    ADMIT(pc + 1, fp, function->code);
    arguments_move(fp, fp + CALL_BASE(pc + 1), function->code->parameter_count);
    if (!is_near(execution, function)) {
        execution_enter(execution, function->instance);
        r->memory = function->instance->memory_base;
    }
    ENTER(function->code, fp, back, caller);
}

/* To another instance, with a new bridge where this frame was. */
static void tail_call_far(HANDLER_PARAMETERS)
{
    REGISTERS;
    const struct function *function = execution->callee;
    const u64 *header = TAIL_HEADER(pc);
    u64 back = header[HEADER_RETURN];
    u64 caller = header[HEADER_CALLER];
    u32 area = call_area(function->type) + BRIDGE_SLOTS;
    ADMIT_SLOTS(pc + 1, fp, area + code_frame_slots(function->code), function->code);
    u64 *bridge = bridge_build(fp, fp + CALL_BASE(pc + 1), function);
    bridge[BRIDGE_RETURN] = back;
    bridge[BRIDGE_CALLER] = caller;
    bridge[BRIDGE_INSTANCE] = (u64)(uintptr_t)execution->instance;
    execution_enter(execution, function->instance);
    r->memory = function->instance->memory_base;
    ENTER(function->code, bridge + BRIDGE_SLOTS, interpret_bridge, bridge);
}

/* To a function of the host: a call, and then a return. */
static void tail_call_host(HANDLER_PARAMETERS)
{
    REGISTERS;
    const struct function *function = execution->callee;
    u64 *results = fp + CALL_BASE(pc + 1);
    ADMIT_SLOTS(pc + 1, results, call_area(function->type), NULL);
    enum trap trap = execution_call_host(execution, function, pc, fp, results);
    if (trap != TRAP_NONE)
        TRAP(pc + 1, trap);
    const u64 *header = TAIL_HEADER(pc);
    const union word *back = (const union word *)(uintptr_t)header[HEADER_RETURN];
    u64 *caller = (u64 *)(uintptr_t)header[HEADER_CALLER];
    accumulate(r, results);
    arguments_move(fp, results, function->type->result_count);
    r->fp = caller;
    execution->fp = caller;
    GO(back);
}

static void tail_call_object(HANDLER_PARAMETERS)
{
    REGISTERS;
    const struct function *function = execution->callee;
    const u64 *header = TAIL_HEADER(pc);
    if (function->code == NULL)
        HAND_OVER(tail_call_host, pc);
    if (is_near(execution, function) ||
        header[HEADER_RETURN] == (u64)(uintptr_t)interpret_bridge)
        HAND_OVER(tail_call_near, pc);
    HAND_OVER(tail_call_far, pc);
}

HANDLER(tail_call_import)
{
    REGISTERS;
    execution->callee = execution->instance->functions[pc[2].indices.first];
    HAND_OVER(tail_call_object, pc);
}

HANDLER(tail_call_indirect)
{
    REGISTERS;
    const struct function *function;
    enum trap trap = table_function(execution, pc[2].indices.second, slot_u32(r, pc[1].slots.b),
                                    pc[2].indices.first, &function);
    if (trap != TRAP_NONE)
        TRAP(pc + 1, trap);
    execution->callee = function;
    HAND_OVER(tail_call_object, pc);
}
