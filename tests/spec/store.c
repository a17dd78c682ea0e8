#include "tests/spec/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry *store_add(struct store *store, const char *name)
{
    struct entry *entry = calloc(1, sizeof(*entry));
    BASE_ASSERT(entry != NULL);
    entry->older = store->entries;
    entry->name = name;
    entry->feature = FEATURE_COUNT;
    store->entries = entry;
    return entry;
}

struct entry *store_find(const struct store *store, const char *name)
{
    for (struct entry *entry = store->entries; entry != NULL; entry = entry->older)
        if (entry->name != NULL && strcmp(entry->name, name) == 0)
            return entry;
    return NULL;
}

bool store_register(struct store *store, const char *name, struct entry *entry)
{
    struct registration *registration = malloc(sizeof(*registration));
    BASE_ASSERT(registration != NULL);
    *registration = (struct registration){ store->registrations, name, entry };
    store->registrations = registration;
    return true;
}

static struct entry *find_registered(const struct store *store, struct bytes name)
{
    for (const struct registration *at = store->registrations; at != NULL; at = at->older)
        if (bytes_equal(bytes_from_text(at->name), name))
            return at->entry;
    return NULL;
}

/* Which feature an error is about. */
static enum feature feature_of(const char *message)
{
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        if (strcmp(message, feature_message((enum feature)i)) == 0)
            return (enum feature)i;
    return FEATURE_COUNT;
}

static struct bytes read_file(const char *path, u8 **data)
{
    struct bytes bytes = { 0 };
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return bytes;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    *data = malloc((usize)size + 1);
    if (*data != NULL && fread(*data, 1, (usize)size, file) == (usize)size)
        bytes = (struct bytes){ *data, (usize)size };
    fclose(file);
    return bytes;
}

static enum status load_bytes(struct store *store, struct entry *entry, struct bytes bytes)
{
    enum status status = module_load(store->engine, bytes, &entry->module, &entry->error);
    if (status == STATUS_UNSUPPORTED)
        entry->feature = feature_of(entry->error.message);
    return status;
}

enum status store_load(struct store *store, struct entry *entry, const char *path)
{
    struct bytes bytes = read_file(path, &entry->data);
    entry->error.message = "cannot read the file";
    return bytes.data == NULL ? STATUS_NOT_FOUND : load_bytes(store, entry, bytes);
}

/* What spectest would export if the features that it takes were there. */
static enum feature spectest_feature(const struct import_description *import)
{
    if (!bytes_equal(import->module, BYTES_LITERAL("spectest")))
        return FEATURE_COUNT;
    if (bytes_equal(import->name, BYTES_LITERAL("shared_memory")))
        return FEATURE_THREADS;
    return bytes_equal(import->name, BYTES_LITERAL("table64")) ? FEATURE_MEMORY64 : FEATURE_COUNT;
}

enum feature store_missing_feature(const struct store *store, const struct entry *entry)
{
    if (entry->feature != FEATURE_COUNT || entry->module == NULL)
        return entry->feature;
    for (u32 i = 0; i < module_import_count(entry->module); i++) {
        struct import_description import = module_import(entry->module, i);
        const struct entry *exporter = find_registered(store, import.module);
        if (exporter != NULL && exporter->feature != FEATURE_COUNT)
            return exporter->feature;
        if (spectest_feature(&import) != FEATURE_COUNT)
            return spectest_feature(&import);
    }
    return FEATURE_COUNT;
}

/* What the import is resolved to; a missing one stays zero, which no kind of import accepts. */
static struct import_value resolve(const struct store *store,
                                   const struct import_description *import)
{
    struct import_value value = { .kind = import->kind };
    const struct entry *exporter = find_registered(store, import->module);
    if (exporter == NULL || exporter->instance == NULL)
        return value;
    if (exporter == store->spectest && spectest_function(import->name, &value))
        return value;
    for (u32 i = 0; i < module_export_count(exporter->module); i++) {
        struct export_description export = module_export(exporter->module, i);
        if (!bytes_equal(export.name, import->name))
            continue;
        value.kind = export.kind;
        value.index = export.index;
        value.instance = exporter->instance;
    }
    return value;
}

static enum status call_start(struct store *store, struct entry *entry)
{
    u32 start = instance_start_function(entry->instance);
    if (start == UINT32_MAX)
        return STATUS_OK;
    u64 slots[1] = { 0 };
    enum trap trap = execution_call(store->execution, instance_function(entry->instance, start), slots);
    entry->error.message = trap_text(trap);
    return trap == TRAP_NONE ? STATUS_OK : STATUS_TRAP;
}

enum status store_instantiate(struct store *store, struct entry *entry)
{
    u32 count = module_import_count(entry->module);
    struct import_value *imports = calloc((usize)count + 1, sizeof(*imports));
    BASE_ASSERT(imports != NULL);
    for (u32 i = 0; i < count; i++) {
        struct import_description import = module_import(entry->module, i);
        imports[i] = resolve(store, &import);
    }
    struct instance_options options = { .imports = imports };
    enum status status =
        instance_create(store->engine, entry->module, &options, &entry->instance, &entry->error);
    free(imports);
    return status == STATUS_OK ? call_start(store, entry) : status;
}

bool store_interprets;
u32 store_compile_flags;

bool store_open(struct store *store)
{
    *store = (struct store){ 0 };
    place_init(&store->place);
    if (store_interprets)
        store->place.engine.code_reserve = NULL;
    store->place.engine.compile_flags = store_compile_flags;
    struct execution_options options = { 0 };
    if (engine_create(&store->place.engine, &store->engine) != STATUS_OK ||
        execution_create(store->engine, &options, &store->execution) != STATUS_OK)
        return false;
    place_watch(store->execution);
    store->spectest = store_add(store, NULL);
    return load_bytes(store, store->spectest, spectest_module()) == STATUS_OK &&
           store_instantiate(store, store->spectest) == STATUS_OK &&
           store_register(store, "spectest", store->spectest);
}

void store_close(struct store *store)
{
    place_watch(NULL);
    for (struct entry *entry = store->entries; entry != NULL; entry = entry->older)
        if (entry->instance != NULL)
            instance_destroy(entry->instance);
    for (struct entry *entry = store->entries, *older; entry != NULL; entry = older) {
        older = entry->older;
        if (entry->module != NULL)
            module_destroy(entry->module);
        free(entry->data);
        free(entry);
    }
    for (struct registration *at = store->registrations, *older; at != NULL; at = older) {
        older = at->older;
        free(at);
    }
    execution_destroy(store->execution);
    engine_destroy(store->engine);
    BASE_ASSERT(place_is_empty(&store->place));
}
