/* What SQLite takes from Unix and WASI does not have: included before each of its two files.
 * WASI has no users and no file locks; SQLite is told so by its file system `unix-none`, and what
 * is here only has to compile and to say no. Nothing else in this tree may include it. */
#ifndef SQLITE_UNIX_H
#define SQLITE_UNIX_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/types.h>

enum { F_RDLCK, F_WRLCK, F_UNLCK, F_GETLK, F_SETLK };

struct passwd {
    char *pw_dir;
};

static inline int fchmod(int descriptor, mode_t mode)
{
    (void)descriptor;
    (void)mode;
    return 0;
}

static inline int chmod(const char *path, mode_t mode)
{
    (void)path;
    (void)mode;
    return 0;
}

static inline int fchown(int descriptor, uid_t user, gid_t group)
{
    (void)descriptor;
    (void)user;
    (void)group;
    return 0;
}

static inline uid_t getuid(void)
{
    return 0;
}

/* Not 0: the owner of files then never has to be kept as it was. */
static inline uid_t geteuid(void)
{
    return 1;
}

static inline struct passwd *getpwuid(uid_t user)
{
    (void)user;
    return NULL;
}

#endif
