/* `weft system`: a whole system, as a manifest describes it. */
#include "platform/hosted/boot_files.h"
#include "platform/hosted/bundle.h"
#include "platform/hosted/command_run.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The command ----------------------------------------------------------------------------- */

/* The manifest goes by its file's own name, which init finds in its environment. */
static int add_manifest(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    if (name[0] == '\0' || strlen(name) >= BOOT_FILE_NAME_BYTES || !bytes_are_utf8(bytes_from_text(name)) ||
        run_options.environment_count == RUN_ROWS_MAX) {
        say("usage", "system: %s: a manifest has a name of less than 100 bytes, in UTF-8", path);
        return command_usage(&command_system);
    }
    boot_files_add(name, path);
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
        status = boot_files_bundle(bundle_archive(), &run_options.bundle);
    if (status != 0)
        return status;
    run_options.is_bundled = true;
    run_options.is_whole = true;
    of_init[0] = init;
    return run_system(&run_options, count == 0 ? 1 : count, of_init);
}

static const struct option own_rows[] = { BOOT_FILES_OPTION };

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
