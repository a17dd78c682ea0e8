#include "platform/hosted/inspect.h"

#include "platform/hosted/bundle.h"
#include "platform/common/libraries.h"

#include <stdlib.h>

enum {
    LIBRARY_DEPTH_MAX = 4, /* libraries of libraries */
    ROWS_MAX = 1000,       /* of namespaces, and of interfaces: each import looks through them */
};

static void *take_chunk(void *context, usize size)
{
    (void)context;
    return calloc(1, size);
}

static void give_chunk(void *context, void *chunk, usize size)
{
    (void)context;
    (void)size;
    free(chunk);
}

static const struct source source = { take_chunk, give_chunk, NULL };

static enum status note_interface(struct inspection *inspection, struct bytes key,
                                  struct bytes through)
{
    struct inspected_interface **at = &inspection->interfaces;
    u32 count = 0;
    for (; *at != NULL && !bytes_equal((*at)->key, key); count++)
        at = &(*at)->next;
    if (*at != NULL)
        return STATUS_OK;
    if (count == ROWS_MAX)
        return STATUS_LIMIT;
    struct inspected_interface *row = arena_take(&inspection->arena, 1, sizeof(*row));
    struct bytes copy = arena_copy(&inspection->arena, key);
    if (row == NULL || copy.data == NULL)
        return STATUS_NO_MEMORY;
    *row = (struct inspected_interface){ .key = copy, .through = through };
    *at = row;
    return STATUS_OK;
}

static enum status note_namespace(struct inspection *inspection, struct bytes name)
{
    struct inspected_namespace **at = &inspection->namespaces;
    u32 count = 0;
    for (; *at != NULL && !bytes_equal((*at)->name, name); count++)
        at = &(*at)->next;
    if (count == ROWS_MAX)
        return STATUS_LIMIT;
    if (*at == NULL) {
        const struct bundled_library *library = bundled_library_find(name);
        *at = arena_take(&inspection->arena, 1, sizeof(**at));
        if (*at == NULL)
            return STATUS_NO_MEMORY;
        (*at)->name = name;
        (*at)->own = namespace_is_own(name);
        (*at)->library = library == NULL ? NULL : library->path;
    }
    (*at)->import_count++;
    return STATUS_OK;
}

/* ---- Libraries: which of their imports a client's imports can reach ---- */

struct client {
    const struct module *module;
    const bool *used;     /* of its imports, those that can be reached */
    struct bytes through; /* empty: the program itself */
    u32 depth;
};

static bool uses(const struct client *client, struct bytes import_namespace, struct bytes name)
{
    for (u32 i = 0; i < module_import_count(client->module); i++) {
        struct import_description import = module_import(client->module, i);
        if (client->used[i] && bytes_equal(import.module, import_namespace) &&
            (name.data == NULL || bytes_equal(import.name, name)))
            return true;
    }
    return false;
}

/* Marks what the exports of `library` that the client uses can call. */
static enum status reach_from(const struct client *client, struct bytes import_namespace,
                              const struct module *library, bool *reached)
{
    enum status status = STATUS_OK;
    for (u32 i = 0; i < module_export_count(library) && status == STATUS_OK; i++) {
        struct export_description export = module_export(library, i);
        if (export.kind == EXTERN_FUNCTION && uses(client, import_namespace, export.name))
            status = module_reach(library, export.index, reached);
    }
    return status;
}

/* Which imports of the library are functions that were reached; indexed as imports are. */
static void imports_reached(const struct module *library, const bool *reached, bool *used)
{
    u32 function = 0;
    for (u32 i = 0; i < module_import_count(library); i++)
        if (module_import(library, i).kind == EXTERN_FUNCTION)
            used[i] = reached[function++];
}

static enum status inspect_client(struct inspection *inspection, const struct client *client);

static enum status inspect_library(struct inspection *inspection, const struct client *client,
                                   const struct bundled_library *row)
{
    struct bytes name = bytes_from_text(row->import_namespace);
    struct bytes contents;
    struct program *program;
    struct engine_error error;
    if (client->depth == LIBRARY_DEPTH_MAX || !bundle_find(bytes_from_text(row->path), &contents))
        return STATUS_OK;
    enum status status = program_add(contents, true, &program, &error);
    if (status != STATUS_OK)
        return status;
    const struct module *library = program_module(program);
    bool *reached = arena_take(&inspection->arena, module_function_count(library), sizeof(bool));
    bool *used = arena_take(&inspection->arena, module_import_count(library), sizeof(bool));
    status = STATUS_NO_MEMORY;
    if (reached != NULL && used != NULL)
        status = reach_from(client, name, library, reached);
    if (status == STATUS_OK) {
        struct bytes through = client->depth == 0 ? name : client->through;
        struct client next = { library, used, through, client->depth + 1 };
        imports_reached(library, reached, used);
        status = inspect_client(inspection, &next);
    }
    program_release(program);
    return status;
}

/* Its own interfaces, and those of its libraries. Recursion ends at LIBRARY_DEPTH_MAX. */
static enum status inspect_client(struct inspection *inspection, const struct client *client)
{
    enum status status = STATUS_OK;
    for (u32 i = 0; i < module_import_count(client->module) && status == STATUS_OK; i++) {
        struct import_description import = module_import(client->module, i);
        if (client->used[i] && client->depth == 0)
            status = note_namespace(inspection, import.module);
        if (client->used[i] && status == STATUS_OK &&
            bytes_equal(import.module, BYTES_LITERAL("weft:interface")))
            status = note_interface(inspection, import.name, client->through);
    }
    for (u32 i = 0; i < bundled_library_count && status == STATUS_OK; i++) {
        const struct bundled_library *row = &bundled_libraries[i];
        if (uses(client, bytes_from_text(row->import_namespace), (struct bytes){ 0 }))
            status = inspect_library(inspection, client, row);
    }
    return status;
}

enum status inspect_module(const struct module *module, struct inspection *inspection)
{
    *inspection = (struct inspection){ 0 };
    arena_init(&inspection->arena, &source, 0);
    u32 count = module_import_count(module);
    bool *used = arena_take(&inspection->arena, count, sizeof(bool));
    if (used == NULL)
        return STATUS_NO_MEMORY;
    for (u32 i = 0; i < count; i++)
        used[i] = true;
    struct client program = { .module = module, .used = used };
    return inspect_client(inspection, &program);
}
