/* Setting up the two devices: each is reset, told how to report, and told to begin. False: nothing
 * is there, or it is none of these. */
#ifndef PROGRAMS_DRIVER_PS2_SETUP_H
#define PROGRAMS_DRIVER_PS2_SETUP_H

#include "programs/driver/ps2/controller.h"
#include "programs/driver/ps2/mouse.h"

bool setup_keyboard(struct controller *controller);
/* Finds out what kind it is, too. */
bool setup_mouse(struct controller *controller, struct mouse *mouse);

#endif
