/* Silos: what there is, made, changed, stopped and watched. */
#include "programs/tool/silo/silo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: silo [list]\n"
    "       silo create NAME [PARENT]\n"
    "       silo destroy SILO\n"
    "       silo spawn SILO FILE [ARGUMENT...]\n"
    "       silo stop SILO\n"
    "       silo suspend SILO\n"
    "       silo resume SILO\n"
    "       silo limit SILO memory|processes|threads|messages|slots|weight|quota NUMBER\n"
    "       silo events [-n COUNT] [SILO]\n"
    "       silo check MANIFEST.toml\n"
    "Silos are groups of processes with one table of rights and one set of limits, in a tree.\n"
    "What is shown and changed is this program's own silo, and those below. Memory is in pages\n"
    "of 64 KiB; a limit of 0 is the parent's. USED counts what is below, too. A quota is in\n"
    "percent of one CPU: 250 are two and a half. create: an empty silo with its parent's\n"
    "rights. spawn: starts the program in a file there; it writes to the system's own output,\n"
    "and goes on by itself. stop: ends all processes in the silo and below, and keeps it;\n"
    "destroy: does not. suspend: nothing in it runs until resume. events: prints what happens\n"
    "as it happens, to that silo and those below it. check: what is wrong with a manifest, or\n"
    "what the system would be. `top -s SILO` shows one silo live, `interface list SILO` its\n"
    "table, and `service replace` puts another program in the place of a handler.\n";

int silo_usage(void)
{
    fputs(help, stderr);
    return EXIT_USAGE;
}

static int create_silo(const char *name, const char *parent_text)
{
    static const struct system_limits none;
    uint64_t parent = 0;
    struct system_u64_error_result result;
    struct weft_bytes text = { (const uint8_t *)name, (uint32_t)strlen(name) };
    if (parent_text != NULL && !read_number(parent_text, &parent))
        return silo_usage();
    enum weft_status status = system_create_silo(system_client(), parent, text, none, &result);
    if (status != WEFT_OK)
        return tell_status(name, status);
    if (result.failed)
        return tell_error(name, result.error);
    printf("%" PRIu64 "\n", result.value);
    return 0;
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
        { "suspend", system_suspend_silo },
        { "resume", system_resume_silo },
    };
    uint64_t silo;
    struct system_none_error_result result;
    for (int i = 0; i < 3; i++)
        if (strcmp(words[i].word, word) == 0)
            return read_number(text, &silo)
                       ? tell_result(text, words[i].change(system_client(), silo, &result), &result)
                       : silo_usage();
    return -1;
}

static int events(int count, char **arguments)
{
    uint64_t limit = UINT64_MAX;
    int at = 2;
    if (count > 3 && strcmp(arguments[2], "-n") == 0) {
        if (!read_number(arguments[3], &limit))
            return silo_usage();
        at = 4;
    }
    return count <= at + 1 ? silo_events(count == at ? NULL : arguments[at], limit) : silo_usage();
}

static int run(int count, char **arguments)
{
    const char *word = arguments[1];
    if (count == 2 && strcmp(word, "list") == 0)
        return silo_list();
    if ((count == 3 || count == 4) && strcmp(word, "create") == 0)
        return create_silo(arguments[2], count == 4 ? arguments[3] : NULL);
    if (count >= 4 && strcmp(word, "spawn") == 0)
        return silo_spawn(arguments[2], count - 3, arguments + 3);
    if (count == 3 && strcmp(word, "check") == 0)
        return silo_check(arguments[2]);
    if (count == 3 && strcmp(word, "stop") == 0)
        return silo_stop(arguments[2]);
    if (count == 5 && strcmp(word, "limit") == 0)
        return silo_limit(arguments[2], arguments[3], arguments[4]);
    if (strcmp(word, "events") == 0)
        return events(count, arguments);
    int result = count == 3 ? change_silo(word, arguments[2]) : -1;
    return result == -1 ? silo_usage() : result;
}

int main(int count, char **arguments)
{
    if (asks_for_help(count, arguments, help))
        return 0;
    return count == 1 ? silo_list() : run(count, arguments);
}
