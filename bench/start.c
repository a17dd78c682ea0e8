/* What running a small program costs: wall time and peak memory of whole processes.
 *
 * usage: start NAME COMMAND [ARGUMENTS...]
 *
 * Runs the command a hundred times with its output thrown away and prints one line. It is a program
 * of its own because a child's peak begins with what its parent had. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPEATS = 100 };

static double milliseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void be_command(char **command)
{
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
        _exit(126);
    execv(command[0], command);
    perror(command[0]);
    _exit(127);
}

/* Milliseconds of one run; raises the peak. */
static double run(char **command, long *peak_kilobytes)
{
    double begun = milliseconds_now();
    pid_t child = fork();
    if (child == 0)
        be_command(command);
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "start: %s did not end well\n", command[0]);
        exit(1);
    }
    if (usage.ru_maxrss > *peak_kilobytes)
        *peak_kilobytes = usage.ru_maxrss;
    return milliseconds_now() - begun;
}

static int compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments)
{
    if (count < 3) {
        fprintf(stderr, "usage: start NAME COMMAND [ARGUMENTS...]\n");
        return 2;
    }
    double times[REPEATS];
    long peak_kilobytes = 0;
    for (int i = 0; i < REPEATS; i++)
        times[i] = run(arguments + 2, &peak_kilobytes);
    qsort(times, REPEATS, sizeof(times[0]), compare);
    printf("%-28s median %6.2f ms   slowest %6.2f ms   peak %5.1f MB\n", arguments[1],
           times[REPEATS / 2], times[REPEATS - 1], (double)peak_kilobytes / 1024);
    return 0;
}
