/* Waiting for children (POSIX sys/wait.h): there are none. */
#ifndef POSIX_SYS_WAIT_H
#define POSIX_SYS_WAIT_H

#include <sys/types.h>

#define WNOHANG 1
#define WUNTRACED 2
#define WIFEXITED(status) (((status)&0x7f) == 0)
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WIFSIGNALED(status) (((status)&0x7f) != 0)
#define WTERMSIG(status) ((status)&0x7f)
#define WIFSTOPPED(status) 0
#define WSTOPSIG(status) 0

pid_t wait(int *status);
pid_t waitpid(pid_t process, int *status, int options);

#endif
