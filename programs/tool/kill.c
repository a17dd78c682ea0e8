/* Ends processes of its silo, or of those below. */
#include "programs/tool/shared/system.h"

#include <stdio.h>

static const char help[] =
    "usage: kill PROCESS...\n"
    "Ends processes by their numbers (`ps` lists them): of this program's silo, or of silos below.\n"
    "There are no signals: a process that is ended does nothing more.\n";

static int end_process(const char *text)
{
    uint64_t number;
    struct system_process_error_result found;
    struct system_none_error_result killed;
    if (!read_number(text, &number)) {
        fprintf(stderr, "kill: %s: it is no number of a process\n", text);
        return EXIT_USAGE;
    }
    enum weft_status status = system_find(system_client(), number, &found);
    if (status != WEFT_OK)
        return tell_status(text, status);
    if (found.failed)
        return tell_error(text, found.error);
    status = system_process_kill(system_client_of(found.value), &killed);
    if (status != WEFT_OK)
        return tell_status(text, status);
    return killed.failed ? tell_error(text, killed.error) : 0;
}

int main(int count, char **arguments)
{
    int result = 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count < 2) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    for (int i = 1; i < count; i++) {
        int failed = end_process(arguments[i]);
        if (failed != 0)
            result = failed;
    }
    return result;
}
