#include "kernel/link.h"

#include "kernel/binding.h"
#include "kernel/block.h"
#include "kernel/engine_place.h"
#include "kernel/lock.h"
#include "kernel/program.h"

/* One linking under way. */
struct linking {
    struct process *process;
    struct engine_error *error;
    enum weft_status status;
};

static bool fail(struct linking *linking, enum weft_status status, const char *message)
{
    linking->status = status;
    if (message != NULL)
        linking->error->message = message;
    return false;
}

static bool fail_import(struct linking *linking, const struct import_description *import,
                        const char *message)
{
    linking->error->name[0] = import->module;
    linking->error->name[1] = import->name;
    return fail(linking, WEFT_NOT_FOUND, message);
}

/* ---- Interfaces ---------------------------------------------------------------------------- */

/* NAME@HASH, where the name may contain @ too. */
static bool parse_interface(struct bytes text, struct interface_key *key)
{
    enum { HASH_DIGITS = 2 * HASH_SIZE };
    if (text.size < HASH_DIGITS + 2 || text.data[text.size - HASH_DIGITS - 1] != '@')
        return false;
    struct bytes digits = { text.data + text.size - HASH_DIGITS, HASH_DIGITS };
    key->name = (struct bytes){ text.data, text.size - HASH_DIGITS - 1 };
    key->tag = (struct bytes){ 0 };
    return key->name.size <= NAME_MAX_BYTES && hash_from_hex(digits, &key->hash);
}

static enum trap interface_slot(struct execution *execution, void *context, u64 *slots)
{
    (void)execution;
    slots[0] = (u64)(usize)context;
    return TRAP_NONE;
}

/* The slot of the process that follows this row, if it has one already; 0 if not. */
static i32 slot_of_row(const struct process *process, const struct binding *row)
{
    const struct slots *slots = &process->party.slots;
    for (i32 number = 1; (u32)number <= slots->count; number++) {
        const struct slot *slot = slots_find(slots, number);
        if (slot != NULL && slot->kind == SLOT_BINDING && slot->binding == row)
            return number;
    }
    return 0;
}

static enum weft_status slot_for(struct process *process, const struct interface_key *key,
                                 i32 *number)
{
    struct slot_target target = { .kind = SLOT_BINDING };
    enum weft_status status = binding_get(process->party.silo, key, &target.binding);
    if (status != WEFT_OK)
        return status;
    *number = slot_of_row(process, target.binding);
    if (*number == 0 && process->party.slots.count == INTERFACES_MAX)
        status = WEFT_LIMIT;
    else if (*number == 0)
        status = slot_add(&process->party, target, number);
    else
        binding_release(target.binding);
    if (status != WEFT_OK)
        binding_release(target.binding);
    return status;
}

static bool link_interface(struct linking *linking, const struct import_description *import,
                           struct import_value *value)
{
    struct interface_key key;
    if (!parse_interface(import->name, &key))
        return fail_import(linking, import,
                           "an interface is imported as NAME@HASH, the hash in 64 hexadecimal "
                           "digits (weft interface FILE.wit prints it)");
    if (import->kind != EXTERN_FUNCTION || !host_type_is(import->function, ":i"))
        return fail_import(linking, import,
                           "an interface is imported as a function without parameters that gives "
                           "an i32");
    i32 number;
    lock_take();
    enum weft_status status = slot_for(linking->process, &key, &number);
    lock_give();
    if (status != WEFT_OK)
        return fail(linking, status, NULL);
    value->kind = EXTERN_FUNCTION;
    value->host = interface_slot;
    value->host_context = (void *)(usize)number;
    return true;
}

/* ---- Calls --------------------------------------------------------------------------------- */

static bool link_host(struct linking *linking, struct member *member,
                      const struct import_description *import, struct import_value *value)
{
    if (member->client == NULL && bytes_equal(import->module, BYTES_LITERAL("weft:caller")))
        return fail_import(linking, import,
                           "only libraries have a caller; this is started as a program");
    value->kind = EXTERN_FUNCTION;
    value->host_context = member;
    if (!host_find(import->module, import, &value->host, linking->error))
        return fail_import(linking, import, NULL);
    value->host_copy = host_copy_of(value->host, member);
    return true;
}

/* ---- Libraries ----------------------------------------------------------------------------- */

static bool link_member(struct linking *linking, struct member *member);

static struct member *find_library(const struct process *process, const struct member *client,
                                   struct bytes import_namespace)
{
    for (u32 i = 0; i < process->member_count; i++) {
        struct member *member = process->members[i];
        if (member->client == client && bytes_equal(member->import_namespace, import_namespace))
            return member;
    }
    return NULL;
}

/* Takes over a hold of the program if it succeeds. */
static struct member *add_member(struct process *process, struct program *program,
                                 struct member *client)
{
    struct member *member = block_take(sizeof(*member));
    if (member == NULL)
        return NULL;
    member->process = process;
    member->program = program;
    member->client = client;
    member->depth = client == NULL ? 0 : client->depth + 1;
    process->members[process->member_count++] = member;
    return member;
}

static struct program *hold_library(struct process *process, struct bytes import_namespace)
{
    lock_take();
    struct program *program = silo_find_library(process->party.silo, import_namespace);
    if (program != NULL)
        program_hold_locked(program);
    lock_give();
    return program;
}

static struct member *make_library(struct linking *linking, struct member *client,
                                   const struct import_description *import)
{
    struct process *process = linking->process;
    struct program *program = hold_library(process, import->module);
    struct member *member = NULL;
    if (program == NULL) {
        fail_import(linking, import, "no library answers this namespace in the program's silo");
        return NULL;
    }
    if (client->depth == LIBRARY_DEPTH_MAX || process->member_count == PROCESS_MEMBERS_MAX)
        fail_import(linking, import, "too many libraries, or libraries of libraries");
    else if ((member = add_member(process, program, client)) == NULL)
        fail(linking, WEFT_NO_MEMORY, NULL);
    if (member == NULL) {
        program_release(program);
        return NULL;
    }
    member->import_namespace = import->module;
    return link_member(linking, member) ? member : NULL;
}

static bool link_library(struct linking *linking, struct member *client,
                         const struct import_description *import, struct import_value *value)
{
    struct member *library = find_library(linking->process, client, import->module);
    if (library == NULL)
        library = make_library(linking, client, import);
    if (library == NULL)
        return false;
    if (!instance_find_export(library->instance, import->name, import->kind, &value->index))
        return fail_import(linking, import,
                           "the library that answers this namespace has no such export");
    value->kind = import->kind;
    value->instance = library->instance;
    return true;
}

/* ---- Instances ----------------------------------------------------------------------------- */

static bool link_import(struct linking *linking, struct member *member,
                        const struct import_description *import, struct import_value *value)
{
    if (bytes_equal(import->module, BYTES_LITERAL("weft:interface")))
        return link_interface(linking, import, value);
    if (host_has_namespace(import->module))
        return link_host(linking, member, import, value);
    return link_library(linking, member, import, value);
}

static bool instantiate(struct linking *linking, struct member *member,
                        const struct import_value *imports)
{
    const struct instance_options options = {
        .imports = imports,
        .grow = process_grow,
        .grow_context = linking->process,
        .owner = member,
    };
    enum status status = instance_create(engine_place_engine(), program_module(member->program),
                                         &options, &member->instance, linking->error);
    if (status == STATUS_OK) {
        member->memory = instance_memory_window(member->instance);
        return true;
    }
    /* Memory may be short on the machine or by the silo's limit; the engine does not tell. */
    if (status == STATUS_NO_MEMORY)
        return fail(linking, WEFT_NO_MEMORY,
                    "the program's memory is more than the machine has, or the silo's limit of "
                    "memory pages");
    return fail(linking, WEFT_INVALID, NULL);
}

/* Recursion: libraries of libraries, LIBRARY_DEPTH_MAX deep. */
static bool link_member(struct linking *linking, struct member *member)
{
    const struct module *module = program_module(member->program);
    u32 count = module_import_count(module);
    usize size = count * sizeof(struct import_value);
    struct import_value *imports = block_take(size);
    if (imports == NULL)
        return fail(linking, WEFT_NO_MEMORY, NULL);
    bool ok = true;
    for (u32 i = 0; ok && i < count; i++) {
        struct import_description import = module_import(module, i);
        ok = link_import(linking, member, &import, &imports[i]);
    }
    ok = ok && instantiate(linking, member, imports);
    block_give(imports, size);
    return ok;
}

bool link_entry(const struct member *member, u32 *function)
{
    static const char *const names[] = { "_start", "main" };
    for (usize i = 0; i < BASE_ARRAY_COUNT(names); i++)
        if (instance_find_export(member->instance, bytes_from_text(names[i]), EXTERN_FUNCTION,
                                 function) &&
            host_type_is(module_function_type(program_module(member->program), *function), ":"))
            return true;
    return false;
}

static bool is_program(const struct member *member)
{
    u32 function;
    return link_entry(member, &function) || instance_start_function(member->instance) != UINT32_MAX;
}

enum weft_status link_program(struct process *process, struct program *program,
                              struct engine_error *error)
{
    struct linking linking = { process, error, WEFT_OK };
    lock_take();
    program_hold_locked(program);
    lock_give();
    struct member *member = add_member(process, program, NULL);
    if (member == NULL) {
        program_release(program);
        return WEFT_NO_MEMORY;
    }
    if (link_member(&linking, member) && !is_program(member))
        fail(&linking, WEFT_INVALID,
             "a program exports the function `_start`, or `main`, without parameters and results; "
             "this one does not: a library, perhaps");
    return linking.status;
}

void link_undo(struct process *process)
{
    for (u32 i = 0; i < process->member_count; i++) {
        struct member *member = process->members[i];
        if (member->instance != NULL)
            instance_destroy(member->instance);
        member->instance = NULL;
    }
    for (u32 i = 0; i < process->member_count; i++) {
        program_release(process->members[i]->program);
        block_give(process->members[i], sizeof(struct member));
    }
    process->member_count = 0;
}
