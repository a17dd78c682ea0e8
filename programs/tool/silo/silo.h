/* The words of `silo`, each a function that gives the exit status. */
#ifndef PROGRAMS_TOOL_SILO_SILO_H
#define PROGRAMS_TOOL_SILO_SILO_H

#include "programs/tool/shared/usage.h"

extern const char silo_help[];

int silo_list(void);
int silo_limit(const char *silo, const char *name, const char *value);
/* In the silo that is told, or (0) beside this program's own; 0, or why not is told. */
int silo_create(const char *name, uint64_t parent, uint64_t *silo);
/* Behind, in a silo of its own. */
int silo_start(int count, char **arguments);
/* The console of what was started in that silo; WEFT_NO_SLOT: there is none. */
int32_t silo_console(uint64_t silo);
int silo_log(const char *silo);
int silo_attach(const char *silo);
/* Another command does it, and speaks for this one; does not return if there is one. */
int silo_become(const char *command, char **arguments);
int silo_spawn(const char *silo, int count, char **arguments);
/* Ends all processes in it and below, and keeps the silo. */
int silo_stop(const char *silo);
/* What happens from now on, in this silo (NULL: in all that can be seen), until `count` events. */
int silo_events(const char *silo, uint64_t count);
/* Says what is wrong with the manifest in that file, or what the system would be. */
int silo_check(const char *path);

#endif
