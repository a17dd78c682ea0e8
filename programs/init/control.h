/* The interface `services`: who asks how services fare, and starts, stops and replaces them. */
#ifndef PROGRAMS_INIT_CONTROL_H
#define PROGRAMS_INIT_CONTROL_H

#include "lib/server.h"

#include <stdbool.h>

/* The badge that its messages come with. */
enum { CONTROL_BADGE = 1 };

/* In the session. False, and told, if it cannot be. */
bool control_bind(uint64_t session);
void control_on_message(struct weft_server *server);
/* A message that was taken back, perhaps one of these. */
void control_on_withdrawn(int64_t id);

#endif
