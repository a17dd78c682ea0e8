/* `/dev`. */
#ifndef PROGRAMS_FS_ROOT_DEVICES_H
#define PROGRAMS_FS_ROOT_DEVICES_H

#include "programs/fs/root/volume.h"

extern struct volume devices_volume;

/* The node of a connection that an `open` right after this makes; borrowed until then. */
uint64_t devices_connection(struct weft_bytes where);

#endif
