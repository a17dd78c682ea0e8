/* The manifest of the system: its text from the boot bundle, read by the program `manifest`. */
#ifndef PROGRAMS_INIT_PLAN_H
#define PROGRAMS_INIT_PLAN_H

#include "interface/manifest.h"

/* What the system is to be; it lives as long as init. Whatever is wrong with the manifest is told in
 * the log, and then the system is one to mend it with: a session and no service. */
const struct manifest_system *plan_read(void);
/* In the log: something about the manifest, with its place there. */
void plan_tell(const struct manifest_problem *problem);

#endif
