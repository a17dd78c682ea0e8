/* Devices of a kind, among all that the machine has. */
#ifndef PROGRAMS_INIT_DEVICES_H
#define PROGRAMS_INIT_DEVICES_H

#include "interface/manifest.h"

#include <stdbool.h>

enum { DEVICES_NAME_BYTES = 32 };

/* The name, with a zero behind it, of the device that is the `index`-th of one of the kinds; false:
 * there are fewer. */
bool devices_find(struct manifest_kind_list kinds, uint32_t index, char name[DEVICES_NAME_BYTES]);

#endif
