/* Gives processes another weight. */
#include "programs/tool/shared/usage.h"

#include <stdio.h>

static const char help[] =
    "usage: renice WEIGHT PROCESS...\n"
    "Gives processes (`ps` lists them) a share of the CPU against the others of their silo: 100\n"
    "is usual, 1 to 10000. A silo's weight against others is set by `silo limit SILO weight\n"
    "WEIGHT`.\n";

int main(int count, char **arguments)
{
    enum { WEIGHT_MAX = 10000 };
    uint64_t weight;
    int result = 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count < 3 || !read_number(arguments[1], &weight) || weight == 0 || weight > WEIGHT_MAX)
        return tell_misuse(help, count, arguments);
    for (int i = 2; i < count; i++) {
        int32_t process;
        struct system_none_error_result done;
        int failed = find_process(arguments[i], &process);
        if (failed == 0)
            failed = tell_result(
                arguments[i],
                system_process_weigh(system_client_of(process), (uint32_t)weight, &done), &done);
        result = failed != 0 ? failed : result;
    }
    return result;
}
