/* Ends a program that takes too long. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { EXIT_TIMED_OUT = 124, EXIT_USAGE = 125, EXIT_NOT_FOUND = 127 };

static const char help[] =
    "usage: timeout TIME COMMAND [ARGUMENT...]\n"
    "Runs the command and ends it if it has not ended by itself in that time: seconds, or with m, "
    "h, d\n"
    "minutes, hours, days; 0: never. The status is the command's, or 124 if it was ended.\n";

/* Nanoseconds; false: it is no time. */
static bool take_time(const char *text, double *nanoseconds)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
    char *end;
    double number = strtod(text, &end);
    if (end == text || !(number >= 0))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].unit) != 0)
            continue;
        *nanoseconds = number * units[i].seconds * 1e9;
        return true;
    }
    return false;
}

int main(int count, char **arguments)
{
    struct timespec time;
    double nanoseconds;
    int status = 0;
    if (count == 2 && strcmp(arguments[1], "--help") == 0)
        return fputs(help, stdout) < 0;
    if (count < 3 || !take_time(arguments[1], &nanoseconds)) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    pid_t process = posix_start(arguments[2], arguments + 2, environ, (int[]){ 0, 1, 2 });
    if (process < 0) {
        fprintf(stderr, "timeout: %s: it is not found, or cannot be started\n", arguments[2]);
        return EXIT_NOT_FOUND;
    }
    clock_gettime(CLOCK_MONOTONIC, &time);
    double deadline = (double)time.tv_sec * 1e9 + (double)time.tv_nsec + nanoseconds;
    bool is_bounded = nanoseconds > 0 && deadline < 9e18;
    if (posix_wait_until(process, &status, is_bounded ? (int64_t)deadline : -1) == 0) {
        kill(process, SIGKILL);
        waitpid(process, &status, 0);
        return EXIT_TIMED_OUT;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
