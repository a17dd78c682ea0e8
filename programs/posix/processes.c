/* Processes: a program cannot fork, and starts no others by itself. */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static int unsupported(void)
{
    errno = ENOSYS;
    return -1;
}

pid_t fork(void)
{
    return unsupported();
}

pid_t vfork(void)
{
    return unsupported();
}

int execve(const char *path, char *const arguments[], char *const environment[])
{
    (void)path;
    (void)arguments;
    (void)environment;
    return unsupported();
}

int execv(const char *path, char *const arguments[])
{
    return execve(path, arguments, NULL);
}

int execvp(const char *name, char *const arguments[])
{
    return execve(name, arguments, NULL);
}

int pipe(int descriptors[2])
{
    (void)descriptors;
    return unsupported();
}

int system(const char *command)
{
    return command == NULL ? 0 : unsupported();
}

FILE *popen(const char *command, const char *mode)
{
    (void)command;
    (void)mode;
    (void)unsupported();
    return NULL;
}

int pclose(FILE *stream)
{
    (void)stream;
    return unsupported();
}

pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

pid_t waitpid(pid_t process, int *status, int options)
{
    (void)process;
    (void)status;
    (void)options;
    errno = ECHILD;
    return -1;
}

pid_t getppid(void)
{
    return 0;
}

/* A session and a group of its own, always. */

pid_t setsid(void)
{
    return getpid();
}

pid_t getsid(pid_t process)
{
    return process == 0 ? getpid() : process;
}

int setpgid(pid_t process, pid_t group)
{
    (void)process;
    (void)group;
    return 0;
}

pid_t getpgid(pid_t process)
{
    return process == 0 ? getpid() : process;
}

pid_t getpgrp(void)
{
    return getpid();
}

/* To itself, what `raise` does; others cannot be reached. */
int kill(pid_t process, int signal)
{
    if (process == getpid() || process == 0)
        return signal == 0 ? 0 : raise(signal);
    errno = ESRCH;
    return -1;
}
