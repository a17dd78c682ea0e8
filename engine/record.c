/* What remains of an execution after a trap: where it was, frame by frame. */
#include "engine/code.h"
#include "engine/compiler.h"
#include "engine/execution.h"

/* `inlined`: so many frames more are at the same place. */
static void record_frame(struct execution *execution, const struct instance *instance,
                         u32 function, u64 pc, u32 inlined)
{
    struct trap_record *record = &execution->record;
    if (record->frame_count == TRAP_FRAMES_MAX) {
        record->omitted_count += 1 + inlined;
        return;
    }
    execution->raw[record->frame_count] = pc;
    record->frames[record->frame_count++] =
        (struct trap_frame){ .instance = instance, .function = function };
}

/* Where a walk over the frames is: in code of the interpreter, compiled, or at the beginning of a
 * call from C. */
struct walk {
    const union word *pc; /* NULL: not on the interpreter */
    const u64 *fp;
    u64 native_pc; /* 0: not in compiled code */
    u64 native_sp;
    u64 far;
    const struct instance *instance;
    const struct entry *entry; /* of the call from C that it is in */
};

/* Behind the outermost frame of a call from C, to who called there. */
static void walk_leave(struct walk *walk)
{
    const struct entry *entry = walk->entry;
    *walk = (struct walk){ entry->pc,  entry->fp,       entry->native_pc, entry->native_sp,
                           entry->far, entry->instance, entry->outer };
}

/* From the callee's header to its caller, over bridges and calls from the host. */
static void walk_outwards(struct walk *walk, const u64 *header)
{
    const union word *back = (const union word *)(uintptr_t)header[HEADER_RETURN];
    const u64 *caller = (const u64 *)(uintptr_t)header[HEADER_CALLER];
    if (back == interpret_bridge) {
        walk->instance = (const struct instance *)(uintptr_t)caller[BRIDGE_INSTANCE];
        back = (const union word *)(uintptr_t)caller[BRIDGE_RETURN];
        caller = (const u64 *)(uintptr_t)caller[BRIDGE_CALLER];
    }
    walk->pc = back - 1;
    walk->fp = caller;
    if (back == interpret_exit)
        walk_leave(walk);
}

static void record_interpreted(struct execution *execution, struct walk *walk)
{
    const struct module *module = walk->instance->module;
    u32 function = code_function(module, walk->pc);
    record_frame(execution, walk->instance, function, (u64)(uintptr_t)walk->pc, 0);
    walk_outwards(walk, walk->fp + module->code[function]->header);
}

/* All frames of one call from C. */
static void record_compiled(struct execution *execution, struct walk *walk)
{
    struct native_walk native = {
        .pc = walk->native_pc, .sp = walk->native_sp, .instance = walk->instance, .far = walk->far
    };
    native_walk_begin(&native);
    while (native.pc != 0) {
        if (execution->record.frame_count < TRAP_FRAMES_MAX)
            execution->raw_compiled |= 1u << execution->record.frame_count;
        record_frame(execution, native.instance, native.function, native.pc, native.inlined);
        native_walk_outwards(&native);
    }
    walk_leave(walk);
}

void record_make(struct execution *execution, enum trap trap)
{
    execution->record.trap = trap;
    execution->record.frame_count = 0;
    execution->record.omitted_count = 0;
    execution->raw_compiled = 0;
    struct walk walk = { execution->pc,        execution->fp,  execution->native_pc,
                         execution->native_sp, execution->far, execution->instance,
                         execution->entry };
    while (walk.entry != NULL) {
        if (walk.native_pc != 0)
            record_compiled(execution, &walk);
        else if (walk.pc != NULL)
            record_interpreted(execution, &walk);
        else
            walk_leave(&walk);
    }
    execution->raw_count = execution->record.frame_count;
    execution->has_record = true;
}

/* Where the frames of one place in the code are, innermost first. */
static u32 frame_positions(const struct execution *execution, u32 index,
                           const struct trap_frame *frame, struct compiled_position *positions)
{
    const struct module *module = frame->instance->module;
    u64 pc = execution->raw[index];
    if ((execution->raw_compiled >> index & 1) != 0)
        return compiled_positions(module, frame->function, pc, positions);
    positions[0] = (struct compiled_position){
        frame->function, code_offset(module, frame->function, (const void *)(uintptr_t)pc)
    };
    return 1;
}

static void frame_add(struct trap_record *record, const struct instance *instance,
                      const struct compiled_position *position)
{
    if (record->frame_count == TRAP_FRAMES_MAX) {
        record->omitted_count++;
        return;
    }
    record->frames[record->frame_count++] = (struct trap_frame){
        .instance = instance,
        .function = position->function,
        .offset = position->offset,
        .name = module_function_name(instance->module, position->function),
    };
}

/* Offsets, names and calls that have been inlined are found when somebody asks: that takes long, and
 * most never do. */
const struct trap_record *execution_trap(const struct execution *execution)
{
    struct execution *writable = (struct execution *)(uintptr_t)execution;
    struct trap_frame raw[TRAP_FRAMES_MAX];
    struct compiled_position positions[COMPILED_POSITIONS_MAX];
    u32 raw_count = execution->raw_count;
    if (raw_count == 0)
        return &execution->record;
    __builtin_memcpy(raw, execution->record.frames, sizeof(raw));
    writable->record.frame_count = 0;
    for (u32 i = 0; i < raw_count; i++) {
        u32 count = frame_positions(execution, i, &raw[i], positions);
        for (u32 n = 0; n < count; n++)
            frame_add(&writable->record, raw[i].instance, &positions[n]);
    }
    writable->raw_count = 0;
    return &execution->record;
}
