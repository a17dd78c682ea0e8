/* Where code stands: which function an address is of, the frames on the stack, and what of the module's
 * bytes an instruction comes from. */
#include "engine/compile/compile.h"
#include "engine/compile/native.h"
#include "engine/compile/passes.h"
#include "engine/lock.h"
#include "engine/types.h"

_Static_assert((int)BODIES_MAX <= (int)COMPILED_POSITIONS_MAX, "one for each body");

/* ---- Functions ---- */

/* A copy: while another CPU compiles, the array may move. */
static bool piece_find(const struct module *module, u64 pc, struct piece *found)
{
    const struct compiled *compiled = module->compiled;
    u32 *lock = &module->engine->compiler->lock;
    u64 at = pc - (u64)(uintptr_t)compiled->memory.run;
    bool is_there = false;
    lock_take(lock);
    u32 low = 0, high = compiled->piece_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        *found = compiled->pieces[middle];
        is_there = at >= found->start && at - found->start < found->size;
        if (is_there)
            break;
        if (at < found->start)
            high = middle;
        else
            low = middle + 1;
    }
    lock_give(lock);
    return is_there;
}

/* Calls around the one that returns to `pc` which have no frames of their own. */
static u32 inlined_at(const struct module *module, u64 pc)
{
    const struct compiled *compiled = module->compiled;
    u32 *lock = &module->engine->compiler->lock;
    u64 at = pc - (u64)(uintptr_t)compiled->memory.run;
    lock_take(lock);
    u32 low = 0, high = compiled->inlined_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (compiled->inlined[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_there = low < compiled->inlined_count && compiled->inlined[low].at == at;
    u32 depth = is_there ? compiled->inlined[low].depth : 0;
    lock_give(lock);
    return depth;
}

/* Asked from signal handlers: looks at what never changes only. */
bool compiled_has(const struct execution *execution, u64 pc)
{
    const struct instance *instance = execution->instance;
    const struct compiled *compiled = instance == NULL ? NULL : instance->module->compiled;
    return compiled != NULL && pc - (u64)(uintptr_t)compiled->memory.run < compiled->memory.size;
}

/* ---- Frames ---- */

static u64 word_at(u64 address)
{
    return *(const u64 *)(uintptr_t)address;
}

static void far_skip(struct native_walk *walk, const struct native_far_frame *frame)
{
    walk->instance = (const struct instance *)(uintptr_t)frame->instance;
    walk->pc = frame->return_address;
    walk->sp = (u64)(uintptr_t)(frame + 1);
}

/* Over the frame of a far call, if that is where the callee returns to. */
static bool far_walk(struct native_walk *walk)
{
    if (walk->pc == (u64)(uintptr_t)native_far_return) {
        far_skip(walk, (const struct native_far_frame *)(uintptr_t)walk->sp);
        return true;
    }
    if (walk->pc != (u64)(uintptr_t)native_far_stack_return)
        return false;
    const struct native_far_stack_frame *frame =
        (const struct native_far_stack_frame *)(uintptr_t)walk->far;
    walk->far = frame->outer;
    far_skip(walk, &frame->common);
    return true;
}

void native_walk_begin(struct native_walk *walk)
{
    while (far_walk(walk))
        continue;
    if (walk->pc == (u64)(uintptr_t)native_enter_return) {
        walk->pc = 0;
        return;
    }
    struct piece piece = { 0 };
    if (!piece_find(walk->instance->module, walk->pc - 1, &piece))
        walk->pc = 0; /* no frame of ours: better a record that is short than no kernel */
    walk->function = piece.function;
    walk->inlined = inlined_at(walk->instance->module, walk->pc);
}

void native_walk_outwards(struct native_walk *walk)
{
    const struct compiled *compiled = walk->instance->module->compiled;
    struct piece piece;
    bool is_there = piece_find(walk->instance->module, walk->pc - 1, &piece);
    BASE_ASSERT(is_there); /* it was found when the walk came here */
    u64 at = walk->pc - 1 - (u64)(uintptr_t)compiled->memory.run - piece.start;
    u64 frame = at < piece.probe_bytes ? 0 : piece.frame_bytes;
    walk->pc = word_at(walk->sp + frame);
    walk->sp += frame + sizeof(u64);
    native_walk_begin(walk);
}

/* ---- Instructions ---- */

/* The instruction first, which is at `offset`, then the calls of the sites around it, outwards. */
static u32 positions_of(const struct ir *ir, u32 instruction, usize offset,
                        struct compiled_position positions[COMPILED_POSITIONS_MAX])
{
    u32 count = 0;
    u32 site = ir_site_of(ir, instruction);
    for (; site != IR_NO_SITE; site = ir->sites[site].outer) {
        positions[count++] = (struct compiled_position){ ir->sites[site].function, offset };
        offset = ir->sites[site].offset;
    }
    positions[count++] = (struct compiled_position){ ir->function, offset };
    return count;
}

/* What is found out about a byte of a function's code. */
struct sought {
    struct compiled_position positions[COMPILED_POSITIONS_MAX];
    u32 count;
    bool is_left; /* the frame is not there any more before it */
};

/* Compiles the function once more, as it was compiled the first time, and watches out for the byte
 * at `pc`. */
static bool sought_find(const struct module *module, const struct piece *piece, u64 pc,
                        struct sought *sought)
{
    const struct source *source = &module->engine->place->source;
    struct compiler *compiler = module->engine->compiler;
    const struct compiled *compiled = module->compiled;
    u32 capacity = piece->size + CODE_SPARE;
    u8 *copy = source->take(source->context, capacity);
    if (copy == NULL)
        return false;
    const u8 *run = compiled->memory.run + piece->start;
    struct emission emission = {
        .write = copy,
        .run = run,
        .capacity = capacity,
        .entries = compiled->memory.run,
        .sought = (u32)(pc - (u64)(uintptr_t)run),
    };
    lock_take(&compiler->lock);
    u32 offset;
    bool found = passes_run(compiler, module, piece->function, &emission) == STATUS_OK &&
                 builder_offset(&compiler->builder, &compiler->ir, emission.sought_instruction,
                                &offset) == STATUS_OK;
    if (found)
        sought->count = positions_of(&compiler->ir, emission.sought_instruction, offset,
                                     sought->positions);
    sought->is_left = emission.sought_is_left;
    passes_trim(compiler);
    lock_give(&compiler->lock);
    source->give(source->context, copy, capacity);
    return found;
}

u32 compiled_positions(const struct module *module, u32 function, u64 pc,
                       struct compiled_position positions[COMPILED_POSITIONS_MAX])
{
    struct sought sought = { 0 };
    struct piece piece;
    if (piece_find(module, pc - 1, &piece) && sought_find(module, &piece, pc - 1, &sought)) {
        __builtin_memcpy(positions, sought.positions, sizeof(sought.positions));
        return sought.count;
    }
    positions[0] = (struct compiled_position){ function, module->functions[function].body_offset };
    return 1;
}

/* A walk takes it that the frame is there behind the probes. What is no function's is an entry that
 * leads to the compiler. */
u64 compiled_stopped_at(const struct module *module, u64 pc, u64 *sp)
{
    struct piece piece;
    struct sought sought;
    if (!piece_find(module, pc, &piece)) {
        u64 back = word_at(*sp);
        *sp += sizeof(u64);
        return back;
    }
    const u8 *code = module->compiled->memory.run + piece.start;
    u32 at = (u32)(pc - (u64)(uintptr_t)code);
    bool is_left = at == piece.probe_bytes;
    if (compile_target.may_have_left(code + at, at, piece.frame_bytes)) {
        if (!sought_find(module, &piece, pc, &sought))
            return 0;
        is_left |= sought.is_left;
    }
    if (is_left)
        *sp -= piece.frame_bytes;
    return pc + 1;
}
