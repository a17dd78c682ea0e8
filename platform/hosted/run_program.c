/* Loading programs and the libraries that answer their imports. */
#include "interface/pipe.h"
#include "platform/hosted/bundle.h"
#include "platform/hosted/command.h"
#include "platform/common/libraries.h"
#include "platform/hosted/run.h"
#include "platform/hosted/say.h"

#include <stdio.h>

/* ---- Telling ---- */

static void write_place(struct writer *text, const struct engine_error *error)
{
    if (error->offset != SIZE_MAX) {
        writer_text(text, ", at byte ");
        writer_decimal(text, error->offset);
    }
    if (error->function != UINT32_MAX) {
        writer_text(text, " in function ");
        writer_decimal(text, error->function);
    }
}

static const char *words_of(enum status status, const struct engine_error *error)
{
    if (error->message != NULL)
        return error->message;
    switch (status) {
    case STATUS_NO_MEMORY:
        return "there is not enough memory";
    case STATUS_LIMIT:
        return "a limit of its silo is reached";
    case STATUS_UNSUPPORTED:
        return "it uses a feature that is not supported";
    default:
        return "it is not valid";
    }
}

static void write_provider(struct writer *text, struct bytes import_namespace)
{
    const struct bundled_library *library = bundled_library_find(import_namespace);
    if (namespace_is_own(import_namespace)) {
        writer_text(text, ". This namespace is the system's own, and has no such import.");
        return;
    }
    if (library != NULL) {
        writer_text(text, ". The system's ");
        writer_text(text, library->path);
        writer_text(text, " answers this namespace, and does not provide it; another library"
                          " might: --library ");
    } else {
        writer_text(text, ". A library would provide it: --library ");
    }
    writer_bytes(text, import_namespace);
    writer_text(text, "=PROGRAM");
}

int run_tell_spawn(const char *name, enum status status, const struct engine_error *error)
{
    u8 buffer[2048];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_text(&text, name);
    if (error->name[0].size != 0 || error->name[1].size != 0) {
        writer_text(&text, " needs ");
        writer_bytes(&text, error->name[0]);
        writer_text(&text, ".");
        writer_bytes(&text, error->name[1]);
        writer_text(&text, ": ");
        writer_text(&text, words_of(status, error));
        write_provider(&text, error->name[0]);
    } else {
        writer_text(&text, " cannot run: ");
        writer_text(&text, words_of(status, error));
        write_place(&text, error);
    }
    say_fields("error", (struct bytes){ buffer, u64_min(text.size, sizeof(buffer)) }, NULL, 0);
    return EXIT_NOT_RUNNABLE;
}

static bool is_native(struct bytes bytes)
{
    static const u8 magic[] = { 0x7F, 'E', 'L', 'F' };
    return bytes.size >= sizeof(magic) && memcmp(bytes.data, magic, sizeof(magic)) == 0;
}

int run_add_program(const struct program_file *file, struct program **program)
{
    struct engine_error error = { .offset = SIZE_MAX, .function = UINT32_MAX };
    if (is_native(file->bytes)) {
        say("error", "%s cannot run: this is a native program (ELF); Weft runs WebAssembly", file->name);
        return EXIT_NOT_RUNNABLE;
    }
    enum status status = program_add(file->bytes, true, program, &error);
    return status == STATUS_OK ? 0 : run_tell_spawn(file->name, status, &error);
}

/* ---- Libraries ---- */

static int set_library(struct bytes import_namespace, const struct program_file *file)
{
    struct program *program;
    int status = run_add_program(file, &program);
    if (status != 0)
        return status;
    enum status set = silo_set_library(silo_root(), import_namespace, program);
    program_release(program);
    if (set == STATUS_OK)
        return 0;
    say("error", "%s cannot be the library for %.*s", file->name, (int)import_namespace.size,
        import_namespace.data);
    return EXIT_FAILED;
}

static int set_bundled(const struct bundled_library *library)
{
    struct program_file file = { 0 };
    if (!bundle_find(bytes_from_text(library->path), &file.bytes))
        return 0; /* the missing import will be told by its name */
    snprintf(file.name, sizeof(file.name), "%s", library->path);
    return set_library(bytes_from_text(library->import_namespace), &file);
}

int run_set_libraries(const struct run_options *options, struct program *const *programs,
                      u32 program_count)
{
    int status = 0;
    for (u32 i = 0; i < bundled_library_count && status == 0; i++)
        if (library_is_needed(bytes_from_text(bundled_libraries[i].import_namespace), programs,
                              program_count))
            status = set_bundled(&bundled_libraries[i]);
    for (u32 i = 0; i < options->library_count && status == 0; i++) {
        struct program_file file;
        status = program_file_find(options->libraries[i].value, &file);
        if (status == 0)
            status = set_library(options->libraries[i].name, &file);
    }
    return status;
}

/* ---- Handlers ---- */

/* Interfaces that a program of the bundle answers, so that a shell needs no option for its pipes. */
static const char *const bundled_handlers[] = { PIPE_INTERFACE_NAME };

static bool is_named(const struct run_options *options, struct bytes name)
{
    for (u32 i = 0; i < options->handler_count; i++)
        if (bytes_equal(options->handlers[i].name, name))
            return true;
    for (u32 i = 0; i < options->denied_count; i++)
        if (bytes_equal(options->denied[i], name))
            return true;
    return false;
}

static bool is_imported(const struct module *module, struct bytes name)
{
    for (u32 i = 0; i < module_import_count(module); i++) {
        struct import_description import = module_import(module, i);
        if (bytes_equal(import.module, BYTES_LITERAL("weft:interface")) &&
            bytes_start_with(import.name, name) && import.name.size > name.size &&
            import.name.data[name.size] == '@')
            return true;
    }
    return false;
}

static void bundled_path(struct bytes name, char path[64])
{
    snprintf(path, 64, "%.*s.wasm", (int)name.size, name.data);
}

void run_add_bundled_handlers(struct run_options *options, const struct module *module)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(bundled_handlers); i++) {
        struct bytes name = bytes_from_text(bundled_handlers[i]);
        struct bytes contents;
        char path[64];
        bundled_path(name, path);
        if (options->handler_count < RUN_ROWS_MAX && is_imported(module, name) &&
            !is_named(options, name) && bundle_find(bytes_from_text(path), &contents))
            options->handlers[options->handler_count++] = (struct run_pair){ name, NULL };
    }
}

int run_find_handler(const struct run_pair *handler, struct program_file *file)
{
    if (handler->value != NULL)
        return program_file_find(handler->value, file);
    bundled_path(handler->name, file->name);
    return bundle_find(bytes_from_text(file->name), &file->bytes) ? 0 : EXIT_NOT_FOUND;
}
