/* Calls from the host into guest code and back, and what remains of them after a trap. */
#include "engine/execution.h"

#include "engine/code.h"
#include "engine/compiler.h"
#include "engine/interpret.h"
#include "engine/limits.h"

enum { STACK_GRAIN = 64 << 10 }; /* address ranges come in these */

enum status execution_create(struct engine *engine, const struct execution_options *options,
                             struct execution **execution)
{
    const struct engine_place *place = engine_place_of(engine);
    usize asked = options->stack_bytes == 0 ? EXECUTION_STACK_DEFAULT : options->stack_bytes;
    if (asked > LIMIT_STACK_BYTES)
        return STATUS_LIMIT;
    usize stack_bytes = (usize)u64_align_up(asked, STACK_GRAIN);
    struct execution *new = place->source.take(place->source.context, sizeof(*new));
    if (new == NULL)
        return STATUS_NO_MEMORY;
    void *stack = place->reserve(place->context, stack_bytes);
    if (stack == NULL) {
        place->source.give(place->source.context, new, sizeof(*new));
        return STATUS_NO_MEMORY;
    }
    *new = (struct execution){
        .engine = engine,
        .stack = stack,
        .stack_bytes = stack_bytes,
        .stack_limit = stack,
        .stack_end = (u64 *)stack + asked / sizeof(u64),
        .top = stack,
        .interrupt_hook = options->interrupt,
        .interrupt_context = options->interrupt_context,
        .front.owner = options->owner,
    };
    new->limit = new->stack_limit;
    /* Its first frames, on whichever stack, have room for certain. */
    u64 *first = new->stack + u64_min(asked, STACK_GRAIN) / sizeof(u64);
    if (compiled_execution_prepare(new) != STATUS_OK ||
        (new->guest_stack == NULL && !execution_stretch(new, first))) {
        execution_destroy(new);
        return STATUS_NO_MEMORY;
    }
    *execution = new;
    return STATUS_OK;
}

void execution_destroy(struct execution *execution)
{
    const struct engine_place *place = engine_place_of(execution->engine);
    BASE_ASSERT(execution->entry == NULL);
    compiled_execution_end(execution);
    place->release(place->context, execution->stack, execution->stack_bytes);
    place->source.give(place->source.context, execution, sizeof(*execution));
}

/* Whoever wants to interrupt has written NULL to `limit`, which stays. */
bool execution_stretch(struct execution *execution, const u64 *end)
{
    const struct engine_place *place = engine_place_of(execution->engine);
    if (end > execution->stack_end)
        return false;
    u8 *start = (u8 *)execution->stack;
    usize before = execution->stack_committed;
    usize after = (usize)u64_align_up((u64)((const u8 *)end - start), STACK_GRAIN);
    if (after > before && !place->commit(place->context, start + before, after - before))
        return false;
    u64 *limit = execution->stack_limit;
    u64 *reached = execution->stack + after / sizeof(u64);
    execution->stack_committed = after;
    execution->stack_limit = reached < execution->stack_end ? reached : execution->stack_end;
    __atomic_compare_exchange_n(&execution->limit, &limit, execution->stack_limit, false,
                                __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return true;
}

void execution_interrupt(struct execution *execution)
{
    __atomic_store_n(&execution->interrupt, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&execution->limit, NULL, __ATOMIC_SEQ_CST);
}

/* First takes the request back, then serves it: one that comes in between is served as well, one
 * that comes later is seen at the next call or loop. A trap of an inner call may be on its way
 * outwards: its record stays, unless the hook has made one. */
enum trap execution_interrupted(struct execution *execution, const union word *pc, u64 *fp)
{
    execution->pc = pc;
    execution->fp = fp;
    __atomic_store_n(&execution->limit, execution->stack_limit, __ATOMIC_SEQ_CST);
    __atomic_store_n(&execution->interrupt, 0, __ATOMIC_SEQ_CST);
    if (execution->interrupt_hook == NULL)
        return TRAP_NONE;
    u64 *top = execution->top;
    u32 depth = execution->depth;
    bool had_record = execution->has_record;
    execution->in_host = true;
    execution->has_record = false;
    execution->depth = LIMIT_HOST_DEPTH; /* no guest code within the hook */
    enum trap trap = execution->interrupt_hook(execution, execution->interrupt_context);
    execution->in_host = false;
    if (trap == TRAP_NONE)
        execution->has_record = had_record && !execution->has_record;
    execution->depth = depth;
    execution->top = top;
    return trap;
}

bool execution_preempt(struct execution *execution, struct interrupted *interrupted)
{
    return compiled_preempt(execution, interrupted);
}

static bool in_memories(const struct execution *execution, const void *address)
{
    const struct instance *instance = execution->instance;
    for (u32 i = 0; i < instance->module->memory_count; i++) {
        const struct memory *memory = instance->memories[i];
        usize distance = (usize)((uintptr_t)address - (uintptr_t)memory->base);
        if (distance < memory->reserved_bytes)
            return true;
    }
    return false;
}

/* What the fault is as a trap, or TRAP_NONE. The guest stack ends at its guard, or above where there
 * is no memory for it. */
static enum trap fault_trap(const struct execution *execution, const void *address)
{
    usize depth = (usize)((uintptr_t)address - (uintptr_t)execution->guest_stack);
    if (execution->guest_stack != NULL && depth < execution->guest_stack_bytes)
        return TRAP_CALL_STACK_EXHAUSTED;
    return in_memories(execution, address) ? TRAP_MEMORY_OUT_OF_BOUNDS : TRAP_NONE;
}

bool execution_fault(struct execution *execution, const void *address, u64 pc, u64 sp)
{
    if (execution->entry == NULL || execution->in_host)
        return false;
    enum trap trap = fault_trap(execution, address);
    if (trap == TRAP_NONE)
        return false;
    execution->fault_trap = trap;
    execution->fault_pc = compiled_has(execution, pc) ? pc : 0;
    execution->fault_sp = sp;
    return true;
}

/* ---- Values at the door ---- */

/* Narrow values have zero in the high half, whatever the host left there. */
static void slots_normalise(u64 *slots, const value_type *types, u32 count)
{
    /* Written only when it must be: a store of the upper half alone would hold up the load of the
     * whole slot that follows. */
    for (u32 i = 0; i < count; i++)
        if ((types[i] == TYPE_I32 || types[i] == TYPE_F32) && slots[i] > UINT32_MAX)
            slots[i] = (u32)slots[i];
}

static u32 slot_area(const struct function_type *type)
{
    return type->parameter_count > type->result_count ? type->parameter_count : type->result_count;
}

enum trap execution_call_host(struct execution *execution, const struct function *function,
                              const union word *pc, u64 *fp, u64 *slots)
{
    const struct function_type *type = function->type;
    execution->pc = pc;
    execution->fp = fp;
    execution->top = slots + slot_area(type);
    execution->in_host = true;
    execution->has_record = false;
    enum trap trap = function->host(execution, function->host_context, slots);
    execution->in_host = false;
    if (trap != TRAP_NONE)
        return trap;
    execution->has_record = false;
    slots_normalise(slots, type->types + type->parameter_count, type->result_count);
    return TRAP_NONE;
}

/* ---- Calls from the host ---- */

/* A call on its way through the place's guarded_call. */
struct run {
    struct execution *execution;
    const struct function_code *code;
    u64 *frame;
};

static void run_guarded(void *argument)
{
    const struct run *run = argument;
    interpret_run(run->execution, run->code->words, run->frame);
}

static enum trap call_guest(struct execution *execution, const struct function *function,
                            struct entry *entry)
{
    const struct engine_place *place = engine_place_of(execution->engine);
    const struct function_code *code = function->code;
    u64 *frame = execution->top;
    u64 *header = frame + code->header;
    for (u64 *slot = frame + code->parameter_count; slot < header; slot++)
        *slot = 0;
    header[HEADER_RETURN] = (u64)(uintptr_t)interpret_exit;
    header[HEADER_CALLER] = (u64)(uintptr_t)entry;
    execution_enter(execution, function->instance);
    execution->in_host = false;
    struct run run = { execution, code, frame };
    execution->fault_trap = TRAP_CALL_STACK_EXHAUSTED; /* until a fault says otherwise */
    if (!place->guarded_call(place->context, run_guarded, &run))
        return execution->fault_trap;
    return execution->trap;
}

/* Until it ends, there is no code that stands anywhere but those who wait for it. */
static void entry_begin(struct execution *execution, struct entry *entry)
{
    *entry = (struct entry){
        .outer = execution->entry,
        .pc = execution->pc,
        .fp = execution->fp,
        .instance = execution->instance,
        .top = execution->top,
        .host_sp = execution->host_sp,
        .guest_sp = execution->guest_sp,
        .native_pc = execution->native_pc,
        .native_sp = execution->native_sp,
        .far = execution->far,
        .in_host = execution->in_host,
    };
    execution->entry = entry;
    execution->depth++;
    execution->pc = NULL;
    execution->native_pc = 0;
}

/* Back to what was before the call. */
static void entry_end(struct execution *execution, const struct entry *entry)
{
    execution->entry = entry->outer;
    execution->pc = entry->pc;
    execution->fp = entry->fp;
    execution->top = entry->top;
    execution->host_sp = entry->host_sp;
    execution->guest_sp = entry->guest_sp;
    execution->native_pc = entry->native_pc;
    execution->native_sp = entry->native_sp;
    execution->far = entry->far;
    execution->instance = entry->instance;
    if (entry->instance != NULL)
        execution_enter(execution, entry->instance);
    execution->in_host = entry->in_host;
    execution->depth--;
}

/* Whether there is room for the call, and code for the interpreter if that is to run it. */
static enum trap call_admit(struct execution *execution, const struct function *function,
                            bool is_compiled)
{
    usize need = is_compiled ? 0 : slot_area(function->type);
    const struct function_code *code = is_compiled ? NULL : function->code;
    if (execution->depth >= LIMIT_HOST_DEPTH)
        return TRAP_CALL_STACK_EXHAUSTED;
    enum trap trap = code != NULL && !code_is_lowered(code) ? code_lower(code) : TRAP_NONE;
    if (trap != TRAP_NONE)
        return trap;
    if (code != NULL && need < code->frame_slots)
        need = code->frame_slots;
    bool fits = (usize)(execution->stack_limit - execution->top) >= need ||
                ((usize)(execution->stack_end - execution->top) >= need &&
                 execution_stretch(execution, execution->top + need));
    return fits ? TRAP_NONE : TRAP_CALL_STACK_EXHAUSTED;
}

/* On the interpreter, or of the host. */
static enum trap call_slots(struct execution *execution, const struct function *function,
                            struct entry *entry, u64 *slots)
{
    const struct function_type *type = function->type;
    u64 *frame = execution->top;
    __builtin_memcpy(frame, slots, type->parameter_count * sizeof(u64));
    slots_normalise(frame, type->types, type->parameter_count);
    enum trap trap = function->code != NULL
                         ? call_guest(execution, function, entry)
                         : execution_call_host(execution, function, NULL, NULL, frame);
    if (trap == TRAP_NONE)
        __builtin_memcpy(slots, frame, type->result_count * sizeof(u64));
    return trap;
}

static enum trap call_any(struct execution *execution, struct function *function, u64 *slots,
                          bool may_be_compiled)
{
    execution->has_record = false;
    bool is_compiled = may_be_compiled && function->instance != NULL &&
                       function->instance->module->compiled != NULL;
    enum trap trap = call_admit(execution, function, is_compiled);
    if (trap != TRAP_NONE) {
        record_make(execution, trap);
        return trap;
    }
    struct entry entry;
    entry_begin(execution, &entry);
    trap = is_compiled ? compiled_call(execution, function, slots)
                                 : call_slots(execution, function, &entry, slots);
    if (trap != TRAP_NONE && (!execution->has_record || execution->record.trap != trap))
        record_make(execution, trap);
    entry_end(execution, &entry);
    return trap;
}

enum trap execution_call(struct execution *execution, struct function *function, u64 *slots)
{
    return call_any(execution, function, slots, true);
}

enum trap execution_interpret(struct execution *execution, const struct function *function,
                              u64 *slots)
{
    struct function own = *function;
    return call_any(execution, &own, slots, false);
}
