/* `weft check`: what is wrong with a manifest. The program that reads manifests for init does it,
 * with the manifest's folder to read from. */
#include "platform/hosted/boot_files.h"
#include "platform/hosted/bundle.h"
#include "platform/hosted/command_run.h"
#include "platform/hosted/limits.h"
#include "platform/hosted/run.h"
#include "platform/hosted/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *bundle_path; /* NULL: this system's own */

static const char *take_bundle(const char *value)
{
    bundle_path = value;
    return NULL;
}

/* What the manifest's programs are looked for in. */
static int make_bundle(struct bytes *bundle)
{
    struct bytes archive = bundle_archive();
    int status = bundle_path == NULL ? 0 : program_file_read(bundle_path, LIMIT_PROGRAM_BYTES, &archive);
    return status == 0 ? boot_files_bundle(archive, bundle) : status;
}

static int execute(u32 count, char **arguments)
{
    static struct run_options options;
    (void)count;
    int status = make_bundle(&options.bundle);
    if (status != 0)
        return status;
    char *slash = strrchr(arguments[0], '/');
    char *folder = slash == NULL ? strdup(".") : strndup(arguments[0], (usize)(slash - arguments[0]));
    if (folder == NULL)
        return EXIT_FAILED;
    const char *host = slash == arguments[0] ? "/" : folder;
    options.directories[options.directory_count++] = (struct run_directory){ host, host, true };
    options.is_bundled = true;
    options.allowed[options.allowed_count++] = BYTES_LITERAL("boot"); /* which programs there are */
    char *of_program[] = { (char *)"manifest", arguments[0], NULL };
    return run_system(&options, 2, of_program);
}

static const struct option rows[] = {
    BOOT_FILES_OPTION,
    { "--bundle", "FILE.tar", "the boot bundle of the system that it is for", take_bundle },
};

const struct command command_check = {
    .name = "check",
    .arguments = "MANIFEST.toml",
    .summary = "Says what is wrong with a manifest, or what the system would be.",
    .more = "Each mistake is told with its line and column; the exit status is 1 then. One is a program\n"
            "that neither the boot bundle has nor --program names.",
    .options = rows,
    .option_count = BASE_ARRAY_COUNT(rows),
    .arguments_min = 1,
    .arguments_max = 1,
    .run = execute,
};
