/* `weft inspect`: what can be said of a program without running it. */
#include "kernel/inspect.h"
#include "platform/common/libraries.h"
#include "platform/hosted/bundle.h"
#include "platform/hosted/command.h"
#include "platform/hosted/run.h"
#include "platform/hosted/say.h"
#include "platform/hosted/system.h"

#include <stdio.h>
#include <stdlib.h>

static bool as_json;

static const char *take_json(const char *value)
{
    (void)value;
    as_json = true;
    say_as_json();
    return NULL;
}

enum { PAGE_BYTES = 64 << 10, HASH_SHOWN = 12 };

/* As a person, or JSON, should read it: names are the program's. */
static void print_harmless(struct bytes text)
{
    struct writer writer;
    void (*write)(struct writer *, struct bytes) = as_json ? say_write_json : say_write_harmless;
    writer_init(&writer, NULL, 0);
    write(&writer, text);
    usize size = writer.size;
    u8 *shown = malloc(size + 1);
    if (shown == NULL)
        return;
    writer_init(&writer, shown, size);
    write(&writer, text);
    fwrite(shown, 1, size, stdout);
    free(shown);
}

static void print_cid(const struct program *program)
{
    u8 text[128];
    struct writer writer;
    writer_init(&writer, text, sizeof(text));
    cid_write(program_cid(program), &writer);
    fwrite(text, 1, writer.size, stdout);
}

/* ---- For people ---- */

static void print_memory(const struct module *module)
{
    u32 min, max;
    if (!module_memory(module, &min, &max)) {
        printf("  memory       none of its own\n");
        return;
    }
    printf("  memory       %u pages (%llu KiB), at most %u\n", min,
           (unsigned long long)min * PAGE_BYTES / 1024, max);
}

/* Path in the boot bundle; NULL: the system itself, or nobody. */
static const char *library_of(const struct inspected_namespace *row)
{
    const struct bundled_library *library = bundled_library_find(row->name);
    return library == NULL ? NULL : library->path;
}

static const char *provider_of(const struct inspected_namespace *row)
{
    const char *library = library_of(row);
    if (namespace_is_own(row->name))
        return "the system";
    return library != NULL ? library : "nobody; --library would provide it";
}

static void print_namespaces(const struct inspection *inspection)
{
    const struct inspected_namespace *row = inspection->namespaces;
    printf("  imports%s\n", row == NULL ? "      none" : "");
    for (; row != NULL; row = row->next) {
        printf("    ");
        print_harmless(row->name);
        printf(": %u, answered by %s\n", row->import_count, provider_of(row));
    }
}

/* The name, and the beginning of the hash. */
static void print_key(struct bytes key)
{
    usize at = 0;
    while (at < key.size && key.data[at] != '@')
        at++;
    print_harmless((struct bytes){ key.data, u64_min(key.size, at + 1 + HASH_SHOWN) });
}

static void print_interfaces(const struct inspection *inspection)
{
    const struct inspected_interface *row = inspection->interfaces;
    printf("  can ask for%s\n", row == NULL ? "  nothing" : "");
    for (; row != NULL; row = row->next) {
        printf("    ");
        print_key(row->key);
        if (row->through.size != 0) {
            printf(" through ");
            print_harmless(row->through);
        }
        printf("\n");
    }
}

static void print_text(const struct program_file *file, const struct program *program,
                       const struct inspection *inspection)
{
    const struct module *module = program_module(program);
    print_harmless(bytes_from_text(file->name));
    printf("\n  CID          ");
    print_cid(program);
    printf("\n  size         %zu bytes\n  functions    %u\n", file->bytes.size,
           module_function_count(module));
    print_memory(module);
    print_namespaces(inspection);
    print_interfaces(inspection);
}

/* ---- For programs ---- */

static void print_string(struct bytes text)
{
    putchar('"');
    print_harmless(text);
    putchar('"');
}

static void print_namespaces_json(const struct inspection *inspection)
{
    printf("\"imports\":[");
    for (const struct inspected_namespace *row = inspection->namespaces; row != NULL;
         row = row->next) {
        printf("{\"namespace\":");
        print_string(row->name);
        printf(",\"count\":%u,\"library\":", row->import_count);
        const char *library = library_of(row);
        if (library == NULL)
            printf("null");
        else
            print_string(bytes_from_text(library));
        printf(",\"system\":%s}%s", namespace_is_own(row->name) ? "true" : "false", row->next == NULL ? "" : ",");
    }
    printf("]");
}

static void print_interfaces_json(const struct inspection *inspection)
{
    printf("\"interfaces\":[");
    for (const struct inspected_interface *row = inspection->interfaces; row != NULL;
         row = row->next) {
        printf("{\"interface\":");
        print_string(row->key);
        printf(",\"through\":");
        if (row->through.size == 0)
            printf("null");
        else
            print_string(row->through);
        printf("}%s", row->next == NULL ? "" : ",");
    }
    printf("]");
}

static void print_json(const struct program_file *file, const struct program *program,
                       const struct inspection *inspection)
{
    const struct module *module = program_module(program);
    u32 min, max;
    printf("{\"name\":");
    print_string(bytes_from_text(file->name));
    printf(",\"cid\":\"");
    print_cid(program);
    printf("\",\"size\":%zu,\"functions\":%u,", file->bytes.size, module_function_count(module));
    if (module_memory(module, &min, &max))
        printf("\"memory\":{\"pages\":%u,\"pages_max\":%u},", min, max);
    else
        printf("\"memory\":null,");
    print_namespaces_json(inspection);
    printf(",");
    print_interfaces_json(inspection);
    printf("}\n");
}

/* ---- The command ---- */

static struct program *load_library(void *context, struct bytes import_namespace)
{
    const struct bundled_library *row = bundled_library_find(import_namespace);
    struct bytes contents;
    struct program *program;
    struct engine_error error;
    (void)context;
    if (row == NULL || !bundle_find(bytes_from_text(row->path), &contents) ||
        program_add(contents, true, &program, &error) != STATUS_OK)
        return NULL;
    return program;
}

static int inspect(const struct program_file *file)
{
    struct program *program;
    struct inspection inspection;
    int status = run_add_program(file, &program);
    if (status != 0)
        return status;
    enum status inspected =
        inspect_module(program_module(program), load_library, NULL, &inspection);
    if (inspected != STATUS_OK) {
        say("error", "%s: its libraries could not be looked at", file->name);
        status = EXIT_FAILED;
    } else if (as_json) {
        print_json(file, program, &inspection);
    } else {
        print_text(file, program, &inspection);
    }
    arena_deinit(&inspection.arena);
    program_release(program);
    return status;
}

static int execute(u32 count, char **arguments)
{
    (void)count;
    static const struct kernel_options none = { .interprets = true };
    struct program_file file;
    int status = program_file_find(arguments[0], &file);
    if (status == 0 && kernel_start(&none) != STATUS_OK)
        status = EXIT_FAILED;
    return status == 0 ? inspect(&file) : status;
}

static const struct option options[] = {
    { "--json", NULL, "prints one JSON object", take_json },
};

const struct command command_inspect = {
    .name = "inspect",
    .arguments = "FILE|CID|NAME",
    .summary = "Tells what a program imports, and which interfaces it could ask for.",
    .more = "",
    .options = options,
    .option_count = BASE_ARRAY_COUNT(options),
    .arguments_min = 1,
    .arguments_max = 1,
    .run = execute,
};
