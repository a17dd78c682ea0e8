/* Ends processes of its silo, or of those below. */
#include "programs/tool/shared/system.h"

#include <stdio.h>

static const char help[] = "usage: kill PROCESS...\n"
                           "Ends processes by their numbers (`ps` lists them): of this program's "
                           "silo, or of silos below.\n"
                           "There are no signals: a process that is ended does nothing more.\n";

static int end_process(const char *text)
{
    int32_t process;
    struct system_none_error_result result;
    int failed = find_process(text, &process);
    if (failed != 0)
        return failed;
    return tell_result(text, system_process_kill(system_client_of(process), &result), &result);
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
