/* Files that grow: there is nobody who tells of it, so they are looked at. */
#include <stdbool.h>

#include <toys.h>

struct xnotify *xnotify_init(int max)
{
    struct xnotify *notify = xzalloc(sizeof(*notify));
    notify->max = max + 1; /* standard input is none of those that were told */
    notify->fds = xmalloc(notify->max * sizeof(*notify->fds));
    notify->paths = xmalloc(notify->max * sizeof(*notify->paths));
    return notify;
}

int xnotify_add(struct xnotify *notify, int descriptor, char *path)
{
    if (notify->count == notify->max)
        error_exit("there are more files than were told");
    notify->paths[notify->count] = path;
    notify->fds[notify->count++] = descriptor;
    return 0;
}

/* Whether there is more to read; a file that has become shorter is read anew. */
static bool has_more(int descriptor, bool *is_file)
{
    struct stat status;
    off_t at = lseek(descriptor, 0, SEEK_CUR);
    *is_file = *is_file || at >= 0;
    if (at < 0 || fstat(descriptor, &status) != 0)
        return false;
    if (status.st_size < at)
        lseek(descriptor, 0, SEEK_SET);
    return status.st_size != at && status.st_size != 0;
}

/* What cannot be sought in has been read to its end, and is over: as POSIX has it for pipes. */
int xnotify_wait(struct xnotify *notify, char **path)
{
    enum { PAUSE_MS = 100 };
    for (;;) {
        bool is_file = false;
        for (int i = 0; i < notify->count; i++)
            if (has_more(notify->fds[i], &is_file)) {
                *path = notify->paths[i];
                return notify->fds[i];
            }
        if (!is_file)
            xexit();
        xflush(1);
        msleep(PAUSE_MS);
    }
}
