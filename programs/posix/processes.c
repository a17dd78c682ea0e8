/* Processes: a program cannot fork; what starts others is in spawn.c. */
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
