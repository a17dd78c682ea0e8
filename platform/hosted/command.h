/* The commands of `weft`, as tables: parsing, usage and help come from the same rows. Private to
 * the hosted platform. */
#ifndef PLATFORM_HOSTED_COMMAND_H
#define PLATFORM_HOSTED_COMMAND_H

#include "base/base.h"

enum {
    EXIT_USAGE = 2,          /* the command line is wrong */
    EXIT_FAILED = 1,         /* the host or the system failed */
    EXIT_NOT_RUNNABLE = 126, /* the program is there, but cannot be run; as shells say it */
    EXIT_NOT_FOUND = 127,
    EXIT_TRAPPED = 134, /* 128 + SIGABRT */
    EXIT_KILLED = 137,  /* 128 + SIGKILL */
};

struct option {
    const char *name;  /* with its dashes */
    const char *value; /* what it takes, for people; NULL: nothing */
    const char *help;
    /* Takes the value: NULL, or what is wrong with it. */
    const char *(*take)(const char *value);
};

struct command {
    const char *name;
    const char *arguments; /* for the usage line */
    const char *summary;
    const char *more; /* what else a person should know; may be empty */
    const struct option *options;
    u32 option_count;
    const struct option *shared; /* more of them, which another command has too */
    u32 shared_count;
    bool program_follows; /* options end at the first argument; the rest is the program's */
    u32 arguments_min;
    u32 arguments_max;
    int (*run)(u32 count, char **arguments);
};

extern const struct command command_run;
extern const struct command command_system;
extern const struct command command_inspect;
extern const struct command command_check;
extern const struct command command_cid;
extern const struct command command_interface;
extern const struct command command_add;

/* Parses and runs it: the exit status. `arguments` ends with NULL, after the command's name. */
int command_execute(const struct command *command, u32 count, char **arguments);
/* Prints the usage line to standard error: EXIT_USAGE. */
int command_usage(const struct command *command);
void command_help(const struct command *command);

#endif
