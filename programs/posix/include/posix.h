/* What POSIX has and WASI's C library has not, included before each file of programs that were
 * written for Unix. The functions are beside this folder: those that Weft has an answer to do
 * what POSIX says (terminals, the current directory, temporary files), the others fail with ENOSYS
 * or another errno that is true. */
#ifndef POSIX_POSIX_H
#define POSIX_POSIX_H

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

struct timeval;

/* ---- Processes: there is no fork ---- */

/* In place of it: starts a program, found in PATH unless the name has a slash, as NAME.wasm or NAME,
 * with these descriptors as its standard streams; POSIX_NOTHING: one at its end. -1 and errno if it
 * cannot be started. */
enum { POSIX_NOTHING = -1 };
pid_t posix_start(const char *file, char *const arguments[], char *const environment[],
                  const int streams[3]);
/* From now on in this silo, below that of this program. */
void posix_set_silo(uint64_t silo);
/* As `waitpid`, until the monotonic clock has come so far, in nanoseconds: 0 then; -1: for ever. */
pid_t posix_wait_until(pid_t process, int *status, int64_t deadline);
/* A child that has ended with this status already. */
pid_t posix_ended(int exit_status);

pid_t fork(void);
pid_t vfork(void);
int execve(const char *path, char *const arguments[], char *const environment[]);
int execv(const char *path, char *const arguments[]);
int execvp(const char *name, char *const arguments[]);
int pipe(int descriptors[2]);
pid_t getppid(void);
pid_t setsid(void);
pid_t getsid(pid_t process);
int setpgid(pid_t process, pid_t group);
pid_t getpgid(pid_t process);
pid_t getpgrp(void);
int kill(pid_t process, int signal);
int system(const char *command);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *stream);

/* ---- Users: one, and a group with the same id ---- */

#define POSIX_USER 1000

uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t user);
int setgid(gid_t group);
int setreuid(uid_t real, uid_t effective);
int setregid(gid_t real, gid_t effective);
int setresuid(uid_t real, uid_t effective, uid_t saved);
int setresgid(gid_t real, gid_t effective, gid_t saved);
int getgroups(int count, gid_t *groups);
int setgroups(size_t count, const gid_t *groups);
int initgroups(const char *user, gid_t group);
/* Errors in words. */
#define strerror posix_strerror
char *posix_strerror(int error);

int getgrouplist(const char *user, gid_t own, gid_t *groups, int *count);

/* ---- Files ---- */

mode_t umask(mode_t mask);
int chmod(const char *path, mode_t mode);
int fchmod(int descriptor, mode_t mode);
int fchmodat(int directory, const char *path, mode_t mode, int flags);
int chown(const char *path, uid_t user, gid_t group);
int lchown(const char *path, uid_t user, gid_t group);
int fchown(int descriptor, uid_t user, gid_t group);
int fchownat(int directory, const char *path, uid_t user, gid_t group, int flags);
int mknod(const char *path, mode_t mode, dev_t device);
int mknodat(int directory, const char *path, mode_t mode, dev_t device);
int mkfifo(const char *path, mode_t mode);
int mkstemp(char *path);
char *mkdtemp(char *path);
int fchdir(int descriptor);
int chroot(const char *path);
void sync(void);
int dup(int descriptor); /* with an offset of its own */
/* Moves: `from` is closed afterwards, since WASI has no other way. */
int dup2(int from, int to);
char *ttyname(int descriptor);
#define ioctl posix_ioctl
int posix_ioctl(int descriptor, int request, ...);

/* With Linux' numbers, reading only is no flag at all; with WASI's it is one. */
int posix_open(const char *path, int flags, ...);
int posix_openat(int directory, const char *path, int flags, ...);
#define open posix_open
#define openat posix_openat
/* WASI tells neither rights nor blocks: rights are the usual ones, blocks follow from the size. A
 * directory that is held is a root: above it is itself. */
int posix_stat(const char *path, struct stat *status);
int posix_lstat(const char *path, struct stat *status);
int posix_fstat(int descriptor, struct stat *status);
int posix_fstatat(int directory, const char *path, struct stat *status, int flags);
#define stat(path, status) posix_stat(path, status)
#define lstat posix_lstat
#define fstat posix_fstat
#define fstatat posix_fstatat
/* The C library takes "now" and "as it is" for the second time as numbers. */
int posix_utimensat(int directory, const char *path, const struct timespec times[2], int flags);
int posix_futimens(int descriptor, const struct timespec times[2]);
#define utimensat posix_utimensat
#define futimens posix_futimens


#define F_DUPFD 0
#define F_DUPFD_CLOEXEC 1030
#define O_NOATIME 0
#define O_PATH 0
#define ENODATA 61
#define ENOATTR 61

/* As `read`, for programs that draw on the whole screen: when a terminal has another size, SIGWINCH is
 * raised and EINTR told. It takes the right to use the terminal, so reading does not do so in general. */
ssize_t posix_read_key(int descriptor, void *buffer, size_t size);
/* Whether there is a key to read, as far as is known: the first time it is only asked. */
int posix_key_waits(int descriptor);
/* Opens the terminal by its path or, where there is no such file, as the system's own. */
int posix_open_keys(const char *path);

/* ---- Signals: a process gets none; what it arranges for them is remembered ---- */

typedef struct {
    int si_signo, si_code, si_errno, si_status;
    pid_t si_pid;
    uid_t si_uid;
    void *si_addr;
} siginfo_t;

struct sigaction {
    union {
        void (*sa_handler)(int);
        void (*sa_sigaction)(int, siginfo_t *, void *);
    };
    sigset_t sa_mask;
    int sa_flags;
};

#define SA_NOCLDSTOP 1
#define SA_SIGINFO 4
#define SA_RESTART 0x10000000
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

int sigaction(int signal, const struct sigaction *new_action, struct sigaction *old_action);
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int signal);
int sigdelset(sigset_t *set, int signal);
int sigprocmask(int how, const sigset_t *set, sigset_t *old_set);
int sigsuspend(const sigset_t *set);
unsigned alarm(unsigned seconds);
int pause(void);

/* ---- Time, and what else ---- */

void tzset(void);
int settimeofday(const struct timeval *time, const void *zone);
void *memmem(const void *haystack, size_t haystack_size, const void *needle, size_t needle_size);
int getpagesize(void);
long posix_sysconf(int name);
#define sysconf posix_sysconf
int gethostname(char *name, size_t size);
int sethostname(const char *name, size_t size);

struct inotify_event {
    int wd;
    unsigned mask, cookie, len;
    char name[];
};
#define IN_MODIFY 2
int inotify_init(void);
int inotify_add_watch(int descriptor, const char *path, unsigned mask);

/* Sockets that a program opens itself are WASI's no more than POSIX's others. */
int socket(int domain, int type, int protocol);
int bind(int descriptor, const void *address, unsigned size);
int connect(int descriptor, const void *address, unsigned size);
int listen(int descriptor, int backlog);
int setsockopt(int descriptor, int level, int name, const void *value, unsigned size);
ssize_t sendto(int descriptor, const void *bytes, size_t size, int flags, const void *address,
               unsigned address_size);
ssize_t recvfrom(int descriptor, void *bytes, size_t size, int flags, void *address,
                 unsigned *address_size);
#define SO_REUSEADDR 2
#define SO_BROADCAST 6

#endif
