/* The words of `silo`, each a function that gives the exit status. */
#ifndef PROGRAMS_TOOL_SILO_SILO_H
#define PROGRAMS_TOOL_SILO_SILO_H

#include "programs/tool/shared/system.h"

/* EXIT_USAGE, with the help. */
int silo_usage(void);

int silo_list(void);
int silo_limit(const char *silo, const char *name, const char *value);
int silo_spawn(const char *silo, int count, char **arguments);
/* Ends all processes in it and below, and keeps the silo. */
int silo_stop(const char *silo);
/* What happens from now on, in this silo (NULL: in all that can be seen), until `count` events. */
int silo_events(const char *silo, uint64_t count);
/* Says what is wrong with the manifest in that file, or what the system would be. */
int silo_check(const char *path);

#endif
