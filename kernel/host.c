/* The functions that the kernel itself gives to programs, with their types. */
#include "kernel/call.h"
#include "kernel/link.h"

/* ---- weft:caller --------------------------------------------------------------------------- */

static struct instance *client_of(const struct member *member)
{
    return member->client->instance;
}

/* NULL: out of bounds. A client that is not there yet, while its libraries are initialised, has no
 * memory; one that imports its library's has the same, so copies may overlap. */
static u8 *client_memory(const struct member *member, u32 at, u32 size)
{
    struct instance *client = client_of(member);
    return client == NULL ? NULL : instance_memory_at(client, at, size);
}

static enum trap caller_load(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    const struct member *member = context;
    u32 size = (u32)slots[2];
    u8 *own = instance_memory_at(member->instance, (u32)slots[0], size);
    if (own == NULL)
        return TRAP_MEMORY_OUT_OF_BOUNDS;
    const u8 *client = client_memory(member, (u32)slots[1], size);
    if (client != NULL)
        __builtin_memmove(own, client, size);
    slots[0] = client == NULL ? (u32)-WEFT_FAULT : 0;
    return TRAP_NONE;
}

static enum trap caller_store(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    const struct member *member = context;
    u32 size = (u32)slots[2];
    const u8 *own = instance_memory_at(member->instance, (u32)slots[1], size);
    if (own == NULL)
        return TRAP_MEMORY_OUT_OF_BOUNDS;
    u8 *client = client_memory(member, (u32)slots[0], size);
    if (client != NULL)
        __builtin_memmove(client, own, size);
    slots[0] = client == NULL ? (u32)-WEFT_FAULT : 0;
    return TRAP_NONE;
}

static enum trap caller_pages(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    u64 size = 0;
    if (client_of(context) != NULL)
        instance_memory(client_of(context), &size);
    slots[0] = size >> 16;
    return TRAP_NONE;
}

static enum trap caller_grow(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    struct instance *client = client_of(context);
    u64 size = 0;
    if (client == NULL || instance_memory(client, &size) == NULL)
        slots[0] = (u32)-1;
    else
        slots[0] = (u32)instance_memory_grow(client, (u32)slots[0]);
    return TRAP_NONE;
}

struct host_copy host_copy_of(host_function *function, struct member *member)
{
    if (function == caller_load)
        return (struct host_copy){ &member->instance, &member->client->instance };
    if (function == caller_store)
        return (struct host_copy){ &member->client->instance, &member->instance };
    return (struct host_copy){ 0 };
}

/* ---- The table ----------------------------------------------------------------------------- */

struct host_row {
    const char *import_namespace;
    const char *name;
    const char *type; /* as host_type_is reads it */
    host_function *function;
};

static const struct host_row rows[] = {
    { "weft", "send", "iiiiii:l", call_send },
    { "weft", "answer", "liiiii:i", call_answer },
    { "weft", "wait", "iiiiil:i", call_wait },
    { "weft:caller", "load", "iii:i", caller_load },
    { "weft:caller", "store", "iii:i", caller_store },
    { "weft:caller", "pages", ":i", caller_pages },
    { "weft:caller", "grow", "i:i", caller_grow },
};

bool host_type_is(const struct function_type *type, const char *written)
{
    u32 at = 0;
    for (; written[at] != ':'; at++)
        if (at >= type->parameter_count ||
            type->types[at] != (written[at] == 'l' ? TYPE_I64 : TYPE_I32))
            return false;
    if (at != type->parameter_count)
        return false;
    u32 results = 0;
    for (const char *letter = written + at + 1; *letter != 0; letter++, results++)
        if (results >= type->result_count ||
            type->types[at + results] != (*letter == 'l' ? TYPE_I64 : TYPE_I32))
            return false;
    return results == type->result_count;
}

bool host_has_namespace(struct bytes import_namespace)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++)
        if (bytes_equal(bytes_from_text(rows[i].import_namespace), import_namespace))
            return true;
    return false;
}

bool host_find(struct bytes import_namespace, const struct import_description *import,
               host_function **function, struct engine_error *error)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++) {
        const struct host_row *row = &rows[i];
        if (!bytes_equal(bytes_from_text(row->import_namespace), import_namespace) ||
            !bytes_equal(bytes_from_text(row->name), import->name))
            continue;
        if (import->kind != EXTERN_FUNCTION || !host_type_is(import->function, row->type)) {
            error->message = "this call of the kernel is imported with a type that is not its own; "
                             "abi/weft.h has the types";
            return false;
        }
        *function = row->function;
        return true;
    }
    error->message = "the kernel has no such call; abi/weft.h has all there are";
    return false;
}
