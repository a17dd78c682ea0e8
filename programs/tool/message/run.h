/* A program that is run in order to see what it sends. */
#ifndef PROGRAMS_TOOL_MESSAGE_RUN_H
#define PROGRAMS_TOOL_MESSAGE_RUN_H

#include <stdint.h>

/* Starts it, with this program's streams, in a silo of its own of which all rows are traced before it runs;
 * `*ended` is the question for its end. 0, or what to exit with: why is told. */
int run_traced(char **arguments, int64_t *ended);

#endif
