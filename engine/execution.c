/* Calls from the host into guest code and back, and what remains of them after a trap. */
#include "engine/execution.h"

#include "engine/code.h"
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
    if (stack == NULL || !place->commit(place->context, stack, stack_bytes)) {
        if (stack != NULL)
            place->release(place->context, stack, stack_bytes);
        place->source.give(place->source.context, new, sizeof(*new));
        return STATUS_NO_MEMORY;
    }
    *new = (struct execution){
        .engine = engine,
        .stack = stack,
        .stack_bytes = stack_bytes,
        .stack_limit = (u64 *)stack + asked / sizeof(u64),
        .top = stack,
        .interrupt_hook = options->interrupt,
        .interrupt_context = options->interrupt_context,
        .owner = options->owner,
    };
    new->limit = new->stack_limit;
    *execution = new;
    return STATUS_OK;
}

void execution_destroy(struct execution *execution)
{
    const struct engine_place *place = engine_place_of(execution->engine);
    BASE_ASSERT(execution->entry == NULL);
    place->release(place->context, execution->stack, execution->stack_bytes);
    place->source.give(place->source.context, execution, sizeof(*execution));
}

void *execution_owner(const struct execution *execution)
{
    return execution->owner;
}

void execution_interrupt(struct execution *execution)
{
    __atomic_store_n(&execution->interrupt, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&execution->limit, NULL, __ATOMIC_SEQ_CST);
}

/* First takes the request back, then serves it: one that comes in between is served as well, one
 * that comes later is seen at the next call or loop. */
enum trap execution_interrupted(struct execution *execution, const union word *pc, u64 *fp)
{
    execution->pc = pc;
    execution->fp = fp;
    __atomic_store_n(&execution->limit, execution->stack_limit, __ATOMIC_SEQ_CST);
    __atomic_store_n(&execution->interrupt, 0, __ATOMIC_SEQ_CST);
    if (execution->interrupt_hook == NULL)
        return TRAP_NONE;
    execution->in_host = true;
    execution->has_record = false;
    execution->top = execution->stack_limit; /* no room for guest code within the hook */
    enum trap trap = execution->interrupt_hook(execution, execution->interrupt_context);
    execution->in_host = false;
    return trap;
}

bool execution_fault(const struct execution *execution, const void *address)
{
    if (execution->entry == NULL || execution->in_host)
        return false;
    const struct instance *instance = execution->instance;
    for (u32 i = 0; i < instance->module->memory_count; i++) {
        const struct memory *memory = instance->memories[i];
        usize distance = (usize)((uintptr_t)address - (uintptr_t)memory->base);
        if (distance < memory->reserved_bytes)
            return true;
    }
    return false;
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

/* ---- Records of traps ---- */

static void record_frame(struct execution *execution, const struct instance *instance,
                         u32 function, const union word *pc)
{
    struct trap_record *record = &execution->record;
    if (record->frame_count == TRAP_FRAMES_MAX) {
        record->omitted_count++;
        return;
    }
    execution->raw[record->frame_count] = pc;
    record->frames[record->frame_count++] =
        (struct trap_frame){ .instance = instance, .function = function };
}

/* Where a walk over the frames is. */
struct walk {
    const union word *pc; /* NULL: beyond the outermost frame */
    const u64 *fp;
    const struct instance *instance;
};

/* From the callee's header to its caller, over bridges and calls from the host. */
static struct walk walk_outwards(struct walk walk, const u64 *header)
{
    const union word *back = (const union word *)(uintptr_t)header[HEADER_RETURN];
    const u64 *caller = (const u64 *)(uintptr_t)header[HEADER_CALLER];
    if (back == interpret_bridge) {
        walk.instance = (const struct instance *)(uintptr_t)caller[BRIDGE_INSTANCE];
        back = (const union word *)(uintptr_t)caller[BRIDGE_RETURN];
        caller = (const u64 *)(uintptr_t)caller[BRIDGE_CALLER];
    }
    if (back == interpret_exit) {
        const struct entry *entry = (const struct entry *)(const void *)caller;
        return (struct walk){ entry->pc, entry->fp, entry->instance };
    }
    return (struct walk){ back - 1, caller, walk.instance };
}

static void record_make(struct execution *execution, enum trap trap)
{
    execution->record.trap = trap;
    execution->record.frame_count = 0;
    execution->record.omitted_count = 0;
    execution->raw_count = 0;
    struct walk walk = { execution->pc, execution->fp, execution->instance };
    while (walk.pc != NULL) {
        u32 function = code_function(walk.instance->module, walk.pc);
        record_frame(execution, walk.instance, function, walk.pc);
        walk = walk_outwards(walk, walk.fp + walk.instance->module->code[function]->header);
    }
    execution->raw_count = execution->record.frame_count;
    execution->has_record = true;
}

/* Offsets and names are found when somebody asks: that takes long, and most never do. */
const struct trap_record *execution_trap(const struct execution *execution)
{
    struct execution *writable = (struct execution *)(uintptr_t)execution;
    for (u32 i = 0; i < execution->raw_count; i++) {
        struct trap_frame *frame = &writable->record.frames[i];
        const struct module *module = frame->instance->module;
        frame->offset = code_offset(module, frame->function, execution->raw[i]);
        frame->name = module_function_name(module, frame->function);
    }
    writable->raw_count = 0;
    return &execution->record;
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

static enum trap call_guest(struct execution *execution, struct function *function,
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
    if (!place->guarded_call(place->context, run_guarded, &run))
        return TRAP_MEMORY_OUT_OF_BOUNDS;
    return execution->trap;
}

static enum trap call_any(struct execution *execution, struct function *function,
                          struct entry *entry)
{
    if (function->code != NULL)
        return call_guest(execution, function, entry);
    return execution_call_host(execution, function, entry->pc, entry->fp, execution->top);
}

/* Back to what was before the call. */
static void entry_end(struct execution *execution, const struct entry *entry)
{
    execution->entry = entry->outer;
    execution->pc = entry->pc;
    execution->fp = entry->fp;
    execution->top = entry->top;
    execution->instance = entry->instance;
    execution->own_globals = entry->instance == NULL ? NULL : entry->instance->own_globals;
    execution->in_host = entry->in_host;
    execution->depth--;
}

static bool call_fits(const struct execution *execution, const struct function *function)
{
    usize need = slot_area(function->type);
    if (function->code != NULL && need < function->code->frame_slots)
        need = function->code->frame_slots;
    return execution->depth < LIMIT_HOST_DEPTH &&
           (usize)(execution->stack_limit - execution->top) >= need;
}

enum trap execution_call(struct execution *execution, struct function *function, u64 *slots)
{
    const struct function_type *type = function->type;
    execution->has_record = false;
    if (!call_fits(execution, function)) {
        record_make(execution, TRAP_CALL_STACK_EXHAUSTED);
        return TRAP_CALL_STACK_EXHAUSTED;
    }
    struct entry entry = {
        .outer = execution->entry,
        .pc = execution->pc,
        .fp = execution->fp,
        .instance = execution->instance,
        .top = execution->top,
        .in_host = execution->in_host,
    };
    u64 *frame = execution->top;
    __builtin_memcpy(frame, slots, type->parameter_count * sizeof(u64));
    slots_normalise(frame, type->types, type->parameter_count);
    execution->entry = &entry;
    execution->depth++;
    enum trap trap = call_any(execution, function, &entry);
    if (trap == TRAP_NONE)
        __builtin_memcpy(slots, frame, type->result_count * sizeof(u64));
    else if (!execution->has_record || execution->record.trap != trap)
        record_make(execution, trap);
    entry_end(execution, &entry);
    return trap;
}
