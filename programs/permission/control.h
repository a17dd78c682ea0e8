/* The interface `permissions`: what commands see and change. */
#ifndef PROGRAMS_PERMISSION_CONTROL_H
#define PROGRAMS_PERMISSION_CONTROL_H

#include "programs/permission/person.h"

enum weft_status control_take(const struct weft_event *event, struct body_reader *reader);
/* The person has said whether a command may do what it wants. */
void control_confirmed(int64_t message, const struct subject *subject, enum reply reply);

#endif
