/* `weft cid` and `weft add`: programs' names. */
#include "platform/hosted/command.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/program_file.h"
#include "platform/hosted/say.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void print_cid(const struct cid *cid)
{
    u8 text[128];
    struct writer writer;
    writer_init(&writer, text, sizeof(text));
    cid_write(cid, &writer);
    puts(writer_terminate(&writer));
}

static int execute_cid(u32 count, char **arguments)
{
    (void)count;
    struct bytes bytes;
    int status = program_file_read(arguments[0], LIMIT_PROGRAM_BYTES, &bytes);
    if (status != 0)
        return status;
    struct cid cid = cid_of(bytes);
    print_cid(&cid);
    program_file_free(bytes);
    return 0;
}

const struct command command_cid = {
    .name = "cid",
    .arguments = "FILE",
    .summary = "Prints the CID of a file: its name, made from its bytes.",
    .more = "It is what `ipfs add --cid-version=1` prints.",
    .arguments_min = 1,
    .arguments_max = 1,
    .run = execute_cid,
};

static const char *add_name;

static const char *take_name(const char *value)
{
    usize size = strlen(value);
    for (usize i = 0; i < size; i++)
        if (isspace((unsigned char)value[i]) || value[i] == '/' || value[i] == '#')
            return "a name has no blanks, slashes or #";
    if (size == 0 || size > 64)
        return "a name has 1 to 64 characters";
    add_name = value;
    return NULL;
}

static int execute_add(u32 count, char **arguments)
{
    (void)count;
    struct bytes bytes;
    int status = program_file_read(arguments[0], LIMIT_PROGRAM_BYTES, &bytes);
    if (status != 0)
        return status;
    if (bytes_start_with(bytes, BYTES_LITERAL("\0asm"))) {
        struct cid cid = cid_of(bytes);
        status = program_file_keep(bytes, add_name, &cid);
        if (status == 0)
            print_cid(&cid);
    } else {
        say("error", "%s is not a WebAssembly module", arguments[0]);
        status = EXIT_NOT_RUNNABLE;
    }
    program_file_free(bytes);
    return status;
}

static const struct option add_options[] = {
    { "--name", "NAME", "also gives it that name", take_name },
};

const struct command command_add = {
    .name = "add",
    .arguments = "FILE",
    .summary = "Keeps a program, so that `weft run` finds it by its CID.",
    .more = "",
    .options = add_options,
    .option_count = BASE_ARRAY_COUNT(add_options),
    .arguments_min = 1,
    .arguments_max = 1,
    .run = execute_add,
};
