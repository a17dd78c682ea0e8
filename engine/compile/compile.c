/* Compiling functions when they are called first, and finding them again by their addresses.
 *
 * The code memory of a module:
 *   code pointers of all its functions, by index; at first they lead to
 *   the lazy entries of its own functions, by index, which go to the compiler;
 *   code, as it is compiled. */
#include "engine/compile/compile.h"

#include "engine/compile/allocate.h"
#include "engine/compile/aside.h"
#include "engine/compile/build.h"
#include "engine/compile/mark.h"
#include "engine/compile/native.h"
#include "engine/limits.h"
#include "engine/lock.h"
#include "engine/stretch.h"
#include "engine/types.h"

enum {
    CODE_GRAIN = 64 << 10,
    /* Room for code; real modules need 2 bytes for a byte. What does not fit is interpreted. */
    CODE_PER_BYTE = 10, CODE_PER_FUNCTION = 256,
    CODE_BYTES_MAX = 1 << 30,
    CODE_SPARE = 64, /* behind a function's code, so that its emitter can write on */
    /* Working memory for so many instructions is kept for the next function: about half a MB. What is
     * larger has no more of it than the pass at hand needs. */
    KEPT_INSTRUCTIONS = 1 << 13,
};

/* One function at a time, for all modules of the engine. */
struct compiler {
    u32 lock;
    const struct source *source;
    struct target target;
    /* Working memory. */
    struct builder builder;
    struct marker marker;
    struct allocator *allocator;
    struct emitter *emitter;
    struct ir ir;
    struct allocation allocation;
    struct aside aside;
};

_Static_assert((int)BODIES_MAX <= (int)COMPILED_POSITIONS_MAX, "one for each body");

/* ---- The compiler ---- */

enum status compiler_create(struct engine *engine, struct compiler **compiler)
{
    const struct source *source = &engine->place->source;
    *compiler = NULL;
    if (engine->place->code_reserve == NULL)
        return STATUS_OK;
    struct compiler *new = source->take(source->context, sizeof(*new));
    if (new == NULL)
        return STATUS_NO_MEMORY;
    *new = (struct compiler){ .source = source, .target = compile_target, .aside = { source, NULL } };
    if ((engine->place->compile_flags & COMPILE_FEW_REGISTERS) != 0) {
        new->target.integers &= compile_target.few;
        new->target.floats &= compile_target.few;
    }
    *compiler = new;
    return STATUS_OK;
}

static bool working_take(struct compiler *compiler)
{
    if (compiler->emitter == NULL) {
        builder_init(&compiler->builder, compiler->source);
        compiler->marker = (struct marker){ .source = compiler->source };
    }
    return (compiler->allocator != NULL ||
            allocator_create(compiler->source, &compiler->allocator) == STATUS_OK) &&
           (compiler->emitter != NULL ||
            compile_target.emitter_create(compiler->source, &compiler->emitter) == STATUS_OK);
}

static void building_give(struct compiler *compiler)
{
    builder_destroy(&compiler->builder);
    builder_init(&compiler->builder, compiler->source);
}

static void marking_give(struct compiler *compiler)
{
    mark_destroy(&compiler->marker);
    compiler->marker = (struct marker){ .source = compiler->source };
}

static void allocating_give(struct compiler *compiler)
{
    allocator_destroy(compiler->allocator);
    compiler->allocator = NULL;
}

static void working_give(struct compiler *compiler)
{
    aside_destroy(&compiler->aside);
    if (compiler->allocator != NULL)
        allocating_give(compiler);
    if (compiler->emitter == NULL)
        return;
    compile_target.emitter_destroy(compiler->emitter);
    building_give(compiler);
    marking_give(compiler);
    ir_destroy(compiler->source, &compiler->ir);
    allocation_give(compiler->source, &compiler->allocation);
    compiler->emitter = NULL;
    compiler->ir = (struct ir){ 0 };
}

/* After a function that was much larger than most. */
static void working_trim(struct compiler *compiler)
{
    if (compiler->ir.is_large || compiler->ir.capacity > KEPT_INSTRUCTIONS)
        working_give(compiler);
}

void compiler_destroy(struct engine *engine, struct compiler *compiler)
{
    const struct source *source = &engine->place->source;
    if (compiler == NULL)
        return;
    working_give(compiler);
    source->give(source->context, compiler, sizeof(*compiler));
}

/* ---- One function ---- */

/* Under the lock. */
static enum status function_compile(struct compiler *compiler, const struct module *module,
                                    u32 function, struct emission *emission)
{
    struct ir *ir = &compiler->ir;
    if (ir_is_large(module, function))
        working_give(compiler);
    if (!working_take(compiler))
        return STATUS_NO_MEMORY;
    ir->module = module;
    enum status status = builder_run(&compiler->builder, ir, function);
    if (ir->is_large)
        building_give(compiler);
    if (status == STATUS_OK && !mark_run(&compiler->marker, ir))
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK)
        return status;
    if (ir->is_large) {
        marking_give(compiler);
        ir_trim(compiler->source, ir);
    }
    compile_target.fold(ir);
    status = allocator_run(compiler->allocator, ir, &compiler->target, &compiler->allocation);
    if (ir->is_large)
        allocating_give(compiler);
    if (status != STATUS_OK)
        return status;
    return aside_emit(&compiler->aside, compiler->emitter, ir, &compiler->allocation, emission);
}

u32 *compiler_lock(const struct engine *engine)
{
    return &engine->compiler->lock;
}

static void pointer_set(struct compiled *compiled, u32 function, const u8 *code)
{
    u64 *pointers = (u64 *)(void *)compiled->memory.write;
    __atomic_store_n(&pointers[function], (u64)(uintptr_t)code, __ATOMIC_RELEASE);
}

void compiled_set(struct compiled *compiled, u32 function, u32 start)
{
    pointer_set(compiled, function, compiled->memory.run + start);
    __atomic_store_n(&compiled->progress[function], PROGRESS_COMPILED, __ATOMIC_RELEASE);
}

static bool inlined_add(const struct source *source, struct compiled *compiled,
                        const struct emission *emission)
{
    if (!stretch(source, (void **)&compiled->inlined, &compiled->inlined_capacity,
                 compiled->inlined_count + (usize)emission->inlined_count,
                 sizeof(*compiled->inlined)))
        return false;
    for (u32 i = 0; i < emission->inlined_count; i++)
        compiled->inlined[compiled->inlined_count++] = (struct inlined_call){
            compiled->used + emission->inlined[i].at, emission->inlined[i].depth
        };
    return true;
}

static bool piece_add(const struct source *source, struct compiled *compiled, u32 function,
                      const struct emission *emission)
{
    if (!stretch(source, (void **)&compiled->pieces, &compiled->piece_capacity,
                 compiled->piece_count + (usize)1, sizeof(*compiled->pieces)) ||
        !stretch(source, (void **)&compiled->addresses, &compiled->address_capacity,
                 (usize)compiled->address_count + emission->address_count,
                 sizeof(*compiled->addresses)) ||
        !inlined_add(source, compiled, emission))
        return false;
    for (u32 i = 0; i < emission->address_count; i++)
        compiled->addresses[compiled->address_count++] = compiled->used + emission->addresses[i];
    compiled->pieces[compiled->piece_count++] = (struct piece){
        .start = compiled->used,
        .size = emission->size,
        .frame_bytes = emission->frame_bytes,
        .probe_bytes = emission->probe_bytes,
        .function = function,
    };
    compiled->used =
        (u32)u64_align_up((u64)compiled->used + emission->size, TARGET_CODE_ALIGNMENT);
    return true;
}

/* Under the lock. */
static void compile_now(struct compiler *compiler, const struct module *module, u32 function)
{
    struct compiled *compiled = module->compiled;
    struct emission emission = {
        .write = compiled->memory.write + compiled->used,
        .run = compiled->memory.run + compiled->used,
        .capacity = (u32)compiled->memory.size - compiled->used,
        .entries = compiled->memory.run,
        .sought = UINT32_MAX,
    };
    u32 start = compiled->used;
    enum status status = function_compile(compiler, module, function, &emission);
    if (status == STATUS_OK &&
        !piece_add(&module->engine->place->source, compiled, function, &emission))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        compiled_set(compiled, function, start);
    else
        __atomic_store_n(&compiled->progress[function],
                         status == STATUS_NO_MEMORY ? PROGRESS_LACKED : PROGRESS_INTERPRETED,
                         __ATOMIC_RELEASE);
    working_trim(compiler);
}

const void *compiled_entry(const struct module *module, u32 function)
{
    struct compiled *compiled = module->compiled;
    struct compiler *compiler = module->engine->compiler;
    if (compiled == NULL)
        return NULL;
    if (__atomic_load_n(&compiled->progress[function], __ATOMIC_ACQUIRE) == PROGRESS_NONE) {
        lock_take(&compiler->lock);
        if (compiled->progress[function] == PROGRESS_NONE)
            compile_now(compiler, module, function);
        lock_give(&compiler->lock);
    }
    if (compiled->progress[function] != PROGRESS_COMPILED)
        return NULL;
    return (const void *)(uintptr_t)((const u64 *)(const void *)compiled->memory.run)[function];
}

const void *compiled_lazy_entry(const struct module *module, u32 function)
{
    const struct compiled *compiled = module->compiled;
    return (const void *)(uintptr_t)((const u64 *)(const void *)compiled->memory.run)[function];
}

/* ---- Modules ---- */

static usize code_bytes(const struct module *module)
{
    u64 bytes = 0;
    for (u32 i = module->imported_function_count; i < module->function_count; i++)
        bytes += module->functions[i].body.size * CODE_PER_BYTE;
    bytes += (u64)module->function_count *
             (sizeof(u64) + TARGET_LAZY_BYTES + TARGET_CODE_ALIGNMENT + CODE_PER_FUNCTION);
    return (usize)u64_min(u64_align_up(bytes + CODE_GRAIN, CODE_GRAIN), CODE_BYTES_MAX);
}

static void lazy_entries_write(const struct module *module, struct compiled *compiled)
{
    compiled->used =
        (u32)u64_align_up(module->function_count * sizeof(u64), TARGET_CODE_ALIGNMENT);
    for (u32 i = module->imported_function_count; i < module->function_count; i++) {
        compile_target.emit_lazy(compiled->memory.write + compiled->used, i);
        pointer_set(compiled, i, compiled->memory.run + compiled->used);
        compiled->used += TARGET_LAZY_BYTES;
    }
    compiled->start = compiled->used;
}

void compiled_create(struct module *module)
{
    const struct engine_place *place = module->engine->place;
    const struct source *source = &place->source;
    u32 own_count = module->function_count - module->imported_function_count;
    if (module->engine->compiler == NULL || own_count == 0)
        return;
    struct compiled *new = source->take(source->context, sizeof(*new));
    u8 *progress = source->take(source->context, module->function_count);
    struct code_memory memory;
    if (new != NULL && progress != NULL &&
        place->code_reserve(place->context, code_bytes(module), &memory)) {
        *new = (struct compiled){ .memory = memory, .progress = progress };
        lazy_entries_write(module, new);
        module->compiled = new;
        return;
    }
    if (new != NULL)
        source->give(source->context, new, sizeof(*new));
    if (progress != NULL)
        source->give(source->context, progress, module->function_count);
}

void compiled_at_load(struct module *module)
{
    if ((module->engine->place->compile_flags & COMPILE_AT_LOAD) == 0)
        return;
    for (u32 i = module->imported_function_count; i < module->function_count; i++)
        (void)compiled_entry(module, i);
}

void compiled_destroy(struct module *module)
{
    const struct engine_place *place = module->engine->place;
    const struct source *source = &place->source;
    struct compiled *compiled = module->compiled;
    if (compiled == NULL)
        return;
    place->code_release(place->context, &compiled->memory);
    stretch_give(source, compiled->inlined, compiled->inlined_capacity,
                 sizeof(*compiled->inlined));
    stretch_give(source, compiled->pieces, compiled->piece_capacity, sizeof(*compiled->pieces));
    stretch_give(source, compiled->addresses, compiled->address_capacity,
                 sizeof(*compiled->addresses));
    source->give(source->context, compiled->progress, module->function_count);
    source->give(source->context, compiled, sizeof(*compiled));
}

const char *engine_cpu_feature(u32 number, bool *has)
{
    return compile_target.feature(number, has);
}

/* ---- What compiled code looks at ---- */

void compiled_function_prepare(struct function *function)
{
    const struct instance *instance = function->instance;
    function->type_id = function->type->id;
    if (instance == NULL) {
        function->far = function->host_copy.to != NULL
                            ? (const void *)(uintptr_t)native_host_copy
                            : native_host_entry(function->type);
        return;
    }
    u32 number = function->type->number;
    if (number < 1u << TAG_TYPE_BITS)
        function->tag = instance->tag + number;
    function->stack_words = native_stack_words(function->type);
    function->native = (const void *)(uintptr_t)native_lazy_function;
    function->far =
        (const void *)(uintptr_t)(function->stack_words == 0 ? native_far : native_far_stack);
}

/* What others than guest code write to is at the top, where there is memory from the beginning. */
enum status compiled_execution_prepare(struct execution *execution)
{
    const struct engine_place *place = engine_place_of(execution->engine);
    if (execution->engine->compiler == NULL)
        return STATUS_OK;
    usize results = (usize)u64_align_up(LIMIT_RESULTS * sizeof(u64), 64);
    usize bytes = execution->stack_bytes + CODE_GRAIN + GUEST_STACK_GUARD_BYTES;
    u8 *stack = place->reserve(place->context, bytes);
    if (stack == NULL)
        return STATUS_NO_MEMORY;
    execution->guest_stack = stack;
    execution->guest_stack_bytes = bytes;
    usize lazy = bytes - GUEST_STACK_GUARD_BYTES - CODE_GRAIN;
    if (!place->commit(place->context, stack + bytes - CODE_GRAIN, CODE_GRAIN) ||
        !place->commit_lazily(place->context, stack + GUEST_STACK_GUARD_BYTES, lazy))
        return STATUS_NO_MEMORY;
    execution->results = (u64 *)(void *)(stack + bytes - results);
    execution->stopped = (struct interrupted *)(void *)execution->results - 1;
    execution->guest_sp = (u64)(uintptr_t)execution->stopped & ~(u64)63;
    execution->natives.trap = (const void *)(uintptr_t)native_trap;
    execution->natives.runtime = (const void *)(uintptr_t)native_runtime;
    execution->natives.indirect = (const void *)(uintptr_t)native_indirect;
    execution->natives.copy = (const void *)(uintptr_t)native_copy;
    execution->natives.fill = (const void *)(uintptr_t)native_fill;
    execution->natives.lazy = (const void *)(uintptr_t)native_lazy;
    return STATUS_OK;
}

void compiled_execution_end(struct execution *execution)
{
    const struct engine_place *place = engine_place_of(execution->engine);
    if (execution->guest_stack != NULL)
        place->release(place->context, execution->guest_stack, execution->guest_stack_bytes);
}

/* ---- Where code stands ---- */

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
    bool found = function_compile(compiler, module, piece->function, &emission) == STATUS_OK &&
                 builder_offset(&compiler->builder, &compiler->ir, emission.sought_instruction,
                                &offset) == STATUS_OK;
    if (found)
        sought->count = positions_of(&compiler->ir, emission.sought_instruction, offset,
                                     sought->positions);
    sought->is_left = emission.sought_is_left;
    working_trim(compiler);
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
