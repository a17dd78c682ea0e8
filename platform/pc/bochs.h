/* The graphics card of QEMU and Bochs, for machines whose boot loader sets up no picture (PVH).
 * Private to the PC platform. */
#ifndef PLATFORM_PC_BOCHS_H
#define PLATFORM_PC_BOCHS_H

#include "platform/bare/screen.h"

/* Sets up a picture of 1024 by 768 pixels if there is such a card; leaves `mode` alone if not. After
 * pci_access_init. */
void bochs_set_up(struct screen_mode *mode);

#endif
