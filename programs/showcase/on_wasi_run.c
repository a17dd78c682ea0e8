/* Starting programs is not WASI's: programs/posix has it. */
#include "programs/showcase/showcase.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int run(const char *line)
{
    enum { WORDS_MAX = 128 };
    static const int streams[] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
    char *words[WORDS_MAX + 1] = { NULL }, *copy = strdup(line);
    int count = 0, status = 0;
    for (char *word = strtok(copy, " "); word != NULL && count < WORDS_MAX; word = strtok(NULL, " "))
        words[count++] = word;
    pid_t process = count == 0 ? -1 : posix_start(words[0], words, environ, streams);
    free(copy);
    if (process < 0 || waitpid(process, &status, 0) < 0)
        return RUN_NOT_FOUND;
    return WIFEXITED(status) ? 0 : RUN_BROKEN;
}
