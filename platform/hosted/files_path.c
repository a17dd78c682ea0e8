#include "platform/hosted/files_path.h"

#include "platform/hosted/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int path_copy(struct weft_bytes from, struct path *path)
{
    if (from.size == 0)
        return ENOENT;
    if (from.size >= sizeof(path->text))
        return ENAMETOOLONG;
    if (memchr(from.data, 0, from.size) != NULL)
        return EINVAL;
    memcpy(path->text, from.data, from.size);
    path->text[from.size] = '\0';
    return 0;
}

int path_open(int directory, const char *path, u64 flags, int *fd)
{
    struct open_how how = {
        .flags = flags | O_CLOEXEC,
        .mode = (flags & O_CREAT) != 0 ? 0666 : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };
    long result;
    u32 tries = 0;
    do {
        result = syscall(SYS_openat2, directory, path, &how, sizeof(how));
        tries++;
        /* EAGAIN: something was renamed while `..` was walked. */
    } while (result < 0 && (errno == EAGAIN || errno == EINTR) && tries < LIMIT_PATH_RETRIES);
    if (result < 0)
        return errno == EXDEV ? PATH_ESCAPES : errno;
    *fd = (int)result;
    return 0;
}

/* `..` as a last component is what it names that counts: is that still below? */
static int check_dots(int directory, const char *path, const char *last)
{
    int fd;
    if (strncmp(last, "..", 2) != 0 || (last[2] != '\0' && last[2] != '/'))
        return 0;
    int failure = path_open(directory, path, O_PATH, &fd);
    if (failure == 0)
        close(fd);
    return failure;
}

int path_end_open(int directory, struct path *path, struct path_end *end)
{
    char *text = path->text;
    if (text[0] == '/')
        return PATH_ESCAPES;
    char *last = text + strlen(text);
    while (last > text && last[-1] == '/')
        last--;
    while (last > text && last[-1] != '/')
        last--;
    int failure = check_dots(directory, text, last);
    if (failure != 0)
        return failure;
    *end = (struct path_end){ .directory = directory, .last = last };
    if (last == text)
        return 0;
    last[-1] = '\0';
    failure = path_open(directory, text, O_PATH | O_DIRECTORY, &end->directory);
    end->owned = failure == 0;
    return failure;
}

void path_end_close(const struct path_end *end)
{
    if (end->owned)
        close(end->directory);
}
