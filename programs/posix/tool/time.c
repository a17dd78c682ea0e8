/* How long a program takes. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const char help[] = "usage: time COMMAND [ARGUMENT...]\n"
                           "Runs the command and says how long that took, in seconds, on standard\n"
                           "error. The status is the command's.\n";

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
    int status = 0;
    if (count < 2 || strcmp(arguments[1], "--help") == 0) {
        fputs(help, count < 2 ? stderr : stdout);
        return count < 2 ? 2 : 0;
    }
    double begun = now();
    pid_t process = posix_start(arguments[1], arguments + 1, environ, (int[]){ 0, 1, 2 });
    if (process < 0) {
        fprintf(stderr, "time: %s: it is not found, or cannot be started\n", arguments[1]);
        return 127;
    }
    waitpid(process, &status, 0);
    fprintf(stderr, "real %.3f\n", now() - begun);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
