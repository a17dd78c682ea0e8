/* What is wrong with how a tool was called. A tool's help begins with its forms, a line each:
 * "usage: NAME WORD ..." and below it "       NAME WORD|WORD ..."; a word in brackets may be left out.
 * Each function says so in a line, names where more is told, and gives EXIT_USAGE. */
#ifndef PROGRAMS_TOOL_SHARED_USAGE_H
#define PROGRAMS_TOOL_SHARED_USAGE_H

#include "programs/tool/shared/system.h"

/* Which words there are if the first argument is none of them; otherwise how that word is used, or
 * the tool if it has no words. */
int tell_misuse(const char *help, int count, char **arguments);
/* `what` is not as it has to be. */
int tell_wrong(const char *help, const char *what, const char *why);

/* The only argument may be --help: prints `help` and exits; anything else is misuse, and exits, too. */
void take_no_arguments(int count, char **arguments, const char *help);
/* The number of a silo, 0 or what to exit with. */
int read_silo(const char *help, const char *text, uint64_t *silo);

#endif
