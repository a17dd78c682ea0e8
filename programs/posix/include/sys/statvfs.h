/* Space of a file system (POSIX sys/statvfs.h). */
#ifndef POSIX_SYS_STATVFS_H
#define POSIX_SYS_STATVFS_H

#include <sys/types.h>

struct statvfs {
    unsigned long f_bsize, f_frsize;
    unsigned long long f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail;
    unsigned long f_fsid, f_flag, f_namemax;
};

int statvfs(const char *path, struct statvfs *space);
int fstatvfs(int descriptor, struct statvfs *space);

#endif
