/* What the main program may ask for, and the names that people use for it. */
#include "platform/hosted/command.h"
#include "platform/hosted/handler.h"
#include "platform/hosted/interfaces.h"
#include "platform/hosted/run.h"
#include "platform/hosted/say.h"

static bool is_listed(const struct bytes *names, u32 count, struct bytes name)
{
    for (u32 i = 0; i < count; i++)
        if (bytes_equal(names[i], name))
            return true;
    return false;
}

static bool is_allowed(const struct run_options *options, const struct known_interface *row)
{
    struct bytes name = bytes_from_text(row->name);
    bool is_files = bytes_equal(name, BYTES_LITERAL("files"));
    if (is_listed(options->denied, options->denied_count, name))
        return false;
    return row->allowed || is_listed(options->allowed, options->allowed_count, name) ||
           (is_files && options->directory_count != 0);
}

enum status run_set_verdicts(const struct run_options *options, struct silo *silo)
{
    enum status status = STATUS_OK;
    for (u32 i = 0; i < known_interface_count && status == STATUS_OK; i++) {
        const struct known_interface *row = &known_interfaces[i];
        struct interface_key key = native_key(row->name, row->hash);
        if (!is_allowed(options, row))
            status = silo_set_verdict(silo, &key, VERDICT_DENY);
    }
    return status;
}

/* NAME@HASH, as programs import it. */
static bool parse_key(struct bytes text, struct interface_key *key)
{
    usize at = 0;
    while (at < text.size && text.data[at] != '@')
        at++;
    if (at == text.size)
        return false;
    key->name = (struct bytes){ text.data, at };
    return hash_from_hex((struct bytes){ text.data + at + 1, text.size - at - 1 }, &key->hash);
}

bool run_find_interface(struct bytes name, const struct module *module, struct interface_key *key)
{
    const struct known_interface *row = known_interface_find(name);
    *key = (struct interface_key){ 0 };
    if (row != NULL) {
        *key = native_key(row->name, row->hash);
        return true;
    }
    if (parse_key(name, key))
        return true;
    for (u32 i = 0; i < module_import_count(module); i++) {
        struct import_description import = module_import(module, i);
        if (bytes_equal(import.module, BYTES_LITERAL("weft:interface")) &&
            parse_key(import.name, key) && bytes_equal(key->name, name))
            return true;
    }
    return false;
}

void run_write_grant(const struct run_options *options, struct bytes interface_name,
                     struct writer *text)
{
    const struct known_interface *row = known_interface_find(interface_name);
    if (options->is_whole) {
        writer_text(text, "the manifest");
        return;
    }
    if (is_listed(options->denied, options->denied_count, interface_name)) {
        writer_text(text, "no --deny ");
        writer_bytes(text, interface_name);
        return;
    }
    if (row != NULL) {
        writer_text(text, row->grant);
        return;
    }
    writer_text(text, "--handle ");
    writer_bytes(text, interface_name);
    writer_text(text, "=PROGRAM");
}

static int unknown_name(const char *option, struct bytes name)
{
    say("usage",
        "run: %s %.*s: the program does not import an interface of that name, and none "
        "of the system's has it",
        option, (int)name.size, name.data);
    return command_usage(&command_run);
}

int run_check_names(const struct run_options *options, const struct module *module)
{
    struct interface_key key;
    for (u32 i = 0; i < options->allowed_count; i++)
        if (known_interface_find(options->allowed[i]) == NULL)
            return unknown_name("--allow", options->allowed[i]);
    for (u32 i = 0; i < options->denied_count; i++)
        if (!run_find_interface(options->denied[i], module, &key))
            return unknown_name("--deny", options->denied[i]);
    for (u32 i = 0; i < options->handler_count; i++)
        if (!run_find_interface(options->handlers[i].name, module, &key))
            return unknown_name("--handle", options->handlers[i].name);
    return 0;
}
