/* All of a module but its bodies: what it imports, defines and begins with. */
#include "tests/fuzz/engine/generate.h"

enum {
    TYPES_MAX = 5, /* chosen ones; imports bring theirs */
    HOST_FUNCTIONS_MAX = 3,
    OTHER_FUNCTIONS_MAX = 3,
    OWN_FUNCTIONS_MAX = 5,
    TABLE_MIN = 8,
};

bool fuzz_type_equal(const struct fuzz_type *a, const struct fuzz_type *b)
{
    if (a->parameter_count != b->parameter_count || a->result_count != b->result_count)
        return false;
    for (u32 i = 0; i < a->parameter_count; i++)
        if (a->parameters[i] != b->parameters[i])
            return false;
    for (u32 i = 0; i < a->result_count; i++)
        if (a->results[i] != b->results[i])
            return false;
    return true;
}

/* ---- Types ---- */

static u32 type_add(struct fuzz_module *module, const struct fuzz_type *type)
{
    u32 index = module->type_count;
    BASE_ASSERT(index + 2 <= FUZZ_TYPES_MAX);
    module->types[index] = *type;
    module->types[index + 1] = *type;
    module->types[index + 1].parameter_count = 0;
    module->type_count += 2;
    return index;
}

static void types(struct fuzz_module *module, struct fuzz_choices *choices)
{
    static const u8 parameter_counts[] = { 2, 0, 1, 3, 4, 2, 7, 12, 1, 3, 0, 5 };
    static const u8 result_counts[] = { 1, 0, 1, 2, 1, 3, 4, 2 };
    u32 count = 1 + fuzz_choose(choices, TYPES_MAX);
    for (u32 i = 0; i < count; i++) {
        struct fuzz_type type = { 0 };
        type.parameter_count = parameter_counts[fuzz_choose(choices, sizeof(parameter_counts))];
        type.result_count = result_counts[fuzz_choose(choices, sizeof(result_counts))];
        for (u32 k = 0; k < type.parameter_count; k++)
            type.parameters[k] = fuzz_choose_type(choices);
        for (u32 k = 0; k < type.result_count; k++)
            type.results[k] = fuzz_choose_type(choices);
        if (i != 0 && fuzz_choose(choices, 2) == 1) { /* so that tail calls find something */
            type.result_count = module->types[0].result_count;
            for (u32 k = 0; k < type.result_count; k++)
                type.results[k] = module->types[0].results[k];
        }
        type_add(module, &type);
    }
}

/* One of the first two, mostly, so that many functions have it. */
static u32 any_type(const struct fuzz_module *module, struct fuzz_choices *choices)
{
    u32 pairs = module->type_count / 2;
    u32 kind = fuzz_choose(choices, 4);
    return 2 * (kind < 2 && kind < pairs ? kind : fuzz_choose(choices, pairs));
}

/* ---- Functions ---- */

static struct fuzz_function *function_add(struct fuzz_module *module, u32 type_index)
{
    struct fuzz_function *function = &module->functions[module->function_count++];
    function->type = module->types[type_index];
    function->type_index = type_index;
    return function;
}

static void functions(struct fuzz_module *module, const struct fuzz_module *other,
                      struct fuzz_choices *choices)
{
    u32 count = fuzz_choose(choices, HOST_FUNCTIONS_MAX + 1);
    for (u32 i = 0; i < count; i++) {
        struct fuzz_function *function = function_add(module, any_type(module, choices));
        function->origin = FUZZ_HOST;
        function->act = (enum fuzz_act)fuzz_choose(choices, FUZZ_ACT_COUNT);
    }
    count = other == NULL ? 0 : fuzz_choose(choices, OTHER_FUNCTIONS_MAX + 1);
    for (u32 i = 0; i < count; i++) {
        u32 index = other->own_functions +
                    fuzz_choose(choices, other->function_count - other->own_functions);
        struct fuzz_function *function =
            function_add(module, type_add(module, &other->functions[index].type));
        function->origin = FUZZ_OTHER;
        function->origin_index = index;
    }
    module->own_functions = module->function_count;
    count = 1 + fuzz_choose(choices, OWN_FUNCTIONS_MAX);
    for (u32 i = 0; i < count; i++)
        function_add(module, any_type(module, choices));
    for (u32 i = 0; i < module->own_functions; i++)
        module->functions[i].act_target = module->own_functions + fuzz_choose(choices, count);
}

/* ---- State ---- */

static void memories(struct fuzz_module *module, const struct fuzz_module *other,
                     struct fuzz_choices *choices)
{
    static const u8 counts[] = { 1, 1, 2, 1, 1, 2, 1, 0 };
    u32 count = counts[fuzz_choose(choices, sizeof(counts))];
    if (other != NULL && other->memory_count != 0 && fuzz_choose(choices, 2) == 1) {
        u32 index = fuzz_choose(choices, other->memory_count);
        module->memories[module->memory_count] = other->memories[index];
        module->memories[module->memory_count].origin = FUZZ_OTHER;
        module->memories[module->memory_count++].origin_index = index;
    }
    for (u32 i = 0; i < count; i++) {
        u32 min = fuzz_seldom(choices, 24) ? 0 : 1 + fuzz_choose(choices, 2);
        module->memories[module->memory_count++] = (struct fuzz_memory){
            .min = min,
            .max = fuzz_choose(choices, 2) == 1 ? min + fuzz_choose(choices, 4) : FUZZ_NONE,
        };
    }
}

static void tables(struct fuzz_module *module, const struct fuzz_module *other,
                   struct fuzz_choices *choices)
{
    u32 count = fuzz_choose(choices, FUZZ_TABLES_MAX);
    if (other != NULL && other->table_count != 0 && fuzz_choose(choices, 2) == 1) {
        u32 index = fuzz_choose(choices, other->table_count);
        struct fuzz_table *table = &module->tables[module->table_count++];
        *table = other->tables[index];
        table->origin = FUZZ_OTHER;
        table->origin_index = index;
        table->favourite = type_add(module, &other->types[table->favourite]);
    }
    for (u32 i = 0; i < count; i++) {
        u32 function = fuzz_choose(choices, module->function_count);
        u32 min = TABLE_MIN + fuzz_choose(choices, 8);
        module->tables[module->table_count++] = (struct fuzz_table){
            .min = min,
            .max = min + fuzz_choose(choices, 24),
            .type = fuzz_choose(choices, 4) == 3 ? TYPE_EXTERNREF : TYPE_FUNCREF,
            .favourite = module->functions[function].type_index,
        };
    }
}

static void global_add(struct fuzz_module *module, struct fuzz_choices *choices, value_type type,
                       bool is_mutable)
{
    u64 value = 0;
    if (type == TYPE_FUNCREF)
        value = fuzz_choose(choices, module->function_count + 1);
    else if (type != TYPE_EXTERNREF)
        value = fuzz_choose_constant(choices, type);
    module->globals[module->global_count++] = (struct fuzz_global){
        .type = type,
        .is_mutable = is_mutable,
        .value = value,
    };
}

/* Imported ones, then the fuel, one of each type, and some. */
static void globals(struct fuzz_module *module, const struct fuzz_module *other,
                    struct fuzz_choices *choices)
{
    static const value_type each[] = { TYPE_I32, TYPE_I64,     TYPE_F32,
                                       TYPE_F64, TYPE_FUNCREF, TYPE_EXTERNREF };
    u32 count = other == NULL ? 0 : fuzz_choose(choices, 4);
    for (u32 i = 0; i < count; i++) {
        u32 index = other->fuel + 1 + fuzz_choose(choices, other->global_count - other->fuel - 1);
        module->globals[module->global_count] = other->globals[index];
        module->globals[module->global_count].origin = FUZZ_OTHER;
        module->globals[module->global_count++].origin_index = index;
    }
    module->fuel = module->global_count;
    module->globals[module->global_count++] =
        (struct fuzz_global){ .type = TYPE_I32, .is_mutable = true, .value = FUZZ_FUEL };
    for (u32 i = 0; i < BASE_ARRAY_COUNT(each); i++)
        global_add(module, choices, each[i], true);
    count = fuzz_choose(choices, 5);
    for (u32 i = 0; i < count; i++)
        global_add(module, choices, fuzz_choose_type(choices), fuzz_choose(choices, 2) == 1);
}

/* ---- Segments ---- */

/* Mostly a function of that type, if there is one. */
static u32 entry(const struct fuzz_module *module, u32 type_index, struct fuzz_choices *choices)
{
    u32 kind = fuzz_choose(choices, 32);
    u32 first = fuzz_choose(choices, module->function_count);
    if (kind == 31)
        return FUZZ_NONE;
    for (u32 i = 0; i < module->function_count && kind != 30; i++) {
        u32 index = (first + i) % module->function_count;
        if (fuzz_type_equal(&module->functions[index].type, &module->types[type_index]))
            return index;
    }
    return first;
}

static void elements_add(struct fuzz_module *module, struct fuzz_choices *choices,
                         enum fuzz_mode mode, u32 table)
{
    struct fuzz_elements *elements = &module->elements[module->elements_count++];
    u32 favourite = module->table_count == 0 ? 0 : module->tables[table].favourite;
    bool covers = mode == FUZZ_ACTIVE;
    u32 count = covers ? module->tables[table].min : 3 + fuzz_choose(choices, 6);
    *elements = (struct fuzz_elements){ .mode = mode, .table = table };
    elements->count = count < FUZZ_ENTRIES_MAX ? count : FUZZ_ENTRIES_MAX;
    for (u32 i = 0; i < elements->count; i++)
        elements->functions[i] = entry(module, favourite, choices);
}

static void elements(struct fuzz_module *module, struct fuzz_choices *choices)
{
    for (u32 i = 0; i < module->table_count; i++) {
        const struct fuzz_table *table = &module->tables[i];
        if (table->origin == FUZZ_OWN && table->type == TYPE_FUNCREF)
            elements_add(module, choices, FUZZ_ACTIVE, i);
    }
    if (fuzz_choose(choices, 2) == 1)
        elements_add(module, choices, FUZZ_PASSIVE, 0);
    if (fuzz_choose(choices, 8) == 7)
        elements_add(module, choices, FUZZ_DECLARATIVE, 0);
}

static void data(struct fuzz_module *module, struct fuzz_choices *choices)
{
    u32 count = fuzz_choose(choices, 4);
    for (u32 i = 0; i < count; i++) {
        struct fuzz_data *data = &module->data[module->data_count++];
        u64 random = fuzz_choose_bits(choices, 2);
        bool is_active = module->memory_count != 0 && module->memories[0].min != 0 &&
                         fuzz_choose(choices, 2) == 1;
        *data = (struct fuzz_data){
            .mode = is_active ? FUZZ_ACTIVE : FUZZ_PASSIVE,
            .offset = fuzz_choose(choices, 256),
            .size = fuzz_choose(choices, FUZZ_DATA_MAX + 1),
        };
        for (u32 k = 0; k < data->size; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            data->bytes[k] = (u8)(random >> 56);
        }
    }
}

void generate_module(struct fuzz_program *program, u32 index, struct fuzz_choices *choices)
{
    struct fuzz_module *module = &program->modules[index];
    const struct fuzz_module *other = index == 0 ? NULL : &program->modules[0];
    struct fuzz_buffer code = module->code;
    code.size = 0;
    __builtin_memset(module, 0, sizeof(*module));
    module->code = code;
    types(module, choices);
    functions(module, other, choices);
    memories(module, other, choices);
    tables(module, other, choices);
    globals(module, other, choices);
    elements(module, choices);
    data(module, choices);
}
