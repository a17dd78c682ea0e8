/* Ends processes by their names. */
#include "programs/tool/shared/match.h"
#include "programs/tool/shared/usage.h"

#include <unistd.h>

static const char help[] =
    "usage: pkill [-x] PATTERN\n"
    "Ends the processes in whose names PATTERN, an extended regular expression, is found: of this\n"
    "program's silo, or of silos below. -x: it has to be the whole name. The status is 1 if there\n"
    "is none. `pgrep -l PATTERN` shows which they are.\n";

static int end(const struct match *match)
{
    struct system_process_error_result found;
    struct system_none_error_result killed;
    enum weft_status status = system_find(system_client(), match->process, &found);
    if (status != WEFT_OK)
        return tell_status(match->name, status);
    if (found.failed) /* it has ended meanwhile */
        return found.error == SYSTEM_ERROR_NOT_FOUND ? 0 : tell_error(match->name, found.error);
    status = system_process_kill(system_client_of(found.value), &killed);
    return tell_result(match->name, status, &killed);
}

int main(int count, char **arguments)
{
    struct match_list found;
    bool whole = false;
    int option;
    if (asks_for_help(count, arguments, help))
        return 0;
    while ((option = getopt(count, arguments, "x")) != -1) {
        if (option == '?')
            return tell_misuse(help, count, arguments);
        whole = true;
    }
    if (optind + 1 != count)
        return tell_misuse(help, count, arguments);
    int result = match_processes(help, arguments[optind], whole, &found);
    for (uint32_t i = 0; i < found.count; i++)
        if (end(&found.data[i]) != 0)
            result = EXIT_FAILED;
    return result;
}
