/* How toybox's tools start others: its own way is to fork, which is not to be had. */
#include <toys.h>

/* What cannot be started is a child that has failed, as it would be there. */
pid_t toybox_start(char **arguments, int input, int output)
{
    pid_t process = posix_start(*arguments, arguments, environ, (int[]){ input, output, 2 });
    if (process >= 0)
        return process;
    perror_msg("exec %s", *arguments);
    return posix_ended(errno == ENOENT ? 127 : 126);
}

/* `pipes`: where the program's input and output are from; -1: one end of a pipe, of which the other
 * is given in its place. */
pid_t xpopen_setup(char **arguments, int *pipes, void (*callback)(char **arguments))
{
    int input[2] = { 0, -1 }, output[2] = { -1, 1 };
    if (arguments == NULL)
        error_exit("this cannot be done by a part of this program in the background");
    if (pipes != NULL && ((pipes[0] == -1 && pipe(input)) || (pipes[1] == -1 && pipe(output))))
        perror_exit("pipe");
    if (pipes != NULL && pipes[0] != -1)
        input[0] = pipes[0];
    if (pipes != NULL && pipes[1] != -1)
        output[1] = pipes[1];
    pid_t process = toybox_start(arguments, input[0], output[1]);
    if (input[1] != -1) {
        close(input[0]);
        pipes[0] = input[1];
    }
    if (output[0] != -1) {
        close(output[1]);
        pipes[1] = output[0];
    }
    return process;
}

/* As theirs, but a program NAME may be the file NAME.wasm, and `sh` is the shell. */
struct string_list *find_in_path(char *paths, char *name)
{
    char *path = paths;
    static const char *const ends[] = { ".wasm", "" };
    struct string_list *list = 0, **last = &list;
    while (path != NULL) {
        size_t size = strcspn(path, ":");
        for (int i = 0; i < 2; i++) {
            struct stat status;
            char *file = xmprintf("%.*s/%s%s", (int)(size == 0 ? 1 : size), size == 0 ? "." : path, name,
                                  ends[i]);
            struct string_list *found = xmalloc(sizeof(*found) + strlen(file) + 1);
            strcpy(found->str, file);
            free(file);
            found->next = 0;
            if (stat(found->str, &status) != 0 || !S_ISREG(status.st_mode)) {
                free(found);
                continue;
            }
            *last = found;
            last = &found->next;
        }
        path = path[size] == ':' ? path + size + 1 : NULL;
    }
    if (list == 0 && strcmp(name, "sh") == 0)
        return find_in_path(paths, "shell");
    return list;
}
