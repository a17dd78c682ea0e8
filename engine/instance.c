#include "engine/instance.h"

#include "engine/const_expression.h"
#include "engine/link.h"
#include "engine/types.h"

static enum status no_memory(struct engine_error *error)
{
    error->message = "out of memory";
    return STATUS_NO_MEMORY;
}

/* An instance without any content, in its own arena. */
static struct instance *instance_new(struct engine *engine, const struct module *module)
{
    struct arena arena;
    arena_init(&arena, &engine->place->source, 0);
    struct instance *new = arena_take(&arena, 1, sizeof(*new));
    if (new == NULL)
        return NULL;
    *new = (struct instance){ .module = module, .engine = engine, .arena = arena };
    return new;
}

static bool instance_take_arrays(struct instance *instance)
{
    const struct module *module = instance->module;
    struct arena *arena = &instance->arena;
    instance->memories = arena_take(arena, module->memory_count, sizeof(*instance->memories));
    instance->tables = arena_take(arena, module->table_count, sizeof(*instance->tables));
    instance->functions = arena_take(arena, module->function_count, sizeof(*instance->functions));
    instance->dropped_elements = arena_take(arena, module->element_count, sizeof(u8));
    instance->dropped_data = arena_take(arena, module->data_count, sizeof(u8));
    return instance->memories != NULL && instance->tables != NULL && instance->functions != NULL &&
           instance->dropped_elements != NULL && instance->dropped_data != NULL;
}

static bool instance_take_globals(struct instance *instance)
{
    const struct module *module = instance->module;
    instance->globals =
        arena_take(&instance->arena, module->global_count, sizeof(*instance->globals));
    instance->own_globals = arena_take(&instance->arena, module->global_cell_count, sizeof(u64));
    return instance->globals != NULL && instance->own_globals != NULL;
}

static void function_fill(struct function *function, struct instance *instance, u32 index)
{
    const struct module *module = instance->module;
    *function = (struct function){
        .type = module->functions[index].type,
        .code = module->code[index],
        .instance = instance,
        .index = index,
    };
}

/* Objects for those own functions that something outside their bodies may point at. */
static bool functions_create(struct instance *instance)
{
    const struct module *module = instance->module;
    for (u32 i = module->imported_function_count; i < module->function_count; i++) {
        if (!module->functions[i].referenced && i != module->start)
            continue;
        instance->functions[i] = arena_take(&instance->arena, 1, sizeof(struct function));
        if (instance->functions[i] == NULL)
            return false;
        function_fill(instance->functions[i], instance, i);
    }
    return true;
}

static enum status storage_create(struct instance *instance, struct engine_error *error)
{
    const struct module *module = instance->module;
    enum status status = STATUS_OK;
    for (u32 i = module->imported_memory_count; i < module->memory_count; i++) {
        status = memory_create(instance, &module->memories[i], &instance->memories[i], error);
        if (status != STATUS_OK)
            return status;
    }
    for (u32 i = module->imported_table_count; i < module->table_count; i++) {
        status = table_create(instance, &module->tables[i].type, &instance->tables[i], error);
        if (status != STATUS_OK)
            return status;
    }
    instance->memory_base = module->memory_count == 0 ? NULL : instance->memories[0]->base;
    return STATUS_OK;
}

/* In order: an initial value may read the globals before it. */
static void globals_initialise(struct instance *instance)
{
    const struct module *module = instance->module;
    for (u32 i = module->imported_global_count; i < module->global_count; i++) {
        const struct module_global *global = &module->globals[i];
        instance->globals[i] = &instance->own_globals[global->cell];
        *instance->globals[i] = const_expression_evaluate(instance, &global->initial);
    }
}

static void tables_initialise(struct instance *instance)
{
    const struct module *module = instance->module;
    for (u32 i = module->imported_table_count; i < module->table_count; i++) {
        const struct const_expression *initial = &module->tables[i].initial;
        struct table *table = instance->tables[i];
        if (initial->bytes.size != 0)
            (void)table_fill(table, 0, const_expression_evaluate(instance, initial), table->size);
    }
}

static enum trap elements_write(struct instance *instance, u32 index)
{
    const struct element_segment *segment = &instance->module->elements[index];
    enum trap trap = TRAP_NONE;
    if (segment->mode == SEGMENT_ACTIVE) {
        u64 to = const_expression_evaluate(instance, &segment->offset);
        trap = table_init(instance, segment->table, index, (u64[]){ to, 0, segment->count });
    }
    if (segment->mode != SEGMENT_PASSIVE && trap == TRAP_NONE)
        element_drop(instance, index);
    return trap;
}

static enum trap data_write(struct instance *instance, u32 index)
{
    const struct data_segment *segment = &instance->module->data[index];
    if (segment->mode != SEGMENT_ACTIVE)
        return TRAP_NONE;
    u64 to = const_expression_evaluate(instance, &segment->offset);
    enum trap trap =
        memory_init(instance, segment->memory, index, (u64[]){ to, 0, segment->bytes.size });
    if (trap == TRAP_NONE)
        data_drop(instance, index);
    return trap;
}

static enum trap segments_write(struct instance *instance)
{
    const struct module *module = instance->module;
    enum trap trap = TRAP_NONE;
    for (u32 i = 0; i < module->element_count && trap == TRAP_NONE; i++)
        trap = elements_write(instance, i);
    for (u32 i = 0; i < module->data_count && trap == TRAP_NONE; i++)
        trap = data_write(instance, i);
    return trap;
}

/* What the hook has granted to an instance that did not come to be. */
static void pages_take_back(const struct instance *instance)
{
    const struct module *module = instance->module;
    for (u32 i = module->imported_memory_count; i < module->memory_count; i++)
        if (instance->memories[i] != NULL)
            growth_take_back(instance, 0, memory_pages(instance->memories[i]));
    for (u32 i = module->imported_table_count; i < module->table_count; i++)
        if (instance->tables[i] != NULL)
            growth_take_back(instance, 0, table_pages(instance->tables[i]));
}

/* All that can fail but the segments. */
static enum status instance_build(struct instance *instance, const struct import_value *imports,
                                  struct engine_error *error)
{
    if (!instance_take_arrays(instance) || !instance_take_globals(instance))
        return no_memory(error);
    enum status status = link_imports(instance, imports, error);
    if (status != STATUS_OK)
        return status;
    if (!functions_create(instance))
        return no_memory(error);
    status = storage_create(instance, error);
    if (status != STATUS_OK) {
        pages_take_back(instance);
        return status;
    }
    globals_initialise(instance);
    tables_initialise(instance);
    return STATUS_OK;
}

enum status instance_create(struct engine *engine, const struct module *module,
                            const struct instance_options *options, struct instance **instance,
                            struct engine_error *error)
{
    *error = (struct engine_error){ .offset = SIZE_MAX, .function = UINT32_MAX };
    BASE_ASSERT(module->engine == engine);
    struct instance *new = instance_new(engine, module);
    if (new == NULL)
        return no_memory(error);
    new->grow = options->grow;
    new->grow_context = options->grow_context;
    new->owner = options->owner;
    enum status status = instance_build(new, options->imports, error);
    if (status != STATUS_OK) {
        instance_destroy(new);
        return status;
    }
    *instance = new;
    enum trap trap = segments_write(new);
    error->message = trap == TRAP_NONE ? NULL : trap_text(trap);
    return trap == TRAP_NONE ? STATUS_OK : STATUS_TRAP;
}

/* Entries by which the host calls the thread's exports: tables and guest code only ever see the
 * parent's functions, which outlive the thread. */
static bool entries_create(struct instance *instance)
{
    const struct module *module = instance->module;
    instance->entries =
        arena_take(&instance->arena, module->export_count, sizeof(*instance->entries));
    if (instance->entries == NULL)
        return false;
    for (u32 i = 0; i < module->export_count; i++) {
        const struct export *export = &module->exports[i];
        if (export->kind == EXTERN_FUNCTION && export->index >= module->imported_function_count)
            function_fill(&instance->entries[i], instance, export->index);
    }
    return true;
}

enum status instance_create_thread(const struct instance *parent, struct instance **instance)
{
    const struct instance *root = parent->parent == NULL ? parent : parent->parent;
    struct instance *new = instance_new(root->engine, root->module);
    if (new == NULL)
        return STATUS_NO_MEMORY;
    struct arena arena = new->arena;
    *new = *root;
    new->arena = arena;
    new->parent = root;
    if (!instance_take_globals(new) || !entries_create(new)) {
        instance_destroy(new);
        return STATUS_NO_MEMORY;
    }
    for (u32 i = 0; i < root->module->imported_global_count; i++)
        new->globals[i] = root->globals[i];
    globals_initialise(new);
    *instance = new;
    return STATUS_OK;
}

void instance_destroy(struct instance *instance)
{
    const struct module *module = instance->module;
    if (instance->parent == NULL && instance->memories != NULL)
        for (u32 i = module->imported_memory_count; i < module->memory_count; i++)
            if (instance->memories[i] != NULL)
                memory_destroy(instance->engine, instance->memories[i]);
    if (instance->parent == NULL && instance->tables != NULL)
        for (u32 i = module->imported_table_count; i < module->table_count; i++)
            if (instance->tables[i] != NULL)
                table_destroy(instance->engine, instance->tables[i]);
    struct arena arena = instance->arena; /* the instance itself is in it */
    arena_deinit(&arena);
}
