/* Files: rights and owners, which Weft does not have, temporary files, the current directory. */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

static int unsupported(void)
{
    errno = ENOSYS;
    return -1;
}

/* ---- Opening: rights of new files are nobody's business (see below) ---- */

#undef open
#undef openat

static int with_access(int flags)
{
    return (flags & O_ACCMODE) == 0 ? flags | O_RDONLY : flags;
}

/* Where open directories are, so that one can change to them. */
enum { KNOWN_MAX = 256 };
static char *known[KNOWN_MAX];

/* `above` may be NULL, for the current directory. */
static int note_directory(int descriptor, const char *above, const char *path)
{
    __wasi_fdstat_t status;
    char here[4096];
    if (descriptor < 0 || descriptor >= KNOWN_MAX)
        return descriptor;
    free(known[descriptor]);
    known[descriptor] = NULL;
    if (__wasi_fd_fdstat_get(descriptor, &status) != 0 ||
        status.fs_filetype != __WASI_FILETYPE_DIRECTORY)
        return descriptor;
    if (above == NULL)
        above = getcwd(here, sizeof(here));
    if (path[0] == '/')
        known[descriptor] = strdup(path);
    else if (above != NULL && asprintf(&known[descriptor], "%s/%s", above, path) < 0)
        known[descriptor] = NULL;
    return descriptor;
}

int posix_open(const char *path, int flags, ...)
{
    return note_directory(open(path, with_access(flags)), NULL, path);
}

int posix_openat(int directory, const char *path, int flags, ...)
{
    int opened = openat(directory, path, with_access(flags));
    if (directory == AT_FDCWD)
        return note_directory(opened, NULL, path);
    const char *above = directory >= 0 && directory < KNOWN_MAX ? known[directory] : NULL;
    return above == NULL ? opened : note_directory(opened, above, path);
}

int fchdir(int descriptor)
{
    if (descriptor >= 0 && descriptor < KNOWN_MAX && known[descriptor] != NULL)
        return chdir(known[descriptor]);
    errno = ENOTDIR;
    return -1;
}

/* ---- Status ---- */

#undef stat
#undef lstat
#undef fstat
#undef fstatat

static int fill_status(int result, struct stat *status)
{
    enum { BLOCK_BYTES = 512 };
    if (result != 0)
        return result;
    status->st_mode |= S_ISDIR(status->st_mode) ? 0775 : S_ISLNK(status->st_mode) ? 0777 : 0664;
    status->st_uid = POSIX_USER;
    status->st_gid = POSIX_USER;
    status->st_blksize = 4096;
    status->st_blocks = (status->st_size + BLOCK_BYTES - 1) / BLOCK_BYTES;
    return 0;
}

int posix_stat(const char *path, struct stat *status)
{
    return fill_status(stat(path, status), status);
}

int posix_lstat(const char *path, struct stat *status)
{
    return fill_status(lstat(path, status), status);
}

int posix_fstat(int descriptor, struct stat *status)
{
    return fill_status(fstat(descriptor, status), status);
}

int posix_fstatat(int directory, const char *path, struct stat *status, int flags)
{
    if (path[0] == '\0') {
        errno = ENOENT;
        return -1;
    }
    if (directory != AT_FDCWD && strcmp(path, "..") == 0)
        path = ".";
    return fill_status(fstatat(directory, path, status, flags), status);
}

/* ---- Times ---- */

#undef utimensat
#undef futimens

/* What the second time stands for, as the C library understands it. */
static void say_modified(const struct timespec given[2], const struct timespec *as_it_is,
                         struct timespec times[2])
{
    times[0] = given[0];
    times[1] = given[1];
    if (given[1].tv_nsec == UTIME_NOW)
        clock_gettime(CLOCK_REALTIME, &times[1]);
    else if (given[1].tv_nsec == UTIME_OMIT)
        times[1] = *as_it_is;
}

int posix_utimensat(int directory, const char *path, const struct timespec given[2], int flags)
{
    struct timespec times[2];
    struct stat status;
    if (given == NULL)
        return utimensat(directory, path, given, flags);
    if (fstatat(directory, path, &status, flags) != 0)
        return -1;
    say_modified(given, &status.st_mtim, times);
    return utimensat(directory, path, times, flags);
}

int posix_futimens(int descriptor, const struct timespec given[2])
{
    struct timespec times[2];
    struct stat status;
    if (given == NULL)
        return futimens(descriptor, given);
    if (fstat(descriptor, &status) != 0)
        return -1;
    say_modified(given, &status.st_mtim, times);
    return futimens(descriptor, times);
}

/* ---- Rights and owners ---- */

enum { ALL_MODES = 07777 };

mode_t umask(mode_t mask)
{
    static mode_t now = 002;
    mode_t before = now;
    now = mask & 0777;
    return before;
}

/* Whoever has a slot to a file may do with it what the slot allows, so there is nothing to set: the rights
 * that are shown are the only ones that one can have set. */
static int take_mode(const struct stat *status, mode_t mode)
{
    if ((status->st_mode & ALL_MODES) == (mode & ALL_MODES))
        return 0;
    errno = ENOTSUP;
    return -1;
}

int fchmodat(int directory, const char *path, mode_t mode, int flags)
{
    struct stat status;
    int result = posix_fstatat(directory, path, &status, flags);
    return result == 0 ? take_mode(&status, mode) : result;
}

int chmod(const char *path, mode_t mode)
{
    return fchmodat(AT_FDCWD, path, mode, 0);
}

int fchmod(int descriptor, mode_t mode)
{
    struct stat status;
    int result = posix_fstat(descriptor, &status);
    return result == 0 ? take_mode(&status, mode) : result;
}

/* All belongs to the only user. */
static int give_to(uid_t user, gid_t group)
{
    if ((user == POSIX_USER || user == (uid_t)-1) && (group == POSIX_USER || group == (gid_t)-1))
        return 0;
    errno = EPERM;
    return -1;
}

int fchownat(int directory, const char *path, uid_t user, gid_t group, int flags)
{
    struct stat status;
    return fstatat(directory, path, &status, flags) == 0 ? give_to(user, group) : -1;
}

int chown(const char *path, uid_t user, gid_t group)
{
    return fchownat(AT_FDCWD, path, user, group, 0);
}

int lchown(const char *path, uid_t user, gid_t group)
{
    return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

int fchown(int descriptor, uid_t user, gid_t group)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 ? give_to(user, group) : -1;
}

/* ---- Nodes ---- */

int mknod(const char *path, mode_t mode, dev_t device)
{
    (void)path;
    (void)mode;
    (void)device;
    return unsupported();
}

int mknodat(int directory, const char *path, mode_t mode, dev_t device)
{
    (void)directory;
    return mknod(path, mode, device);
}

int mkfifo(const char *path, mode_t mode)
{
    return mknod(path, mode, 0);
}

/* ---- Temporary ones: the name ends with three X or more ---- */

enum { TRIES = 100, MARKS_MIN = 3, MARKS_MAX = 64 };

static size_t count_marks(const char *path)
{
    size_t size = strlen(path), count = 0;
    while (count < size && count < MARKS_MAX && path[size - 1 - count] == 'X')
        count++;
    return count;
}

static bool fill_in(char *path, size_t marks)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char random[MARKS_MAX];
    char *first = path + strlen(path) - marks;
    if (marks < MARKS_MIN || __wasi_random_get(random, marks) != 0) {
        errno = EINVAL;
        return false;
    }
    for (size_t i = 0; i < marks; i++)
        first[i] = letters[random[i] % (sizeof(letters) - 1)];
    return true;
}

int mkstemp(char *path)
{
    size_t marks = count_marks(path);
    for (int i = 0; i < TRIES && fill_in(path, marks); i++) {
        int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

char *mkdtemp(char *path)
{
    size_t marks = count_marks(path);
    for (int i = 0; i < TRIES && fill_in(path, marks); i++) {
        if (mkdir(path, 0700) == 0)
            return path;
        if (errno != EEXIST)
            return NULL;
    }
    return NULL;
}

/* ---- Descriptors ---- */

/* Weft's own addition to WASI (programs/library/wasi/wasi.h). */
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_copy"))) extern int
wasi_fd_copy(int descriptor, int *copy);

int dup(int descriptor)
{
    int copy;
    int error = wasi_fd_copy(descriptor, &copy);
    if (error == 0)
        return copy;
    errno = error;
    return -1;
}

int dup2(int from, int to)
{
    __wasi_errno_t error = from == to ? 0 : __wasi_fd_renumber(from, to);
    if (error == 0)
        return to;
    errno = error;
    return -1;
}

int chroot(const char *path)
{
    (void)path;
    return unsupported();
}

void sync(void)
{
} /* what is written has been handed on already */

/* ---- File systems ---- */

FILE *setmntent(const char *path, const char *mode)
{
    (void)path;
    (void)mode;
    (void)unsupported();
    return NULL;
}

struct mntent *getmntent(FILE *stream)
{
    (void)stream;
    return NULL;
}

int endmntent(FILE *stream)
{
    (void)stream;
    return 1;
}

/* ---- Watching, and attributes ---- */

int inotify_init(void)
{
    return unsupported();
}

int inotify_add_watch(int descriptor, const char *path, unsigned mask)
{
    (void)descriptor;
    (void)path;
    (void)mask;
    return unsupported();
}

static int no_attributes(void)
{
    errno = ENOTSUP;
    return -1;
}

ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
    (void)path;
    (void)name;
    (void)value;
    (void)size;
    return no_attributes();
}

ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)
{
    return getxattr(path, name, value, size);
}

ssize_t fgetxattr(int descriptor, const char *name, void *value, size_t size)
{
    (void)descriptor;
    return getxattr("", name, value, size);
}

ssize_t listxattr(const char *path, char *names, size_t size)
{
    (void)path;
    (void)names;
    (void)size;
    return no_attributes();
}

ssize_t llistxattr(const char *path, char *names, size_t size)
{
    return listxattr(path, names, size);
}

ssize_t flistxattr(int descriptor, char *names, size_t size)
{
    (void)descriptor;
    return listxattr("", names, size);
}

int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
    (void)path;
    (void)name;
    (void)value;
    (void)size;
    (void)flags;
    return no_attributes();
}

int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
    return setxattr(path, name, value, size, flags);
}

int fsetxattr(int descriptor, const char *name, const void *value, size_t size, int flags)
{
    (void)descriptor;
    return setxattr("", name, value, size, flags);
}
