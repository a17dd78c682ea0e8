/* Changing what is below a directory. Every last component is given to the host together with its
 * own directory, so no link in it is followed; what must follow links is opened first. */
#include "platform/hosted/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int check_directory(const struct node *node)
{
    if (node->file->kind != FILES_NODE_KIND_DIRECTORY)
        return ENOTDIR;
    return node->may_change ? 0 : EROFS;
}

/* The end of `from` below the node, for a change there. `path` must live as long as `end`. */
static int open_end(const struct node *node, struct weft_bytes from, struct path *path,
                    struct path_end *end)
{
    int failure = check_directory(node);
    if (failure == 0)
        failure = path_copy(from, path);
    if (failure == 0)
        failure = path_end_open(node->file->fd, path, end);
    return failure;
}

static int close_end(const struct path_end *end, int result)
{
    int failure = result == 0 ? 0 : errno;
    path_end_close(end);
    return failure;
}

static int create_directory(const struct node *node, struct weft_bytes at)
{
    struct path path;
    struct path_end end;
    int failure = open_end(node, at, &path, &end);
    return failure != 0 ? failure : close_end(&end, mkdirat(end.directory, end.last, 0777));
}

static int remove_name(const struct node *node, struct weft_bytes at, int flags)
{
    struct path path;
    struct path_end end;
    int failure = open_end(node, at, &path, &end);
    return failure != 0 ? failure : close_end(&end, unlinkat(end.directory, end.last, flags));
}

/* A relative target is held below by whoever follows it here; an absolute one could only serve
 * to mislead others outside. */
static int create_symlink(const struct node *node, struct weft_bytes to, struct weft_bytes at)
{
    struct path target;
    struct path path;
    struct path_end end;
    int failure = path_copy(to, &target);
    if (failure == 0 && target.text[0] == '/')
        failure = EPERM;
    if (failure == 0)
        failure = open_end(node, at, &path, &end);
    if (failure != 0)
        return failure;
    return close_end(&end, symlinkat(target.text, end.directory, end.last));
}

/* What a `borrow<node>` argument leads to, held; NULL: not one of our nodes. */
static struct node *hold_borrowed(i32 slot)
{
    u64 badge = 0;
    bool ours = native_slot_badge(files_handler.native, slot, &badge);
    return ours ? (struct node *)handler_hold(&files_handler, badge) : NULL;
}

static int rename_between(const struct node *from, struct weft_bytes from_path,
                          const struct node *to, struct weft_bytes to_path)
{
    struct path paths[2];
    struct path_end ends[2];
    int failure = open_end(from, from_path, &paths[0], &ends[0]);
    if (failure != 0)
        return failure;
    failure = open_end(to, to_path, &paths[1], &ends[1]);
    if (failure == 0)
        failure = close_end(
            &ends[1], renameat(ends[0].directory, ends[0].last, ends[1].directory, ends[1].last));
    path_end_close(&ends[0]);
    return failure;
}

/* The file is opened first, so that whatever `from_path` follows stays below; then named by its
 * descriptor. */
static int link_between(const struct node *from, int file, const struct node *to,
                        struct weft_bytes to_path)
{
    struct path path;
    struct path_end end;
    struct stat status;
    char name[32];
    int failure = check_directory(from);
    if (failure == 0)
        failure = open_end(to, to_path, &path, &end);
    if (failure != 0)
        return failure;
    if (fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EPERM;
        return close_end(&end, -1);
    }
    snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
    return close_end(&end, linkat(AT_FDCWD, name, end.directory, end.last, AT_SYMLINK_FOLLOW));
}

static int open_to_link(const struct node *from, struct weft_bytes at, bool follow, int *file)
{
    struct path path;
    int failure = from->file->kind == FILES_NODE_KIND_DIRECTORY ? path_copy(at, &path) : ENOTDIR;
    u64 flags = O_PATH | (follow ? 0 : O_NOFOLLOW);
    return failure != 0 ? failure : path_open(from->file->fd, path.text, flags, file);
}

/* ---- The interface ---- */

enum weft_status
files_on_create_directory(void *context, const struct weft_event *event,
                          const struct files_node_create_directory_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    return call_end_none(&call, create_directory(call.node, arguments->path));
}

enum weft_status
files_on_remove_directory(void *context, const struct weft_event *event,
                          const struct files_node_remove_directory_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    return call_end_none(&call, remove_name(call.node, arguments->path, AT_REMOVEDIR));
}

enum weft_status files_on_unlink(void *context, const struct weft_event *event,
                                 const struct files_node_unlink_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    return call_end_none(&call, remove_name(call.node, arguments->path, 0));
}

enum weft_status files_on_rename(void *context, const struct weft_event *event,
                                 const struct files_node_rename_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    struct node *to = hold_borrowed(arguments->to_directory);
    int failure = EBADF;
    if (to != NULL) {
        failure = rename_between(call.node, arguments->path, to, arguments->to_path);
        object_release(&to->object);
    }
    return call_end_none(&call, failure);
}

enum weft_status files_on_link(void *context, const struct weft_event *event,
                               const struct files_node_link_arguments *arguments)
{
    (void)context;
    struct call call;
    int file = -1;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    struct node *to = hold_borrowed(arguments->to_directory);
    int failure = EBADF;
    if (to != NULL)
        failure = open_to_link(call.node, arguments->path, arguments->follow, &file);
    if (failure == 0) {
        failure = link_between(call.node, file, to, arguments->to_path);
        close(file);
    }
    if (to != NULL)
        object_release(&to->object);
    return call_end_none(&call, failure);
}

enum weft_status files_on_symlink(void *context, const struct weft_event *event,
                                  const struct files_node_symlink_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    return call_end_none(&call, create_symlink(call.node, arguments->target, arguments->path));
}

/* The link itself, opened by its path: with a slash at its end, the host would follow it. */
static int read_link(const struct node *node, struct weft_bytes at, struct path *target, u32 *size)
{
    struct path path;
    int fd;
    int failure = node->file->kind == FILES_NODE_KIND_DIRECTORY ? path_copy(at, &path) : ENOTDIR;
    if (failure == 0)
        failure = path_open(node->file->fd, path.text, O_PATH | O_NOFOLLOW, &fd);
    if (failure != 0)
        return failure;
    ssize_t got = readlinkat(fd, "", target->text, sizeof(target->text));
    failure = got < 0 ? errno : 0;
    close(fd);
    if (failure == ENOENT)
        failure = EINVAL; /* how the host says that a descriptor is no link */
    *size = got < 0 ? 0 : (u32)got;
    if (!bytes_are_utf8((struct bytes){ (const u8 *)target->text, *size }))
        failure = EILSEQ;
    return failure;
}

enum weft_status files_on_read_link(void *context, const struct weft_event *event,
                                    const struct files_node_read_link_arguments *arguments)
{
    (void)context;
    struct call call;
    struct path target;
    u8 space[PATH_MAX + 16];
    u32 size = 0;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = read_link(call.node, arguments->path, &target, &size);
    struct files_string_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = files_error_of(failure);
    else
        result.value = (struct weft_bytes){ (const u8 *)target.text, size };
    body_writer_init(&call.writer, space, sizeof(space));
    files_node_read_link_result_encode(&call.writer, &result);
    return call_end(&call);
}
