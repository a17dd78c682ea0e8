/* The volumes that are there from the start. */
#ifndef PROGRAMS_FS_ROOT_VOLUMES_H
#define PROGRAMS_FS_ROOT_VOLUMES_H

void volumes_mount_boot(void);

#endif
