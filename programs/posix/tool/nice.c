/* Runs a program with another share of the CPU than usual: in a silo of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "interface/system_program.h"
#include "lib/client.h"

extern char **environ;

enum { USUAL = 10, MOST = 19, LEAST = -20, EXIT_USAGE = 125, EXIT_NOT_FOUND = 127 };

static const char help[] = "usage: nice [-n NUMBER] COMMAND [ARGUMENT...]\n"
                           "Runs the command in a silo with a share of the CPU that is less by a "
                           "fifth for each step of the\n"
                           "number, 10 if none is given, 19 at most; or more, down to -20, against "
                           "what else is in the silo\n"
                           "of who runs this. The status is the command's.\n";

/* 100 is a silo's usual weight. */
static uint32_t weight_of(long number)
{
    double weight = 100;
    for (; number > 0; number--)
        weight /= 1.25;
    for (; number < 0; number++)
        weight *= 1.25;
    return weight < 1 ? 1 : (uint32_t)weight;
}

static int create_silo(long number, uint64_t *silo)
{
    uint8_t buffer[256];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_u64_error_result result;
    struct system_limits limits = { .weight = weight_of(number) };
    if (system_create_silo(&client, 0, WEFT_BYTES("nice"), limits, &result) != WEFT_OK ||
        result.failed)
        return -1;
    *silo = result.value;
    return 0;
}

static int run(char **arguments)
{
    int status = 0;
    pid_t process = posix_start(arguments[0], arguments, environ, (int[]){ 0, 1, 2 });
    if (process < 0) {
        fprintf(stderr, "nice: %s: it is not found, or cannot be started\n", arguments[0]);
        return EXIT_NOT_FOUND;
    }
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **arguments)
{
    long number = USUAL;
    int at = 1;
    uint64_t silo;
    char *end = "";
    if (count == 2 && strcmp(arguments[1], "--help") == 0)
        return fputs(help, stdout) < 0;
    if (count > 2 && strcmp(arguments[1], "-n") == 0) {
        number = strtol(arguments[2], &end, 10);
        at = 3;
    }
    if (count <= at || *end != '\0' || number > MOST || number < LEAST) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    if (create_silo(number, &silo) != 0) {
        fputs("nice: there can be no silo for it\n", stderr);
        return EXIT_USAGE;
    }
    posix_set_silo(silo);
    return run(arguments + at);
}
