/* The options of `weft run`, some of which `weft system` has too. Private to the hosted platform. */
#ifndef PLATFORM_HOSTED_COMMAND_RUN_H
#define PLATFORM_HOSTED_COMMAND_RUN_H

#include "platform/hosted/command.h"
#include "platform/hosted/run.h"

enum {
    RUN_OPTION_ROWS = 13,
    RUN_OPTION_RIGHTS = 4, /* the first ones, about rights of the one program */
};

extern const struct option run_option_rows[RUN_OPTION_ROWS];
/* What the options have been taken into. */
extern struct run_options run_options;

/* Whether all arguments can be given to a program: 0, or the exit status, told. */
int run_check_texts(const struct command *command, u32 count, char **arguments);

#endif
