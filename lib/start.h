/* What the process was started with. Fetched once, by whoever asks first; everything in it lives as
 * long as the process. Not for two threads at once. */
#ifndef LIB_START_H
#define LIB_START_H

#include "interface/system.h"

/* NULL if it could not be had: access to `system` is denied, or there is no memory for it. */
const struct system_start_record *start_record(void);
/* A slot of the start record by its name; WEFT_NO_SLOT if there is none. */
int32_t start_slot(const char *name);

#endif
