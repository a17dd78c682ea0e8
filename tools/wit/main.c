/* The command `wit`: reads one interface, writes one view of it. */
#include "tools/wit/wit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct view {
    const char *name;
    void (*print)(const struct wit_interface *interface, struct writer *writer);
    const char *use;
} views[] = {
    { "header", wit_print_header, "C: types, encoders, decoders, server; save as NAME.h" },
    { "source", wit_print_source, "their code, for kernel, handlers and programs; NAME.c" },
    { "program-header", wit_print_program_header,
      "C for programs only: slot, blocking and asynchronous calls; NAME_program.h" },
    { "program-source", wit_print_program_source, "their code; NAME_program.c" },
    { "cpp", wit_print_cpp, "C++ for programs, over the C; NAME.hpp" },
    { "rust", wit_print_rust, "Rust, for clients and handlers; NAME.rs, beside lib/rust" },
    { "go", wit_print_go, "Go, for clients; NAME/NAME.go, beside lib/go" },
    { "assemblyscript", wit_print_assemblyscript,
      "AssemblyScript, for clients; NAME.ts, beside lib/assemblyscript" },
    { "page", wit_print_page, "the reference page, in Markdown; NAME.md" },
    { "canonical", wit_print_canonical, "the text that the hash is taken of" },
    { "hash", wit_print_hash, "the hash" },
};

static int usage(FILE *to, int status)
{
    fputs("Usage: wit VIEW FILE.wit > OUTPUT\n\nViews:\n", to);
    for (size_t i = 0; i < BASE_ARRAY_COUNT(views); i++)
        fprintf(to, "  %-15s %s\n", views[i].name, views[i].use);
    fputs("\nFor abi/interface/files.wit the build does:\n"
          "  wit header         abi/interface/files.wit > build/generated/interface/files.h\n"
          "  wit source         abi/interface/files.wit > build/generated/interface/files.c\n"
          "  wit program-header abi/interface/files.wit > "
          "build/generated/interface/files_program.h\n"
          "  wit program-source abi/interface/files.wit > "
          "build/generated/interface/files_program.c\n"
          "  wit page           abi/interface/files.wit > build/docs/interface/files.md\n\n"
          "files.c needs abi/body.c beside it, native or in a program. files_program.c is for\n"
          "programs only and needs files.c, abi/body.c and lib/client.c. All are compiled with\n"
          "-I. -Ibuild/generated.\n",
          to);
    return status;
}

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

/* Reads one byte more than may be, so that the parser sees what is too large. 0, or an errno. */
static int read_file(const char *path, struct bytes *text)
{
    static u8 buffer[WIT_FILE_SIZE_MAX + 1];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return errno;
    *text = (struct bytes){ buffer, fread(buffer, 1, sizeof(buffer), file) };
    int failure = ferror(file) ? errno : 0;
    fclose(file);
    return failure;
}

static int print_view(const struct view *view, const struct wit_interface *interface)
{
    struct writer writer;
    writer_init(&writer, NULL, 0);
    view->print(interface, &writer);
    usize size = writer.size;
    u8 *data = malloc(size);
    if (data == NULL) {
        fputs("wit: out of memory\n", stderr);
        return 1;
    }
    writer_init(&writer, data, size);
    view->print(interface, &writer);
    bool written = fwrite(data, 1, size, stdout) == size && fflush(stdout) == 0;
    free(data);
    if (!written)
        perror("wit: cannot write the output");
    return written ? 0 : 1;
}

static int run(const struct view *view, const char *path)
{
    struct source source = { take_chunk, give_chunk, NULL, NULL };
    struct arena arena;
    struct bytes text;
    struct wit_interface *interface;
    struct wit_error error;
    int failure = read_file(path, &text);
    if (failure != 0) {
        fprintf(stderr, "wit: cannot read %s: %s\n", path, strerror(failure));
        return 1;
    }
    arena_init(&arena, &source, 0);
    int result = 1;
    if (wit_parse(&arena, text, &interface, &error) == STATUS_OK)
        result = print_view(view, interface);
    else
        fprintf(stderr, "%s:%u:%u: %s\n", path, error.place.line, error.place.column, error.text);
    arena_deinit(&arena);
    return result;
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "--help") == 0)
        return usage(stdout, 0);
    if (count != 3)
        return usage(stderr, 2);
    for (size_t i = 0; i < BASE_ARRAY_COUNT(views); i++)
        if (strcmp(arguments[1], views[i].name) == 0)
            return run(&views[i], arguments[2]);
    fprintf(stderr, "wit: there is no view `%s`\n", arguments[1]);
    return usage(stderr, 2);
}
