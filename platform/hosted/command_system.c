/* `weft system`: a whole system, as a manifest describes it. */
#include "platform/hosted/bundle.h"
#include "platform/hosted/command_run.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDED_MAX = 64, TAR_BLOCK = 512, TAR_NAME_BYTES = 100 };

/* Files that are put in front of those of the boot bundle, which are found behind them. */
static struct {
    const char *name;
    const char *path;
    struct bytes contents;
} added[ADDED_MAX];
static u32 added_count;

static const char *take_program(const char *value)
{
    const char *sign = strchr(value, '=');
    if (added_count == ADDED_MAX - 1)
        return "there are too many of these";
    if (sign == NULL || sign == value || sign[1] == '\0' || sign - value >= TAR_NAME_BYTES)
        return "should be NAME=FILE, with a name of less than 100 bytes";
    added[added_count].name = strndup(value, (usize)(sign - value));
    added[added_count].path = sign + 1;
    if (added[added_count].name == NULL)
        return "there is not enough memory";
    added_count++;
    return NULL;
}

/* ---- The boot bundle ------------------------------------------------------------------------ */

static usize blocks_of(usize size)
{
    return (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* A member's head in the ustar form: name at 0, mode, owners, size, time, sum at 148, kind at 156,
 * magic at 257. */
static void write_head(char *head, const char *name, usize size)
{
    u32 sum = 0;
    memset(head, 0, TAR_BLOCK);
    snprintf(head, TAR_NAME_BYTES, "%s", name);
    memcpy(head + 100, "0000444\0000000000\0000000000\000", 24);
    snprintf(head + 124, 12, "%011zo", size);
    memcpy(head + 136, "00000000000", 12);
    memset(head + 148, ' ', 8);
    head[156] = '0';
    memcpy(head + 257, "ustar\00000", 8);
    for (u32 i = 0; i < TAR_BLOCK; i++)
        sum += (u8)head[i];
    snprintf(head + 148, 8, "%06o", sum);
}

static int read_added(void)
{
    int status = 0;
    for (u32 i = 0; i < added_count && status == 0; i++)
        status = program_file_read(added[i].path, LIMIT_PROGRAM_BYTES, &added[i].contents);
    return status;
}

static int make_bundle(struct bytes *bundle)
{
    struct bytes own = bundle_archive();
    usize size = own.size, at = 0;
    for (u32 i = 0; i < added_count; i++)
        size += TAR_BLOCK + blocks_of(added[i].contents.size);
    char *bytes = calloc(1, size);
    if (bytes == NULL)
        return EXIT_FAILED;
    for (u32 i = 0; i < added_count; i++) {
        struct bytes contents = added[i].contents;
        write_head(bytes + at, added[i].name, contents.size);
        if (contents.size != 0)
            memcpy(bytes + at + TAR_BLOCK, contents.data, contents.size);
        at += TAR_BLOCK + blocks_of(contents.size);
    }
    memcpy(bytes + at, own.data, own.size);
    *bundle = (struct bytes){ (const u8 *)bytes, size };
    return 0;
}

/* ---- The command ----------------------------------------------------------------------------- */

/* The manifest goes by its file's own name, which init finds in its environment. */
static int add_manifest(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    if (name[0] == '\0' || strlen(name) >= TAR_NAME_BYTES || !bytes_are_utf8(bytes_from_text(name)) ||
        run_options.environment_count == RUN_ROWS_MAX) {
        say("usage", "system: %s: a manifest has a name of less than 100 bytes, in UTF-8", path);
        return command_usage(&command_system);
    }
    added[added_count].name = name;
    added[added_count++].path = path;
    struct bytes *row = run_options.environment[run_options.environment_count++];
    row[0] = BYTES_LITERAL("MANIFEST");
    row[1] = bytes_from_text(name);
    return 0;
}

static int execute(u32 count, char **arguments)
{
    static char init[] = "init";
    char *own[] = { init, NULL };
    char **of_init = count == 0 ? own : arguments;
    int status = run_check_texts(&command_system, count, arguments);
    if (status == 0 && count != 0)
        status = add_manifest(arguments[0]);
    if (status == 0)
        status = read_added();
    if (status == 0)
        status = make_bundle(&run_options.bundle);
    if (status != 0)
        return status;
    run_options.is_bundled = true;
    run_options.is_whole = true;
    of_init[0] = init;
    return run_system(&run_options, count == 0 ? 1 : count, of_init);
}

static const struct option own_rows[] = {
    { "--program", "NAME=FILE", "puts a program where the manifest finds it by that name",
      take_program },
};

const struct command command_system = {
    .name = "system",
    .arguments = "[MANIFEST.toml [SERVICE:WORD...] [PROGRAM [ARGUMENT...]]]",
    .summary = "Runs a whole system, as a manifest describes it.",
    .more =
        "Without a manifest it is a shell, and what flows in its pipelines. The manifest says which\n"
        "services there are and who may use what; directories, listeners and variables are the\n"
        "session's. PROGRAM takes the place of the manifest's session. The exit status is that of\n"
        "the session.",
    .options = own_rows,
    .option_count = BASE_ARRAY_COUNT(own_rows),
    .shared = run_option_rows + RUN_OPTION_RIGHTS,
    .shared_count = RUN_OPTION_ROWS - RUN_OPTION_RIGHTS,
    .program_follows = true,
    .arguments_min = 0,
    .arguments_max = UINT32_MAX,
    .run = execute,
};
