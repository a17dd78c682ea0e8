/* Mounting: programs cannot; the header is asked for, and with it statfs as BSD has it. */
#ifndef POSIX_SYS_MOUNT_H
#define POSIX_SYS_MOUNT_H

#include <sys/statfs.h>
#include <sys/xattr.h>

#endif
