/* Silos: what there is, made, changed, stopped and watched. */
#include "programs/tool/silo/silo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char silo_help[] =
    "usage: silo [list]\n"
    "       silo create NAME [PARENT]\n"
    "       silo start [-t] [-n NAME] PROGRAM [ARGUMENT...]\n"
    "       silo attach|log|top SILO\n"
    "       silo spawn SILO FILE [ARGUMENT...]\n"
    "       silo stop|kill|destroy|suspend|resume SILO\n"
    "       silo limit SILO memory|processes|threads|messages|slots|weight|quota NUMBER\n"
    "       silo events [-n COUNT] [SILO]\n"
    "       silo replace SERVICE|INTERFACE [PROGRAM|FILE.wasm]\n"
    "       silo check MANIFEST.toml\n"
    "Silos are groups of processes with one table of rights and one set of limits, in a tree.\n"
    "What is shown and changed is this program's own silo, and those below. Memory is in pages of\n"
    "64 KiB; a limit of 0 is the parent's. What is used counts what is below, too, and each silo\n"
    "there is one of the processes. A quota is in percent of one CPU: 250 are two and a half.\n"
    "create: an empty silo with its parent's rights. start: runs the program behind, in a silo of\n"
    "its own, and prints its number; what it writes is kept, the last 256 KiB of it, also when it\n"
    "has ended. log: shows that, or what the processes of another silo told the system's log.\n"
    "attach: shows it as it comes, and has the program read the lines that are typed; Ctrl-D ends\n"
    "its input, Ctrl-C leaves it alone again. start -t: it has a terminal, as programs that draw\n"
    "on the whole screen want one; attach gives it this one, and Ctrl-] d leaves it alone again,\n"
    "Ctrl-] c and Ctrl-] z are Ctrl-C and Ctrl-Z for it. spawn: starts the program in a file in a\n"
    "silo that is there; it writes to the system's own output, and goes on by itself. stop: ends\n"
    "all processes in the silo and below, and keeps it; kill and destroy do not. suspend: nothing\n"
    "in it runs until resume. events: prints what happens as it happens, to that silo and those\n"
    "below it. top: one silo live, as `top -s`. replace: another process takes a service's place,\n"
    "as `service replace`. check: what is wrong with a manifest, or what the system would be.\n"
    "`interface list SILO` shows a silo's table.\n";

static int create(const char *name, const char *parent_text)
{
    uint64_t parent = 0, silo;
    int failed = parent_text == NULL ? 0 : read_silo(silo_help, parent_text, &parent);
    if (failed == 0)
        failed = silo_create(name, parent, &silo);
    if (failed == 0)
        printf("%" PRIu64 "\n", silo);
    return failed;
}

typedef enum weft_status change(struct weft_client *client, uint64_t silo,
                                struct system_none_error_result *result);

/* -1: it is none of these words. */
static int change_silo(const char *word, const char *text)
{
    static const struct {
        const char *word;
        change *change;
    } words[] = {
        { "destroy", system_destroy_silo },
        { "kill", system_destroy_silo },
        { "suspend", system_suspend_silo },
        { "resume", system_resume_silo },
    };
    uint64_t silo;
    struct system_none_error_result result;
    int i = 0;
    while (i < 4 && strcmp(words[i].word, word) != 0)
        i++;
    if (i == 4)
        return -1;
    int failed = read_silo(silo_help, text, &silo);
    return failed != 0
               ? failed
               : tell_result(text, words[i].change(system_client(), silo, &result), &result);
}

static int events(int count, char **arguments)
{
    uint64_t limit = UINT64_MAX;
    int at = 2;
    if (count > 3 && strcmp(arguments[2], "-n") == 0) {
        if (!read_number(arguments[3], &limit))
            return tell_wrong(silo_help, arguments[3], "it is no number of events");
        at = 4;
    }
    return count <= at + 1 ? silo_events(count == at ? NULL : arguments[at], limit)
                           : tell_misuse(silo_help, count, arguments);
}

/* What one silo is asked for. */
static int run_on(char **arguments)
{
    const char *word = arguments[1];
    char *silo = arguments[2];
    if (strcmp(word, "stop") == 0)
        return silo_stop(silo);
    if (strcmp(word, "log") == 0)
        return silo_log(silo);
    if (strcmp(word, "attach") == 0)
        return silo_attach(silo);
    if (strcmp(word, "top") == 0)
        return silo_become("top", (char *[]){ (char[]){ "top" }, (char[]){ "-s" }, silo, NULL });
    int result = change_silo(word, silo);
    return result == -1 ? tell_misuse(silo_help, 3, arguments) : result;
}

static int run(int count, char **arguments)
{
    const char *word = arguments[1];
    if (count == 2 && strcmp(word, "list") == 0)
        return silo_list();
    if ((count == 3 || count == 4) && strcmp(word, "create") == 0)
        return create(arguments[2], count == 4 ? arguments[3] : NULL);
    if (count >= 3 && strcmp(word, "start") == 0)
        return silo_start(count - 2, arguments + 2);
    if (count >= 4 && strcmp(word, "spawn") == 0)
        return silo_spawn(arguments[2], count - 3, arguments + 3);
    if (count == 3 && strcmp(word, "check") == 0)
        return silo_check(arguments[2]);
    if (count == 5 && strcmp(word, "limit") == 0)
        return silo_limit(arguments[2], arguments[3], arguments[4]);
    if (strcmp(word, "events") == 0)
        return events(count, arguments);
    if ((count == 3 || count == 4) && strcmp(word, "replace") == 0) {
        arguments[0] = (char[]){ "silo" };
        return silo_become("service", arguments);
    }
    return count == 3 ? run_on(arguments) : tell_misuse(silo_help, count, arguments);
}

int main(int count, char **arguments)
{
    bool is_start = count > 3 && strcmp(arguments[1], "start") == 0; /* the rest is the program's */
    if (!is_start && asks_for_help(count, arguments, silo_help))
        return 0;
    return count == 1 ? silo_list() : run(count, arguments);
}
