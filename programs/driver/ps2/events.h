/* Events that nobody has read yet. When there are too many, all of them go, and `lost` stands in
 * their place: what a person did long ago is of less use than what comes now. */
#ifndef PROGRAMS_DRIVER_PS2_EVENTS_H
#define PROGRAMS_DRIVER_PS2_EVENTS_H

#include "interface/input.h"

enum { EVENTS_MAX = 256 };

struct events {
    struct input_event list[EVENTS_MAX]; /* the oldest first */
    uint32_t count;
};

/* Motion that follows motion is one event. */
void events_add(struct events *events, uint64_t time_ns, const struct input_action *action);
/* Forgets the oldest `count`, or all. */
void events_drop(struct events *events, uint32_t count);

#endif
