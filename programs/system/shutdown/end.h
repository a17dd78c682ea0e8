/* What `shutdown` and `reboot` have in common: all but the end. */
#ifndef PROGRAMS_SYSTEM_SHUTDOWN_END_H
#define PROGRAMS_SYSTEM_SHUTDOWN_END_H

#include "interface/power.h"

/* Reads the arguments and asks for the end; comes back only if there is none: the exit status.
 * `help` is what --help prints. */
int end_system(enum power_end end, const char *help);

#endif
