/* The programs that stand for an interface: started when they are first needed, each in a silo that
 * has little more than what it rounds or refuses. */
#ifndef PROGRAMS_PERMISSION_SUBSTITUTE_H
#define PROGRAMS_PERMISSION_SUBSTITUTE_H

#include "programs/permission/known.h"

/* A slot to its process, which stays this file's; WEFT_NO_SLOT: there is none. */
int32_t substitute_for(struct weft_bytes interface);

#endif
