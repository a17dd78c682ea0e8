/* What POSIX has for starting programs besides: becoming one, pipes, commands of the shell. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interface/pipe_program.h"
#include "lib/client.h"

/* Weft's own addition to WASI (programs/library/wasi/wasi.h). */
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_adopt")))
extern int wasi_fd_adopt(int slot, int *descriptor);

extern char **environ;

static const int own_streams[3] = { 0, 1, 2 };

int execve(const char *path, char *const arguments[], char *const environment[])
{
    int status = 0;
    pid_t process = posix_start(path, arguments, environment, own_streams);
    if (process < 0)
        return -1;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int execv(const char *path, char *const arguments[])
{
    return execve(path, arguments, environ);
}

int execvp(const char *name, char *const arguments[])
{
    return execve(name, arguments, environ);
}

int pipe(int descriptors[2])
{
    struct pipe_end_end_tuple_error_result result = { .failed = true };
    uint8_t buffer[64];
    struct weft_client client = { .slot = pipe_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    if (pipe_create(&client, 0, &result) != WEFT_OK || result.failed) {
        errno = EMFILE;
        return -1;
    }
    errno = wasi_fd_adopt(result.value.f0, &descriptors[0]);
    if (errno == 0)
        errno = wasi_fd_adopt(result.value.f1, &descriptors[1]);
    return errno == 0 ? 0 : -1;
}

static pid_t start_shell(const char *command, const int streams[3])
{
    char *arguments[] = { "sh", "-c", (char *)(uintptr_t)command, NULL };
    return posix_start(arguments[0], arguments, environ, streams);
}

int system(const char *command)
{
    int status = 0;
    if (command == NULL)
        return 1;
    pid_t process = start_shell(command, own_streams);
    if (process < 0)
        return 127 << 8;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static struct {
    FILE *stream;
    pid_t process;
} opened[16];

FILE *popen(const char *command, const char *mode)
{
    int ends[2], streams[3] = { 0, 1, 2 };
    bool reads = mode[0] == 'r';
    size_t place = 0;
    while (place < sizeof(opened) / sizeof(opened[0]) && opened[place].stream != NULL)
        place++;
    errno = EMFILE;
    if (place == sizeof(opened) / sizeof(opened[0]) || pipe(ends) != 0)
        return NULL;
    streams[reads ? 1 : 0] = ends[reads ? 1 : 0];
    opened[place].process = start_shell(command, streams);
    close(ends[reads ? 1 : 0]);
    if (opened[place].process >= 0)
        opened[place].stream = fdopen(ends[reads ? 0 : 1], mode);
    if (opened[place].stream == NULL)
        close(ends[reads ? 0 : 1]);
    return opened[place].stream;
}

int pclose(FILE *stream)
{
    int status = -1;
    for (size_t i = 0; i < sizeof(opened) / sizeof(opened[0]); i++) {
        if (opened[i].stream != stream)
            continue;
        fclose(stream);
        opened[i].stream = NULL;
        while (waitpid(opened[i].process, &status, 0) < 0 && errno == EINTR)
            ;
        return status;
    }
    errno = EBADF;
    return status;
}
