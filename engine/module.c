#include "engine/module.h"

#include "engine/compiler.h"

u32 module_import_count(const struct module *module)
{
    return module->import_count;
}

struct import_description module_import(const struct module *module, u32 index)
{
    BASE_ASSERT(index < module->import_count);
    const struct import *import = &module->imports[index];
    bool is_function = import->kind == EXTERN_FUNCTION;
    return (struct import_description){
        .module = import->module,
        .name = import->name,
        .kind = import->kind,
        .function = is_function ? module->functions[import->index].type : NULL,
    };
}

u32 module_export_count(const struct module *module)
{
    return module->export_count;
}

struct export_description module_export(const struct module *module, u32 index)
{
    BASE_ASSERT(index < module->export_count);
    const struct export *export = &module->exports[index];
    return (struct export_description){ export->name, export->kind, export->index };
}

const struct export *module_find_export(const struct module *module, struct bytes name)
{
    u32 low = 0;
    u32 high = module->export_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        const struct export *export = &module->exports[module->exports_by_name[middle]];
        int order = bytes_compare(name, export->name);
        if (order == 0)
            return export;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct function_type *module_function_type(const struct module *module, u32 function)
{
    return function < module->function_count ? module->functions[function].type : NULL;
}

u32 module_function_count(const struct module *module)
{
    return module->function_count;
}

struct bytes module_function_name(const struct module *module, u32 function)
{
    bool named = module->function_names != NULL && function < module->function_count;
    return named ? module->function_names[function] : (struct bytes){ 0 };
}

struct bytes module_bytes(const struct module *module)
{
    return module->bytes;
}

struct module_code module_code(const struct module *module)
{
    return compiled_count(module);
}

usize module_image_size(const struct module *module)
{
    return compiled_image_size(module);
}

bool module_image_write(const struct module *module, void *image, usize size)
{
    return compiled_image_write(module, image, size);
}

usize module_size(const struct module *module)
{
    return module->arena.taken_bytes;
}

bool module_memory(const struct module *module, u32 *min_pages, u32 *max_pages)
{
    if (module->memory_count == 0)
        return false;
    *min_pages = (u32)module->memories[0].min;
    *max_pages = (u32)module->memories[0].max;
    return true;
}
