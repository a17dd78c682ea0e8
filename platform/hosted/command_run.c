/* `weft run`: its run_options. */
#include "platform/hosted/command_run.h"
#include "platform/hosted/run.h"
#include "platform/hosted/say.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct run_options run_options;

static const char too_many[] = "there are too many of these";
static const char too_many_slots[] =
    "a program can be given 61 directories and listeners, not more";

static const char not_text[] = "is not UTF-8, as all must be that a program is started with";

static bool is_text(const char *value)
{
    return bytes_are_utf8(bytes_from_text(value));
}

static const char *take_dir(const char *value)
{
    if (run_options.directory_count + run_options.listener_count == RUN_SLOTS_MAX)
        return too_many_slots;
    struct run_directory *row = &run_options.directories[run_options.directory_count];
    char *copy = strdup(value);
    if (copy == NULL)
        return "there is not enough memory";
    usize size = strlen(copy);
    row->read_only = size > 3 && strcmp(copy + size - 3, ":ro") == 0;
    if (row->read_only)
        copy[size - 3] = '\0';
    char *colon = strchr(copy, ':');
    if (colon != NULL)
        *colon = '\0';
    row->host = copy;
    row->guest = colon == NULL ? copy : colon + 1;
    if (row->host[0] == '\0' || row->guest[0] == '\0')
        return "should be HOST[:GUEST][:ro]";
    if (!is_text(row->guest))
        return not_text;
    run_options.directory_count++;
    return NULL;
}

static const char *take_env(const char *value)
{
    const char *sign = strchr(value, '=');
    if (run_options.environment_count == RUN_ROWS_MAX)
        return too_many;
    if (sign == NULL || sign == value)
        return "should be NAME=VALUE";
    if (!is_text(value))
        return not_text;
    struct bytes *row = run_options.environment[run_options.environment_count++];
    row[0] = (struct bytes){ (const u8 *)value, (usize)(sign - value) };
    row[1] = bytes_from_text(sign + 1);
    return NULL;
}

static const char *take_name(const char *value, struct bytes *names, u32 *count)
{
    if (*count == RUN_ROWS_MAX)
        return too_many;
    if (value[0] == '\0')
        return "should be the name of an interface";
    names[(*count)++] = bytes_from_text(value);
    return NULL;
}

static const char *take_allow(const char *value)
{
    return take_name(value, run_options.allowed, &run_options.allowed_count);
}

static const char *take_deny(const char *value)
{
    return take_name(value, run_options.denied, &run_options.denied_count);
}

static const char *take_pair(const char *value, struct run_pair *pairs, u32 *count)
{
    const char *sign = strchr(value, '=');
    if (*count == RUN_ROWS_MAX)
        return too_many;
    if (sign == NULL || sign == value || sign[1] == '\0')
        return "should be NAME=PROGRAM";
    struct bytes name = { (const u8 *)value, (usize)(sign - value) };
    pairs[(*count)++] = (struct run_pair){ name, sign + 1 };
    return NULL;
}

static const char *take_handle(const char *value)
{
    return take_pair(value, run_options.handlers, &run_options.handler_count);
}

static const char *take_library(const char *value)
{
    return take_pair(value, run_options.libraries, &run_options.library_count);
}

static const char *take_listen(const char *value)
{
    if (run_options.directory_count + run_options.listener_count == RUN_SLOTS_MAX)
        return too_many_slots;
    if (!address_from_text(value, &run_options.listeners[run_options.listener_count]))
        return "should be ADDRESS:PORT, as in 127.0.0.1:8080 or [::1]:8080";
    run_options.listener_count++;
    return NULL;
}

static const char *take_memory(const char *value)
{
    static const char mistake[] = "should be a size of 64K or more, as in 64M or 1G";
    static const struct {
        const char *suffix;
        u32 shift;
    } units[] = { { "", 0 }, { "K", 10 }, { "M", 20 }, { "G", 30 } };
    enum { PAGE_SHIFT = 16, SIZE_BITS_MAX = 48 };
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || errno != 0)
        return mistake;
    for (usize i = 0; i < BASE_ARRAY_COUNT(units); i++) {
        if (strcmp(end, units[i].suffix) != 0 || number >> (SIZE_BITS_MAX - units[i].shift) != 0)
            continue;
        run_options.memory_pages = (number << units[i].shift) >> PAGE_SHIFT;
        return run_options.memory_pages == 0 ? mistake : NULL;
    }
    return mistake;
}

static const char *take_cpus(const char *value)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '1' || value[0] > '9' || *end != '\0' || number > MACHINE_CPUS_MAX)
        return "should be a number from 1 to 64";
    run_options.cpus = (u32)number;
    return NULL;
}

static const char *take_engine(const char *value)
{
    run_options.interprets = strcmp(value, "interpreter") == 0;
    return run_options.interprets || strcmp(value, "compiler") == 0
               ? NULL
               : "should be interpreter or compiler";
}

static const char *take_no_cache(const char *value)
{
    (void)value;
    run_options.keeps_no_code = true;
    return NULL;
}

static const char *take_log(const char *value)
{
    static const char *const levels[] = { "error", "warning", "info", "debug", "trace" };
    for (u32 level = 0; level < BASE_ARRAY_COUNT(levels); level++) {
        if (strcmp(value, levels[level]) != 0)
            continue;
        log_set_level((enum log_severity)level);
        return NULL;
    }
    return "should be error, warning, info, debug or trace";
}

static const char *take_json(const char *value)
{
    (void)value;
    say_as_json();
    return NULL;
}

const struct option run_option_rows[] = {
    { "--allow", "INTERFACE",
      "lets the program use attention, boot, entropy, machine,\nnames, power, tcp, terminal or udp; others are allowed\nalready",
      take_allow },
    { "--deny", "INTERFACE", "takes an interface away", take_deny },
    { "--handle", "INTERFACE=PROGRAM", "has another program answer an interface", take_handle },
    { "--library", "NAMESPACE=PROGRAM", "has a library answer an import namespace", take_library },
    { "--dir", "HOST[:GUEST][:ro]",
      "grants a directory, under the name GUEST or its own;\nro: only to be read", take_dir },
    { "--env", "NAME=VALUE", "sets a variable of the program's environment", take_env },
    { "--listen", "ADDRESS:PORT", "hands the program a TCP listener", take_listen },
    { "--memory", "SIZE", "bounds the memory of the program, as in 64M", take_memory },
    { "--cpus", "NUMBER", "runs on that many CPUs; all if not given", take_cpus },
    { "--engine", "interpreter|compiler", "how code runs; compiler if not given", take_engine },
    { "--no-cache", NULL, "neither uses nor keeps machine code of other runs", take_no_cache },
    { "--log", "LEVEL", "shows log lines from error, warning, info, debug or\ntrace on up; from warning if not given",
      take_log },
    { "--json", NULL, "tells errors, denials and the end as JSON lines", take_json },
};

int run_check_texts(const struct command *command, u32 count, char **arguments)
{
    for (u32 i = 1; i < count; i++) {
        if (is_text(arguments[i]))
            continue;
        say("usage", "%s: argument %u %s", command->name, i, not_text);
        return command_usage(command);
    }
    return 0;
}

static int execute(u32 count, char **arguments)
{
    int status = run_check_texts(&command_run, count, arguments);
    return status != 0 ? status : run_system(&run_options, count, arguments);
}

_Static_assert(BASE_ARRAY_COUNT(run_option_rows) == RUN_OPTION_ROWS, "as others count them");

const struct command command_run = {
    .name = "run",
    .arguments = "FILE|CID|NAME [ARGUMENT...]",
    .summary = "Runs a program.",
    .more =
        "The program may use its standard streams, clocks, random numbers and the log; all else\n"
        "is granted by run_options. The exit status is the program's; 134 if it trapped, 126 if it\n"
        "cannot run, 127 if it is not found, 2 if the command line is wrong.",
    .options = run_option_rows,
    .option_count = BASE_ARRAY_COUNT(run_option_rows),
    .program_follows = true,
    .arguments_min = 1,
    .arguments_max = UINT32_MAX,
    .run = execute,
};
