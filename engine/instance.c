#include "engine/instance.h"

#include "engine/compiler.h"
#include "engine/const_expression.h"
#include "engine/link.h"
#include "engine/types.h"

/* What is carved out of one block, so that an instance takes what it needs and no more. Carving
 * runs twice: without a block it only measures. */
struct parts {
    u8 *block;
    usize size;
    struct memory *memories;   /* own ones */
    struct table *tables;      /* own ones */
    struct function *objects;  /* of own functions */
    struct function *host;     /* of imports from the host */
    u64 *elements;             /* of small tables */
};

static void *carve(struct parts *parts, usize count, usize item_size)
{
    void *piece = parts->block == NULL ? NULL : parts->block + parts->size;
    parts->size += (usize)u64_align_up(count * item_size, 16);
    return piece;
}

static u32 host_import_count(const struct module *module, const struct import_value *imports)
{
    u32 count = 0;
    for (u32 i = 0; i < module->import_count; i++)
        count += imports[i].instance == NULL;
    return count;
}

static usize small_element_count(const struct module *module)
{
    usize count = 0;
    for (u32 i = module->imported_table_count; i < module->table_count; i++)
        count += table_small_count(&module->tables[i].type);
    return count;
}

static void carve_globals(struct instance *instance, struct parts *parts)
{
    const struct module *module = instance->module;
    instance->globals = carve(parts, module->global_count, sizeof(*instance->globals));
    instance->own_globals = carve(parts, module->global_cell_count, sizeof(u64));
}

static void carve_all(struct instance *instance, const struct import_value *imports,
                      struct parts *parts)
{
    const struct module *module = instance->module;
    u32 own_memories = module->memory_count - module->imported_memory_count;
    u32 own_tables = module->table_count - module->imported_table_count;
    carve_globals(instance, parts);
    instance->memories = carve(parts, module->memory_count, sizeof(*instance->memories));
    instance->tables = carve(parts, module->table_count, sizeof(*instance->tables));
    instance->functions = carve(parts, module->function_count, sizeof(*instance->functions));
    instance->dropped_elements = carve(parts, module->element_count, sizeof(u8));
    instance->dropped_data = carve(parts, module->data_count, sizeof(u8));
    parts->memories = carve(parts, own_memories, sizeof(*parts->memories));
    parts->tables = carve(parts, own_tables, sizeof(*parts->tables));
    parts->objects = carve(parts, module->object_count, sizeof(*parts->objects));
    parts->host = carve(parts, host_import_count(module, imports), sizeof(*parts->host));
    parts->elements = carve(parts, small_element_count(module), sizeof(u64));
}

/* An instance without any content, and behind it the block for what has been measured. */
static struct instance *instance_new(struct engine *engine, const struct module *module,
                                     struct parts *parts)
{
    struct arena arena;
    usize head = (usize)u64_align_up(sizeof(struct instance), 16);
    arena_init(&arena, &engine->place->source, 0);
    u8 *block = arena_take(&arena, 1, head + parts->size);
    if (block == NULL)
        return NULL;
    struct instance *new = (struct instance *)(void *)block;
    *new = (struct instance){ .module = module, .engine = engine, .arena = arena };
    parts->block = block + head;
    parts->size = 0;
    return new;
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
    compiled_function_prepare(function);
}

/* Objects for those own functions that something outside their bodies may point at. */
static void functions_create(struct instance *instance, const struct parts *parts)
{
    const struct module *module = instance->module;
    for (u32 i = 0; i < module->object_count; i++) {
        u32 function = module->object_functions[i];
        instance->functions[function] = &parts->objects[i];
        function_fill(&parts->objects[i], instance, function);
    }
}

static enum status memories_create(struct instance *instance, const struct parts *parts,
                                   struct engine_error *error)
{
    const struct module *module = instance->module;
    enum status status = STATUS_OK;
    struct memory *memory = parts->memories;
    for (u32 i = module->imported_memory_count; i < module->memory_count; i++, memory++) {
        status = memory_create(instance, &module->memories[i], memory, error);
        instance->memories[i] = memory->base == NULL ? NULL : memory;
        if (status != STATUS_OK)
            return status;
    }
    instance->memory_base = module->memory_count == 0 ? NULL : instance->memories[0]->base;
    return STATUS_OK;
}

static enum status tables_create(struct instance *instance, const struct parts *parts,
                                 struct engine_error *error)
{
    const struct module *module = instance->module;
    enum status status = STATUS_OK;
    struct table *table = parts->tables;
    u64 *room = parts->elements;
    for (u32 i = module->imported_table_count; i < module->table_count; i++, table++) {
        const struct table_type *type = &module->tables[i].type;
        status = table_create(instance, type, table, room, error);
        instance->tables[i] = table->elements == NULL ? NULL : table;
        room += table_small_count(type);
        if (status != STATUS_OK)
            return status;
    }
    instance->table0 = module->table_count == 0 ? NULL : instance->tables[0];
    return STATUS_OK;
}

static enum status storage_create(struct instance *instance, const struct parts *parts,
                                  struct engine_error *error)
{
    enum status status = memories_create(instance, parts, error);
    return status == STATUS_OK ? tables_create(instance, parts, error) : status;
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
                                  const struct parts *parts, struct engine_error *error)
{
    enum status status = link_imports(instance, imports, parts->host, error);
    if (status != STATUS_OK)
        return status;
    functions_create(instance, parts);
    status = storage_create(instance, parts, error);
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
    struct instance measured = { .module = module };
    struct parts parts = { 0 };
    carve_all(&measured, options->imports, &parts);
    struct instance *new = instance_new(engine, module, &parts);
    if (new == NULL) {
        error->message = "out of memory";
        return STATUS_NO_MEMORY;
    }
    carve_all(new, options->imports, &parts);
    new->grow = options->grow;
    new->grow_context = options->grow_context;
    new->owner = options->owner;
    new->tag = instance_tag(new);
    enum status status = instance_build(new, options->imports, &parts, error);
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
static void entries_create(struct instance *instance)
{
    const struct module *module = instance->module;
    for (u32 i = 0; i < module->export_count; i++) {
        const struct export *export = &module->exports[i];
        if (export->kind == EXTERN_FUNCTION && export->index >= module->imported_function_count)
            function_fill(&instance->entries[i], instance, export->index);
    }
}

static void carve_thread(struct instance *instance, struct parts *parts)
{
    carve_globals(instance, parts);
    instance->entries = carve(parts, instance->module->export_count, sizeof(*instance->entries));
}

enum status instance_create_thread(const struct instance *parent, struct instance **instance)
{
    const struct instance *root = parent->parent == NULL ? parent : parent->parent;
    struct parts parts = { 0 };
    struct instance measured = { .module = root->module };
    carve_thread(&measured, &parts);
    struct instance *new = instance_new(root->engine, root->module, &parts);
    if (new == NULL)
        return STATUS_NO_MEMORY;
    struct arena arena = new->arena;
    *new = *root;
    new->arena = arena;
    new->parent = root;
    carve_thread(new, &parts);
    entries_create(new);
    for (u32 i = 0; i < root->module->imported_global_count; i++)
        new->globals[i] = root->globals[i];
    globals_initialise(new);
    *instance = new;
    return STATUS_OK;
}

static void storage_destroy(struct instance *instance)
{
    const struct module *module = instance->module;
    for (u32 i = module->imported_memory_count; i < module->memory_count; i++)
        if (instance->memories[i] != NULL)
            memory_destroy(instance->engine, instance->memories[i]);
    for (u32 i = module->imported_table_count; i < module->table_count; i++)
        if (instance->tables[i] != NULL)
            table_destroy(instance->engine, instance->tables[i]);
}

void instance_destroy(struct instance *instance)
{
    if (instance->parent == NULL)
        storage_destroy(instance);
    struct arena arena = instance->arena; /* the instance itself is in it */
    arena_deinit(&arena);
}
