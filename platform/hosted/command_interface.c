/* `weft interface`: the canonical text of a definition, and its hash. */
#include "platform/hosted/command.h"
#include "platform/hosted/program_file.h"
#include "platform/hosted/say.h"
#include "tools/wit/wit.h"

#include <stdio.h>
#include <stdlib.h>

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

static void print_interface(const struct wit_interface *interface)
{
    fwrite(interface->canonical.data, 1, interface->canonical.size, stdout);
    for (u32 i = 0; i < HASH_SIZE; i++)
        printf("%02x", interface->hash.bytes[i]);
    printf("  %.*s\n", (int)interface->name.size, interface->name.data);
}

static int execute(u32 count, char **arguments)
{
    (void)count;
    struct source source = { take_chunk, give_chunk, NULL, NULL };
    struct arena arena;
    struct bytes text;
    struct wit_interface *interface;
    struct wit_error error;
    int status = program_file_read(arguments[0], WIT_FILE_SIZE_MAX, &text);
    if (status != 0)
        return status;
    arena_init(&arena, &source, 0);
    enum status parsed = wit_parse(&arena, text, &interface, &error);
    if (parsed == STATUS_OK)
        print_interface(interface);
    else if (parsed == STATUS_INVALID)
        say("error", "%s:%u:%u: %s", arguments[0], error.place.line, error.place.column,
            error.text);
    else
        say("error", "%s: there is not enough memory", arguments[0]);
    arena_deinit(&arena);
    program_file_free(text);
    return parsed == STATUS_OK ? 0 : EXIT_FAILED;
}

const struct command command_interface = {
    .name = "interface",
    .arguments = "FILE.wit",
    .summary = "Prints the canonical text of an interface, and its hash.",
    .more = "",
    .arguments_min = 1,
    .arguments_max = 1,
    .run = execute,
};
