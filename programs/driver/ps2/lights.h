/* Setting a keyboard's lights: a command and its value, each of which the keyboard answers among
 * the keys that it sends. One that does not answer, or wants to hear it again and again, is left
 * alone. */
#ifndef PROGRAMS_DRIVER_PS2_LIGHTS_H
#define PROGRAMS_DRIVER_PS2_LIGHTS_H

#include "interface/input.h"

enum lights_state {
    LIGHTS_IDLE,
    LIGHTS_COMMAND, /* the command is to be answered */
    LIGHTS_VALUE,   /* the value is */
};

enum { LIGHTS_NO_BYTE = -1 };

struct lights {
    enum lights_state state;
    uint8_t wanted; /* as the keyboard counts them */
    uint8_t shown;
    uint8_t value; /* on its way */
    uint8_t tries;
    uint64_t deadline; /* for the answer, while not idle */
};

/* Each gives the byte that is now to be sent to the keyboard, or LIGHTS_NO_BYTE. */
int lights_set(struct lights *lights, uint32_t flags, uint64_t now_ns);
/* A byte from the keyboard; `taken`: it was an answer, and no key. */
int lights_take(struct lights *lights, uint8_t byte, uint64_t now_ns, bool *taken);
/* Once the deadline has passed. */
int lights_give_up(struct lights *lights, uint64_t now_ns);

#endif
