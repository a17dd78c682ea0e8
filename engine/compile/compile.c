/* Compiling functions when they are called first, and finding them again by their addresses.
 *
 * The code memory of a module:
 *   code pointers of all its functions, by index; at first they lead to
 *   the lazy entries of its own functions, by index, which go to the compiler;
 *   code, as it is compiled. */
#include "engine/compile/compile.h"

#include "engine/compile/native.h"
#include "engine/compile/passes.h"
#include "engine/limits.h"
#include "engine/lock.h"
#include "engine/stretch.h"
#include "engine/types.h"

enum {
    CODE_GRAIN = 64 << 10,
    /* Room for code; real modules need 2 bytes for a byte. What does not fit is interpreted. */
    CODE_PER_BYTE = 10,
    CODE_PER_FUNCTION = 256,
    CODE_BYTES_MAX = 1 << 30,
};

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

void compiler_destroy(struct engine *engine, struct compiler *compiler)
{
    const struct source *source = &engine->place->source;
    if (compiler == NULL)
        return;
    passes_give(compiler);
    source->give(source->context, compiler, sizeof(*compiler));
}

/* ---- One function ---- */

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
    enum status status = passes_run(compiler, module, function, &emission);
    if (status == STATUS_OK &&
        !piece_add(&module->engine->place->source, compiled, function, &emission))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        compiled_set(compiled, function, start);
    else
        __atomic_store_n(&compiled->progress[function],
                         status == STATUS_NO_MEMORY ? PROGRESS_LACKED : PROGRESS_INTERPRETED,
                         __ATOMIC_RELEASE);
    passes_trim(compiler);
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
