/* Ends processes of its silo, or of those below; stops them, and lets them go on. */
#include "programs/tool/shared/usage.h"

#include <stdio.h>
#include <string.h>

static const char help[] = "usage: kill [-SIGNAL|-s SIGNAL] PROCESS...\n"
                           "Ends processes by their numbers (`ps` lists them): of this program's "
                           "silo, or of silos below.\n"
                           "Programs have no signals: one that is ended does nothing more, whether "
                           "by HUP, INT, QUIT, KILL\n"
                           "or TERM. STOP has one stand still, CONT lets it go on.\n";

enum action { ACTION_END, ACTION_STOP, ACTION_CONTINUE, ACTION_NONE };

static const struct {
    const char *name;
    const char *number;
    enum action action;
} signals[] = {
    { "HUP", "1", ACTION_END },    { "INT", "2", ACTION_END },   { "QUIT", "3", ACTION_END },
    { "KILL", "9", ACTION_END },   { "TERM", "15", ACTION_END }, { "CONT", "18", ACTION_CONTINUE },
    { "STOP", "19", ACTION_STOP },
};

static enum action action_of(const char *name)
{
    if (strncmp(name, "SIG", 3) == 0)
        name += 3;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        if (strcmp(signals[i].name, name) == 0 || strcmp(signals[i].number, name) == 0)
            return signals[i].action;
    fprintf(stderr, "kill: %s: no signal that it knows; kill --help lists them\n", name);
    return ACTION_NONE;
}

static int act(const char *text, enum action action)
{
    int32_t process;
    struct system_none_error_result result;
    int failed = find_process(text, &process);
    if (failed != 0)
        return failed;
    struct weft_client *client = system_client_of(process);
    enum weft_status status = action == ACTION_STOP       ? system_process_suspend(client, &result)
                              : action == ACTION_CONTINUE ? system_process_resume(client, &result)
                                                          : system_process_kill(client, &result);
    return tell_result(text, status, &result);
}

int main(int count, char **arguments)
{
    enum action action = ACTION_END;
    int result = 0, at = 1;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count > 2 && strcmp(arguments[1], "-s") == 0) {
        action = action_of(arguments[2]);
        at = 3;
    } else if (count > 1 && arguments[1][0] == '-') {
        action = action_of(arguments[1] + 1);
        at = 2;
    }
    if (action == ACTION_NONE)
        return EXIT_USAGE;
    if (count <= at)
        return tell_misuse(help, count, arguments);
    for (; at < count; at++) {
        int failed = act(arguments[at], action);
        if (failed != 0)
            result = failed;
    }
    return result;
}
