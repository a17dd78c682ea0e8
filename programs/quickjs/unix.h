/* What QuickJS's library takes from Unix and WASI does not have: included before each of its
 * files. Each answers as a system does on which the call cannot succeed; locks of the one thread
 * there is are free. Nothing else in this tree may include it. */
#ifndef QUICKJS_UNIX_H
#define QUICKJS_UNIX_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

static inline int unix_absent(void)
{
    errno = ENOSYS;
    return -1;
}

/* Memory is then counted by the sizes asked for. */
#define malloc_usable_size(pointer) ((void)(pointer), (size_t)0)

/* Paths of WASI have no other name that could be found out. */
static inline char *unix_realpath(const char *path, char *resolved)
{
    if (!resolved)
        return strdup(path);
    return strlen(path) < 4096 ? strcpy(resolved, path) : NULL;
}
#define realpath(path, resolved) unix_realpath((path), (resolved))

/* Processes, pipes, descriptors made from others */
#define pipe(descriptors) ((void)(descriptors), unix_absent())
#define dup(descriptor) ((void)(descriptor), unix_absent())
#define dup2(from, to) ((void)(from), (void)(to), unix_absent())
#define fork() unix_absent()
#define execve(path, arguments, environment)                                                       \
    ((void)(path), (void)(arguments), (void)(environment), unix_absent())
#define waitpid(process, status, options)                                                          \
    ((void)(process), (void)(status), (void)(options), unix_absent())
#define kill(process, signal) ((void)(process), (void)(signal), unix_absent())
#define setuid(user) ((void)(user), unix_absent())
#define setgid(group) ((void)(group), unix_absent())
#define popen(command, mode) ((void)(command), (void)(mode), unix_absent(), (FILE *)NULL)
#define tmpfile() (unix_absent(), (FILE *)NULL)
#define pclose(file) fclose(file)
#define WIFEXITED(status) 1
#define WEXITSTATUS(status) (status)
#define WIFSIGNALED(status) 0
#define WTERMSIG(status) 0
enum { WNOHANG = 1 };

/* Loaded code */
enum { RTLD_NOW, RTLD_LOCAL };
#define dlopen(path, flags) ((void)(path), unix_absent(), (void *)NULL)
#define dlsym(library, name) ((void)(library), (void)(name), (void *)NULL)
#define dlclose(library) ((void)(library), unix_absent())

/* Terminals */
struct winsize {
    unsigned short ws_row, ws_col;
};
struct termios {
    unsigned c_iflag, c_oflag, c_cflag, c_lflag;
    unsigned char c_cc[2];
};
enum {
    TIOCGWINSZ = 0x5413,
    TCSANOW = 0,
    VMIN = 0,
    VTIME = 1,
    IGNBRK = 1 << 0,
    BRKINT = 1 << 1,
    PARMRK = 1 << 2,
    ISTRIP = 1 << 3,
    INLCR = 1 << 4,
    IGNCR = 1 << 5,
    ICRNL = 1 << 6,
    IXON = 1 << 7,
    OPOST = 1 << 0,
    ECHO = 1 << 0,
    ECHONL = 1 << 1,
    ICANON = 1 << 2,
    IEXTEN = 1 << 3,
    CSIZE = 3,
    CS8 = 3,
    PARENB = 1 << 2,
};
#define tcgetattr(descriptor, state) (memset((state), 0, sizeof(*(state))), unix_absent())
#define tcsetattr(descriptor, when, state) ((void)(state), unix_absent())

/* Threads: there is one. It may wait with a deadline; without one it would wait for ever. */
#define pthread_t int
#define pthread_attr_t int
#define pthread_mutex_t int
#define pthread_cond_t int
#define PTHREAD_MUTEX_INITIALIZER 0
enum { PTHREAD_CREATE_DETACHED = 1 };
#define pthread_mutex_init(mutex, attributes) ((void)(mutex), 0)
#define pthread_mutex_destroy(mutex) ((void)(mutex), 0)
#define pthread_mutex_lock(mutex) ((void)(mutex), 0)
#define pthread_mutex_unlock(mutex) ((void)(mutex), 0)
#define pthread_attr_init(attributes) ((void)(attributes), 0)
#define pthread_attr_destroy(attributes) ((void)(attributes), 0)
#define pthread_attr_setdetachstate(attributes, state) ((void)(attributes), 0)
#define pthread_create(thread, attributes, start, argument)                                        \
    ((void)(thread), (void)(start), (void)(argument), ENOSYS)
#define pthread_cond_init(condition, attributes) ((void)(condition), 0)
#define pthread_cond_destroy(condition) ((void)(condition), 0)
#define pthread_cond_signal(condition) ((void)(condition), 0)

static inline int pthread_cond_timedwait(int *condition, int *mutex,
                                         const struct timespec *deadline)
{
    (void)condition;
    (void)mutex;
    while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, deadline, NULL) == EINTR)
        ;
    return ETIMEDOUT;
}

static inline int pthread_cond_wait(int *condition, int *mutex)
{
    (void)condition;
    (void)mutex;
    fputs("Atomics.wait: no other thread could ever wake this one\n", stderr);
    exit(1);
}

#endif
