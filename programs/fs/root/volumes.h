/* The volumes that are there from the start. */
#ifndef PROGRAMS_FS_ROOT_VOLUMES_H
#define PROGRAMS_FS_ROOT_VOLUMES_H

#include "programs/fs/root/volume.h"

void volumes_mount_boot(void);
/* The program of this name, of those that are known here: 0, or a failure. */
int volumes_find_cid(struct weft_bytes cid, struct volume_node *node);

#endif
