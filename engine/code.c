/* From bodies to lowered code, and from lowered code back to bodies. */
#include "engine/code.h"

#include "engine/fusion.h"
#include "engine/lock.h"
#include "engine/types.h"
#include "engine/validate.h"

enum { RUN_CAPACITY_FIRST = 64 };

/* Functions whose code stands in the order of their addresses. Chunks of the arena may come in any
 * order; whenever the next address is lower, or the run is full, a new one begins. */
struct code_run {
    struct code_run *older;
    u32 count;
    u32 capacity;
    u32 functions[];
};

/* What lowers the functions of a module: made for the first. */
struct code_lowerer {
    struct fusions *fusions;
    struct validator validator;
};

/* The headers of a module's own functions. `module->code` points at each of them. */
struct code_table {
    struct module *module;
    u32 lock; /* under which functions are lowered, and all below changes */
    struct code_lowerer *lowerer;
    struct code_run *newest;
    struct function_code codes[];
};

/* ---- The table ---- */

static struct code_table *table_of_code(const struct function_code *code)
{
    return BASE_CONTAINER_OF((uintptr_t)(code - code->own_index), struct code_table, codes);
}

static struct code_table *table_of(const struct module *module)
{
    return table_of_code(module->code[module->imported_function_count]);
}

static u32 own_count(const struct module *module)
{
    return module->function_count - module->imported_function_count;
}

enum status code_create(struct module *module)
{
    u32 first = module->imported_function_count;
    usize count = own_count(module);
    module->code = arena_take(&module->arena, module->function_count, sizeof(*module->code));
    struct code_table *table = arena_take(
        &module->arena, 1, sizeof(*table) + count * sizeof(struct function_code));
    if (module->code == NULL || table == NULL) {
        module->code = NULL;
        return STATUS_NO_MEMORY;
    }
    table->module = module;
    for (u32 i = 0; i < count; i++) {
        table->codes[i] = (struct function_code){
            .frame_slots = CODE_NOT_LOWERED,
            .own_index = i,
            .parameter_count = (u16)module->functions[first + i].type->parameter_count,
        };
        module->code[first + i] = &table->codes[i];
    }
    return STATUS_OK;
}

/* ---- Who lowers ---- */

static void lowerer_destroy(struct code_lowerer *lowerer, const struct source *source)
{
    validate_destroy(&lowerer->validator);
    fusions_destroy(lowerer->fusions, source);
    source->give(source->context, lowerer, sizeof(*lowerer));
}

static struct code_lowerer *lowerer_create(const struct module *module)
{
    const struct source *source = module->arena.source;
    struct code_lowerer *new = source->take(source->context, sizeof(*new));
    if (new == NULL)
        return NULL;
    new->fusions = fusions_create(source);
    if (validate_create(&new->validator, module, true) == STATUS_OK && new->fusions != NULL)
        return new;
    lowerer_destroy(new, source);
    return NULL;
}

void code_destroy(struct module *module)
{
    if (module->code == NULL || own_count(module) == 0)
        return;
    struct code_lowerer *lowerer = table_of(module)->lowerer;
    if (lowerer != NULL)
        lowerer_destroy(lowerer, module->arena.source);
}

enum status code_validate(struct module *module, struct engine_error *error)
{
    struct validator validator;
    const struct engine_place *place = module->engine->place;
    enum status status = validate_create(&validator, module, false);
    for (u32 i = 0; i < own_count(module) && status == STATUS_OK; i++) {
        status = validate_body(&validator, module->imported_function_count + i, error);
        if (place->pause != NULL)
            place->pause(place->context);
    }
    validate_destroy(&validator);
    return status;
}

/* ---- Lowering ---- */

static struct code_run *run_create(struct code_table *table)
{
    u32 capacity = table->newest == NULL ? RUN_CAPACITY_FIRST : 2 * table->newest->capacity;
    struct code_run *new = arena_take(&table->module->arena, 1,
                                      sizeof(*new) + capacity * sizeof(*new->functions));
    if (new == NULL)
        return NULL;
    *new = (struct code_run){ .older = table->newest, .capacity = capacity };
    table->newest = new;
    return new;
}

/* The function's code now stands at `words`: it goes on with the newest run, or begins one. */
static bool run_note(struct code_table *table, u32 function, const union word *words)
{
    const struct module *module = table->module;
    struct code_run *run = table->newest;
    bool goes_on = run != NULL && run->count < run->capacity &&
                   module->code[run->functions[run->count - 1]]->words < words;
    if (!goes_on)
        run = run_create(table);
    if (run != NULL)
        run->functions[run->count++] = function;
    return run != NULL;
}

/* Under the lock. */
static enum trap lower_now(struct code_table *table, struct function_code *code)
{
    struct module *module = table->module;
    u32 function = module->imported_function_count + code->own_index;
    if (table->lowerer == NULL)
        table->lowerer = lowerer_create(module);
    if (table->lowerer == NULL)
        return TRAP_NO_MEMORY;
    struct engine_error error;
    struct lowering *l = &table->lowerer->validator.lowering;
    if (validate_body(&table->lowerer->validator, function, &error) != STATUS_OK) {
        lowerer_destroy(table->lowerer, module->arena.source); /* it has stopped within a body */
        table->lowerer = NULL;
        return TRAP_NO_MEMORY; /* what else: the body is valid */
    }
    fusions_apply(table->lowerer->fusions, l->words, l->written, l->written_count);
    union word *words = arena_take(&module->arena, l->word_count, sizeof(*words));
    if (words == NULL || !run_note(table, function, words))
        return TRAP_NO_MEMORY;
    if (l->word_count != 0)
        __builtin_memcpy(words, l->words, l->word_count * sizeof(*words));
    code->words = words;
    code->word_count = l->word_count;
    code->header = (u16)l->header;
    __atomic_store_n(&code->frame_slots, lower_frame_slots(l), __ATOMIC_RELEASE);
    return TRAP_NONE;
}

enum trap code_lower(const struct function_code *code)
{
    struct code_table *table = table_of_code(code);
    lock_take(&table->lock);
    enum trap trap = TRAP_NONE;
    if (!code_is_lowered(code))
        trap = lower_now(table, &table->codes[code->own_index]);
    lock_give(&table->lock);
    return trap;
}

/* ---- And back ---- */

static bool code_holds(const struct function_code *code, const union word *pc)
{
    return pc >= code->words && pc < code->words + code->word_count;
}

/* The last function of the run whose code begins at `pc` or before, if there is one. */
static u32 run_find(const struct module *module, const struct code_run *run, const union word *pc)
{
    u32 low = 0;
    for (u32 high = run->count - 1; low < high;) {
        u32 middle = low + (high - low + 1) / 2;
        if (module->code[run->functions[middle]]->words <= pc)
            low = middle;
        else
            high = middle - 1;
    }
    return run->functions[low];
}

u32 code_function(const struct module *module, const void *pc)
{
    struct code_table *table = table_of(module);
    u32 function = UINT32_MAX;
    lock_take(&table->lock);
    for (const struct code_run *run = table->newest; run != NULL; run = run->older) {
        function = run_find(module, run, pc);
        if (code_holds(module->code[function], pc))
            break;
        function = UINT32_MAX;
    }
    lock_give(&table->lock);
    BASE_ASSERT(function != UINT32_MAX); /* it is an address in the module's code */
    return function;
}

/* Lowers the function once more, as it was lowered the first time, and watches out for the word. */
usize code_offset(const struct module *module, u32 function, const void *pc)
{
    const struct source *source = module->arena.source;
    usize offset = module->functions[function].body_offset;
    struct validator *validator = source->take(source->context, sizeof(*validator));
    if (validator == NULL)
        return offset;
    if (validate_create(validator, module, true) == STATUS_OK) {
        struct engine_error error;
        const union word *words = module->code[function]->words;
        validator->lowering.sought = (u32)((const union word *)pc - words);
        if (validate_body(validator, function, &error) == STATUS_OK)
            offset = validator->lowering.sought_offset;
    }
    validate_destroy(validator);
    source->give(source->context, validator, sizeof(*validator));
    return offset;
}
