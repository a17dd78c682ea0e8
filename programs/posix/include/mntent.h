/* The table of mounts (glibc): a program's directories are those it was given. */
#ifndef POSIX_MNTENT_H
#define POSIX_MNTENT_H

#include <stdio.h>

struct mntent {
    char *mnt_fsname, *mnt_dir, *mnt_type, *mnt_opts;
    int mnt_freq, mnt_passno;
};

FILE *setmntent(const char *path, const char *mode);
struct mntent *getmntent(FILE *stream);
int endmntent(FILE *stream);

#endif
