#include "kernel/inspect.h"

#include "kernel/block.h"
#include "kernel/limits.h"

enum { ROWS_MAX = 1000 /* of namespaces, and of interfaces: each import looks through them */ };

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
        *at = arena_take(&inspection->arena, 1, sizeof(**at));
        if (*at == NULL)
            return STATUS_NO_MEMORY;
        (*at)->name = name;
    }
    (*at)->import_count++;
    return STATUS_OK;
}

/* ---- Libraries: which of their imports a client's imports can reach ---- */

struct client {
    inspect_library *library;
    void *context;
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
            bytes_equal(import.name, name))
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

/* What the client can reach in the library that answers a namespace of its imports. */
static enum status inspect_through(struct inspection *inspection, const struct client *client,
                                   struct bytes name, const struct module *library)
{
    bool *reached = arena_take(&inspection->arena, module_function_count(library), sizeof(bool));
    bool *used = arena_take(&inspection->arena, module_import_count(library), sizeof(bool));
    if (reached == NULL || used == NULL)
        return STATUS_NO_MEMORY;
    enum status status = reach_from(client, name, library, reached);
    if (status != STATUS_OK)
        return status;
    struct client next = *client;
    next.module = library;
    next.used = used;
    next.through = client->depth == 0 ? name : client->through;
    next.depth = client->depth + 1;
    imports_reached(library, reached, used);
    return inspect_client(inspection, &next);
}

/* It is the first that can be reached of its namespace. */
static bool is_first(const struct client *client, u32 index)
{
    struct bytes name = module_import(client->module, index).module;
    for (u32 i = 0; i < index; i++)
        if (client->used[i] && bytes_equal(module_import(client->module, i).module, name))
            return false;
    return true;
}

static enum status inspect_import(struct inspection *inspection, const struct client *client,
                                  u32 index)
{
    struct import_description import = module_import(client->module, index);
    enum status status = STATUS_OK;
    if (client->depth == 0)
        status = note_namespace(inspection, import.module);
    if (status == STATUS_OK && bytes_equal(import.module, BYTES_LITERAL("weft:interface")))
        return note_interface(inspection, import.name, client->through);
    if (status != STATUS_OK || client->depth == LIBRARY_DEPTH_MAX || !is_first(client, index))
        return status;
    struct program *library = client->library(client->context, import.module);
    if (library == NULL)
        return STATUS_OK;
    status = inspect_through(inspection, client, import.module, program_module(library));
    program_release(library);
    return status;
}

/* Its own interfaces, and those of its libraries. Recursion ends at LIBRARY_DEPTH_MAX. */
static enum status inspect_client(struct inspection *inspection, const struct client *client)
{
    enum status status = STATUS_OK;
    for (u32 i = 0; i < module_import_count(client->module) && status == STATUS_OK; i++)
        if (client->used[i])
            status = inspect_import(inspection, client, i);
    return status;
}

enum status inspect_module(const struct module *module, inspect_library *library, void *context,
                           struct inspection *inspection)
{
    *inspection = (struct inspection){ 0 };
    arena_init(&inspection->arena, &block_source, 0);
    u32 count = module_import_count(module);
    bool *used = arena_take(&inspection->arena, count, sizeof(bool));
    if (used == NULL)
        return STATUS_NO_MEMORY;
    for (u32 i = 0; i < count; i++)
        used[i] = true;
    struct client program = { library, context, module, used, { 0 }, 0 };
    return inspect_client(inspection, &program);
}
