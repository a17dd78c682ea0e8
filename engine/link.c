#include "engine/link.h"

#include "engine/compiler.h"
#include "engine/types.h"

/* Whether what has `min` and `max` now may be imported as `wanted`. */
static bool limits_match(const struct limits *wanted, const struct limits *given)
{
    if (given->is_64 != wanted->is_64 || given->min < wanted->min)
        return false;
    return !wanted->has_max || (given->has_max && given->max <= wanted->max);
}

static bool value_present(const struct import_value *value)
{
    const struct instance *instance = value->instance;
    if (instance == NULL)
        return value->kind == EXTERN_FUNCTION && value->host != NULL;
    const struct module *module = instance->module;
    switch (value->kind) {
    case EXTERN_FUNCTION:
        return value->index < module->function_count && instance->functions[value->index] != NULL;
    case EXTERN_TABLE:
        return value->index < module->table_count;
    case EXTERN_MEMORY:
        return value->index < module->memory_count;
    case EXTERN_GLOBAL:
        return value->index < module->global_count;
    default:
        return false;
    }
}

static bool function_matches(const struct function_type *wanted, const struct import_value *value)
{
    if (value->instance == NULL)
        return value->host_type == NULL || function_type_equal(value->host_type, wanted);
    return value->instance->functions[value->index]->type->id == wanted->id;
}

static bool table_matches(const struct table_type *wanted, const struct table *table)
{
    struct limits given = {
        .min = table->size,
        .max = table->declared_max,
        .has_max = table->has_max,
        .is_64 = table->is_64,
    };
    return table->type == wanted->element && limits_match(&wanted->limits, &given);
}

static bool memory_matches(const struct limits *wanted, const struct memory *memory)
{
    struct limits given = {
        .min = memory_pages(memory),
        .max = memory->declared_max_pages,
        .has_max = memory->has_max,
        .is_64 = memory->is_64,
    };
    return limits_match(wanted, &given);
}

static bool global_matches(struct global_type wanted, const struct import_value *value)
{
    struct global_type given = value->instance->module->globals[value->index].type;
    return given.type == wanted.type && given.mutable == wanted.mutable;
}

static bool import_matches(const struct module *module, const struct import *import,
                           const struct import_value *value)
{
    if (value->kind != import->kind)
        return false;
    switch (import->kind) {
    case EXTERN_FUNCTION:
        return function_matches(module->functions[import->index].type, value);
    case EXTERN_TABLE:
        return table_matches(&module->tables[import->index].type,
                             value->instance->tables[value->index]);
    case EXTERN_MEMORY:
        return memory_matches(&module->memories[import->index],
                              value->instance->memories[value->index]);
    default:
        return global_matches(module->globals[import->index].type, value);
    }
}

static void host_function_fill(struct function *function, const struct function_type *type,
                               const struct import_value *value)
{
    *function = (struct function){
        .type = type,
        .host = value->host,
        .host_context = value->host_context,
        .host_copy = value->host_copy,
    };
    compiled_function_prepare(function);
}

static void import_put(struct instance *instance, const struct import *import,
                       const struct import_value *value)
{
    const struct instance *exporter = value->instance;
    u32 index = import->index;
    switch (import->kind) {
    case EXTERN_FUNCTION:
        instance->functions[index] = exporter->functions[value->index];
        break;
    case EXTERN_TABLE:
        instance->tables[index] = exporter->tables[value->index];
        break;
    case EXTERN_MEMORY:
        instance->memories[index] = exporter->memories[value->index];
        break;
    default:
        instance->globals[index] = exporter->globals[value->index];
    }
}

static enum status import_check(const struct module *module, const struct import *import,
                                const struct import_value *value, struct engine_error *error)
{
    enum status status = STATUS_OK;
    if (!value_present(value)) {
        error->message = "unknown import";
        status = STATUS_NOT_FOUND;
    } else if (!import_matches(module, import, value)) {
        error->message = "incompatible import type";
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        error->name[0] = import->module;
        error->name[1] = import->name;
    }
    return status;
}

enum status link_imports(struct instance *instance, const struct import_value *values,
                         struct function *host, struct engine_error *error)
{
    const struct module *module = instance->module;
    for (u32 i = 0; i < module->import_count; i++) {
        const struct import *import = &module->imports[i];
        enum status status = import_check(module, import, &values[i], error);
        if (status != STATUS_OK)
            return status;
        if (values[i].instance != NULL) {
            import_put(instance, import, &values[i]);
        } else {
            host_function_fill(host, module->functions[import->index].type, &values[i]);
            instance->functions[import->index] = host++;
        }
    }
    return STATUS_OK;
}
