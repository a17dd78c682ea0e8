/* Stops processes for a while. */
#include "programs/tool/shared/usage.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: suspend [-r] PROCESS...\n"
    "Suspends processes by their numbers (`ps` lists them): they run no instruction until they\n"
    "are resumed, with -r. Messages to them wait, and they can be killed. `silo suspend` does\n"
    "so to all of a silo.\n";

static int change(const char *text, bool resumes)
{
    int32_t process;
    struct system_none_error_result result;
    int failed = find_process(text, &process);
    if (failed != 0)
        return failed;
    struct weft_client *client = system_client_of(process);
    enum weft_status status =
        resumes ? system_process_resume(client, &result) : system_process_suspend(client, &result);
    return tell_result(text, status, &result);
}

int main(int count, char **arguments)
{
    int result = 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    bool resumes = count > 1 && strcmp(arguments[1], "-r") == 0;
    int first = resumes ? 2 : 1;
    if (count <= first)
        return tell_misuse(help, count, arguments);
    for (int i = first; i < count; i++) {
        int failed = change(arguments[i], resumes);
        result = failed != 0 ? failed : result;
    }
    return result;
}
