/* `weft check`: what is wrong with a manifest. The program that reads manifests for init does it,
 * with the manifest's folder to read from. */
#include "platform/hosted/command.h"
#include "platform/hosted/run.h"
#include "platform/hosted/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int execute(u32 count, char **arguments)
{
    static struct run_options options;
    (void)count;
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

const struct command command_check = {
    .name = "check",
    .arguments = "MANIFEST.toml",
    .summary = "Says what is wrong with a manifest, or what the system would be.",
    .more = "Each mistake is told with its line and column; the exit status is 1 then.",
    .arguments_min = 1,
    .arguments_max = 1,
    .run = execute,
};
