/* What others get of what init was started with: streams, directories, listeners. Each time copies,
 * so that who is started again gets them again. */
#ifndef PROGRAMS_INIT_GIFTS_H
#define PROGRAMS_INIT_GIFTS_H

#include "interface/manifest.h"
#include "interface/system.h"

enum { GIFTS_MAX = WEFT_GIFTS_MAX }; /* that one message can give */

/* The directories that the row names. What is more than one message can give is told in the log. */
uint32_t gifts_for_service(const struct manifest_service *service,
                           struct system_named_slot slots[GIFTS_MAX]);
/* All but the directories that a service names; where the session has a name space it finds
 * directories there, and gets none. */
uint32_t gifts_for_session(bool has_space, struct system_named_slot slots[GIFTS_MAX]);

#endif
