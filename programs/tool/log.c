/* The end of the system's log, and what comes. */
#include "interface/log_program.h"
#include "programs/tool/shared/usage.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: log [-f] [-n COUNT] [-a] [-l LEVEL] [-p PROCESS]\n"
    "Prints the last lines of the system's log (20), each with its time since the machine's\n"
    "clock began, its level and the process that wrote it. -f, --follow: goes on with what comes;\n"
    "-l, --level: only lines at least as grave as error, warning, info, debug or trace (info, if\n"
    "it is not given); -a: all levels; -p: only those of a process (0: the kernel).\n";

static const char *const levels[] = { "error", "warning", "info", "debug", "trace" };
enum { LEVELS = 5, READ_AT_ONCE = 256, LINES_MAX = 4096 };

struct options {
    bool follows;
    uint64_t count;
    uint64_t process;
    bool has_process;
    enum log_level level;
};

static struct weft_client *client(void)
{
    static _Alignas(8) uint8_t buffer[1 << 20];
    static struct weft_client client = { .buffer = buffer, .capacity = sizeof(buffer) };
    client.slot = log_slot();
    return &client;
}

static bool is_wanted(const struct options *options, const struct log_entry *entry)
{
    return entry->level <= options->level &&
           (!options->has_process || entry->process == options->process);
}

static void print_entry(const struct log_entry *entry)
{
    printf("%12.6f %-7s", (double)entry->time / 1e9, levels[entry->level]);
    if (entry->process != 0)
        printf(" %" PRIu64, entry->process);
    printf(": ");
    print_text(entry->text, 0);
    putchar('\n');
}

/* Prints what is there from `*next` on, but for the first `skipped` that are wanted; how many are.
 */
static enum weft_status pass(const struct options *options, uint64_t *next, uint64_t skipped,
                             uint64_t *count)
{
    struct log_entry_list list;
    for (;;) {
        enum weft_status status = log_read(client(), *next, READ_AT_ONCE, &list);
        if (status != WEFT_OK || list.count == 0)
            return status;
        for (uint32_t i = 0; i < list.count; i++) {
            *next = list.data[i].sequence + 1;
            if (is_wanted(options, &list.data[i]) && ++*count > skipped)
                print_entry(&list.data[i]);
        }
    }
}

static enum weft_status show(const struct options *options)
{
    uint64_t next = 0, count = 0, printed = 0;
    enum weft_status status = pass(options, &next, UINT64_MAX, &count);
    uint64_t skipped = count > options->count ? count - options->count : 0;
    next = 0;
    if (status == WEFT_OK)
        status = pass(options, &next, skipped, &printed);
    while (status == WEFT_OK && options->follows && fflush(stdout) == 0) {
        uint64_t newest;
        status = log_next(client(), next, &newest);
        if (status == WEFT_OK)
            status = pass(options, &next, 0, &printed);
    }
    return status;
}

static bool read_level(const char *text, enum log_level *level)
{
    for (int i = 0; i < LEVELS; i++)
        if (strcmp(levels[i], text) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    return false;
}

static bool read_options(int count, char **arguments, struct options *options)
{
    int option;
    static const struct option words[] = { { "follow", no_argument, NULL, 'f' },
                                           { "level", required_argument, NULL, 'l' },
                                           { 0 } };
    while ((option = getopt_long(count, arguments, "fn:al:p:", words, NULL)) != -1) {
        bool is_good = true;
        if (option == 'f')
            options->follows = true;
        else if (option == 'a')
            options->level = LOG_LEVEL_TRACE;
        else if (option == 'n')
            is_good = read_number(optarg, &options->count);
        else if (option == 'p')
            is_good = options->has_process = read_number(optarg, &options->process);
        else
            is_good = option == 'l' && read_level(optarg, &options->level);
        if (!is_good)
            return false;
    }
    return optind == count;
}

int main(int count, char **arguments)
{
    struct options options = { .count = 20, .level = LOG_LEVEL_INFO };
    if (asks_for_help(count, arguments, help))
        return 0;
    if (!read_options(count, arguments, &options))
        return tell_misuse(help, count, arguments);
    enum weft_status status = show(&options);
    return status == WEFT_OK ? 0 : tell_status("log", status);
}
