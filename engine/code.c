/* From bodies to lowered code, and from lowered code back to bodies. */
#include "engine/code.h"

#include "engine/fusion.h"
#include "engine/validate.h"

/* Functions whose code stands in the order of their indices. Chunks of the arena may come in any
 * order of addresses; whenever the next one is lower, a new run begins. */
struct code_run {
    struct code_run *older;
    u32 first; /* function */
    u32 end;
};

/* The headers of a module's lowered functions. `module->code` points at those of its own. */
struct code_table {
    struct code_run *newest;
    struct function_code codes[];
};

struct function_builder {
    struct module *module;
    struct code_table *table;
    struct fusions *fusions;
    struct validator validator;
};

static struct code_table *table_of(const struct module *module)
{
    struct function_code *first =
        (struct function_code *)(uintptr_t)module->code[module->imported_function_count];
    return BASE_CONTAINER_OF(first, struct code_table, codes);
}

/* Headers for all functions first, so a call can name one whose body comes later. */
static struct code_table *table_create(struct module *module)
{
    u32 first = module->imported_function_count;
    usize count = module->function_count - first;
    struct code_table *table = arena_take(
        &module->arena, 1, sizeof(*table) + count * sizeof(struct function_code));
    if (table == NULL)
        return NULL;
    for (usize i = 0; i < count; i++)
        module->code[first + i] = &table->codes[i];
    return table;
}

enum status function_builder_create(struct module *module, struct function_builder **builder)
{
    const struct source *source = module->arena.source;
    struct function_builder *new = source->take(source->context, sizeof(*new));
    if (new == NULL)
        return STATUS_NO_MEMORY;
    new->module = module;
    new->table = table_create(module);
    new->fusions = fusions_create(source);
    if (new->table == NULL || new->fusions == NULL ||
        validate_create(&new->validator, module) != STATUS_OK) {
        fusions_destroy(new->fusions, source);
        source->give(source->context, new, sizeof(*new));
        return STATUS_NO_MEMORY;
    }
    *builder = new;
    return STATUS_OK;
}

void function_builder_destroy(struct function_builder *builder)
{
    const struct source *source = builder->module->arena.source;
    validate_destroy(&builder->validator);
    fusions_destroy(builder->fusions, source);
    source->give(source->context, builder, sizeof(*builder));
}

/* The function's code now stands at `words`: it goes on with the newest run, or begins one. */
static bool run_note(struct function_builder *builder, u32 function, const union word *words)
{
    struct code_run *run = builder->table->newest;
    if (run != NULL && builder->module->code[run->end - 1]->words < words) {
        run->end = function + 1;
        return true;
    }
    struct code_run *new = arena_take(&builder->module->arena, 1, sizeof(*new));
    if (new == NULL)
        return false;
    *new = (struct code_run){ run, function, function + 1 };
    builder->table->newest = new;
    return true;
}

enum status function_build(struct function_builder *builder, u32 function,
                           struct engine_error *error)
{
    struct module *module = builder->module;
    struct lowering *l = &builder->validator.lowering;
    enum status status = validate_body(&builder->validator, function, error);
    if (status != STATUS_OK)
        return status;
    fusions_apply(builder->fusions, l->words, l->written, l->written_count);
    union word *words = arena_take(&module->arena, l->word_count, sizeof(*words));
    if (words == NULL || !run_note(builder, function, words)) {
        error->message = "out of memory";
        error->function = function;
        return STATUS_NO_MEMORY;
    }
    if (l->word_count != 0)
        __builtin_memcpy(words, l->words, l->word_count * sizeof(*words));
    const struct function_type *type = module->functions[function].type;
    builder->table->codes[function - module->imported_function_count] = (struct function_code){
        .words = words,
        .word_count = l->word_count,
        .frame_slots = lower_frame_slots(l),
        .parameter_count = (u16)type->parameter_count,
        .header = (u16)l->header,
    };
    return STATUS_OK;
}

static bool code_holds(const struct function_code *code, const union word *pc)
{
    return pc >= code->words && pc < code->words + code->word_count;
}

u32 code_function(const struct module *module, const void *pc)
{
    for (const struct code_run *run = table_of(module)->newest; run != NULL; run = run->older) {
        u32 low = run->first;
        for (u32 high = run->end - 1; low < high;) {
            u32 middle = low + (high - low + 1) / 2;
            if (module->code[middle]->words <= (const union word *)pc)
                low = middle;
            else
                high = middle - 1;
        }
        if (code_holds(module->code[low], pc))
            return low;
    }
    base_fail("an address outside of the module's code", __FILE_NAME__, __LINE__);
}

/* Lowers the function once more, as it was lowered the first time, and watches out for the word. */
usize code_offset(const struct module *module, u32 function, const void *pc)
{
    const struct source *source = module->arena.source;
    usize offset = module->functions[function].body_offset;
    struct validator *validator = source->take(source->context, sizeof(*validator));
    if (validator == NULL)
        return offset;
    if (validate_create(validator, module) == STATUS_OK) {
        struct engine_error error;
        const union word *words = module->code[function]->words;
        validator->lowering.sought = (u32)((const union word *)pc - words);
        if (validate_body(validator, function, &error) == STATUS_OK)
            offset = validator->lowering.sought_offset;
        validate_destroy(validator);
    }
    source->give(source->context, validator, sizeof(*validator));
    return offset;
}
