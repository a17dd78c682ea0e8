/* What a PS/2 mouse sends, as motion and buttons. Three bytes a report, four with a wheel:
 *
 *   0   bits 0 to 2: left, right, middle; 3: always 1; 4 and 5: signs of x and y; 6 and 7: they
 *       were too large
 *   1   x, to the right                     2   y, upwards
 *   3   kind 3: the wheel, towards the person; kind 4: that in bits 0 to 3, and two buttons more
 *
 * Any bytes are taken. A byte that cannot begin a report is passed over, and a report whose bytes
 * do not follow each other soon is forgotten, so what was lost disturbs for a moment only. */
#ifndef PROGRAMS_DRIVER_PS2_MOUSE_H
#define PROGRAMS_DRIVER_PS2_MOUSE_H

#include "interface/input.h"

enum {
    MOUSE_PLAIN = 0,
    MOUSE_WHEEL = 3,        /* Microsoft's IntelliMouse */
    MOUSE_FIVE_BUTTONS = 4, /* its Explorer */
    MOUSE_BUTTONS = 5,
    MOUSE_ACTIONS_MAX = MOUSE_BUTTONS + 1,
};

struct mouse {
    uint8_t kind;  /* as it names itself */
    uint8_t count; /* bytes of a report so far */
    uint8_t bytes[4];
    uint8_t held;   /* a bit for each button */
    uint64_t time;  /* of the last byte */
    bool was_reset; /* it has just been plugged in, and must be set up again */
};

/* What the byte completes: up to MOUSE_ACTIONS_MAX actions, and how many. */
uint32_t mouse_take(struct mouse *mouse, uint8_t byte, uint64_t time_ns,
                    struct input_action *actions);

#endif
