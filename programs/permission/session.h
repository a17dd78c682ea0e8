/* The session that is guarded: a program and all that it starts, in a silo of their own. */
#ifndef PROGRAMS_PERMISSION_SESSION_H
#define PROGRAMS_PERMISSION_SESSION_H

#include "abi/body.h"

/* Starts what the arguments name. 0, or the exit status, told; without arguments there is none, and
 * this process serves whoever binds it. */
int session_start(void);
/* Whether the event is its end, and with which status. */
bool session_has_ended(const struct weft_event *event, struct body_reader *reader, int *status);
bool session_is_there(void);

#endif
