/* Devices of a kind, among all that the machine has. */
#ifndef PROGRAMS_INIT_DEVICES_H
#define PROGRAMS_INIT_DEVICES_H

#include "programs/init/table.h"

#include <stdbool.h>

enum { DEVICES_NAME_BYTES = 32 };

/* The name, with a zero behind it, of the device that is the `index`-th of one of the kinds; false:
 * there are fewer. */
bool devices_find(const struct table_kind *kinds, uint32_t index, char name[DEVICES_NAME_BYTES]);

#endif
