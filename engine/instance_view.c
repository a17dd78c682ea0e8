/* What callers of the engine ask of an instance that is there. */
#include "engine/instance.h"

const struct module *instance_module(const struct instance *instance)
{
    return instance->module;
}

void *instance_owner(const struct instance *instance)
{
    return instance->owner;
}

u32 instance_start_function(const struct instance *instance)
{
    return instance->module->start;
}

bool instance_find_export(const struct instance *instance, struct bytes name, enum extern_kind kind,
                          u32 *index)
{
    const struct export *export = module_find_export(instance->module, name);
    if (export == NULL || export->kind != kind)
        return false;
    *index = export->index;
    return true;
}

struct memory_window instance_memory_window(const struct instance *instance)
{
    static const u64 nothing;
    if (instance->module->memory_count == 0)
        return (struct memory_window){ NULL, &nothing };
    const struct memory *memory = instance->memories[0];
    return (struct memory_window){ memory->base, &memory->size_bytes };
}

u8 *instance_memory(const struct instance *instance, u64 *size)
{
    struct memory_window window = instance_memory_window(instance);
    *size = memory_window_size(&window);
    return window.base;
}

u8 *instance_memory_at(const struct instance *instance, u64 offset, u64 size)
{
    u64 memory_size;
    u8 *base = instance_memory(instance, &memory_size);
    bool inside = base != NULL && size <= memory_size && offset <= memory_size - size;
    return inside ? base + offset : NULL;
}

i64 instance_memory_grow(struct instance *instance, u64 pages)
{
    return instance->module->memory_count == 0 ? -1 : memory_grow(instance->memories[0], pages);
}

u64 instance_memory_pages(const struct instance *instance)
{
    const struct module *module = instance->module;
    u64 pages = 0;
    if (instance->parent != NULL)
        return 0;
    for (u32 i = module->imported_memory_count; i < module->memory_count; i++)
        pages += memory_pages(instance->memories[i]);
    for (u32 i = module->imported_table_count; i < module->table_count; i++)
        pages += table_pages(instance->tables[i]);
    return pages;
}

u64 *instance_global(const struct instance *instance, u32 global)
{
    return global < instance->module->global_count ? instance->globals[global] : NULL;
}

/* A thread's instance has its own objects for exported functions, found by their export. */
static struct function *thread_entry(const struct instance *instance, u32 function)
{
    const struct module *module = instance->module;
    for (u32 i = 0; i < module->export_count; i++)
        if (module->exports[i].kind == EXTERN_FUNCTION && module->exports[i].index == function)
            return &instance->entries[i];
    return NULL;
}

struct function *instance_function(const struct instance *instance, u32 function)
{
    const struct module *module = instance->module;
    if (function >= module->function_count)
        return NULL;
    if (instance->parent != NULL && function >= module->imported_function_count)
        return thread_entry(instance, function);
    return instance->functions[function];
}

struct function *instance_table_function(const struct instance *instance, u32 index)
{
    u64 value = 0;
    if (instance->module->table_count == 0 || instance->tables[0]->type != TYPE_FUNCREF)
        return NULL;
    if (table_get(instance->tables[0], index, &value) != TRAP_NONE)
        return NULL;
    return (struct function *)(uintptr_t)value;
}

const struct function_type *function_type_of(const struct function *function)
{
    return function->type;
}
