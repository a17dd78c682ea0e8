/* Space of a file system, Linux' way (statfs(2)). */
#ifndef POSIX_SYS_STATFS_H
#define POSIX_SYS_STATFS_H

#include <sys/types.h>

struct statfs {
    unsigned long f_type, f_bsize;
    unsigned long long f_blocks, f_bfree, f_bavail, f_files, f_ffree;
    struct {
        int __val[2];
    } f_fsid;
    unsigned long f_namelen, f_frsize, f_flags;
};

int statfs(const char *path, struct statfs *space);
int fstatfs(int descriptor, struct statfs *space);

#endif
