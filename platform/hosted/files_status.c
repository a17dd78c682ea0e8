/* What is known of a node: kind, size, times, flags, room on its disk. */
#include "platform/hosted/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static enum weft_status end_status(struct call *call, int failure,
                                   const struct files_status *status)
{
    struct files_status_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = files_error_of(failure);
    else
        result.value = *status;
    files_node_status_result_encode(&call->writer, &result);
    return call_end(call);
}

enum weft_status files_on_status(void *context, const struct weft_event *event)
{
    (void)context;
    struct call call;
    struct files_status status;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = node_status(call.node->file->fd, &status);
    return end_status(&call, failure, &status);
}

/* Opens what is at `at` only to look at it. */
static int open_to_look(const struct node *node, struct weft_bytes at, bool follow, int *fd)
{
    struct path path;
    if (node->file->kind != FILES_NODE_KIND_DIRECTORY)
        return ENOTDIR;
    int failure = path_copy(at, &path);
    u64 flags = O_PATH | (follow ? 0 : O_NOFOLLOW);
    return failure != 0 ? failure : path_open(node->file->fd, path.text, flags, fd);
}

enum weft_status files_on_status_at(void *context, const struct weft_event *event,
                                    const struct files_node_status_at_arguments *arguments)
{
    (void)context;
    struct call call;
    struct files_status status;
    int fd;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = open_to_look(call.node, arguments->path, arguments->follow, &fd);
    if (failure == 0) {
        failure = node_status(fd, &status);
        close(fd);
    }
    return end_status(&call, failure, &status);
}

/* ---- Times ---- */

static struct timespec host_time(const struct files_new_time *time)
{
    switch (time->tag) {
    case FILES_NEW_TIME_KEEP:
        return (struct timespec){ .tv_nsec = UTIME_OMIT };
    case FILES_NEW_TIME_NOW:
        return (struct timespec){ .tv_nsec = UTIME_NOW };
    default:
        return (struct timespec){ .tv_sec = (time_t)(time->at / 1000000000),
                                  .tv_nsec = (long)(time->at % 1000000000) };
    }
}

static int set_times(int fd, const struct files_new_time *accessed,
                     const struct files_new_time *modified)
{
    struct timespec times[2] = { host_time(accessed), host_time(modified) };
    return utimensat(fd, "", times, AT_EMPTY_PATH) == 0 ? 0 : errno;
}

enum weft_status files_on_set_times(void *context, const struct weft_event *event,
                                    const struct files_node_set_times_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = EROFS;
    if (call.node->may_change)
        failure = set_times(call.node->file->fd, &arguments->accessed, &arguments->modified);
    return call_end_none(&call, failure);
}

enum weft_status files_on_set_times_at(void *context, const struct weft_event *event,
                                       const struct files_node_set_times_at_arguments *arguments)
{
    (void)context;
    struct call call;
    int fd;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = call.node->may_change ? 0 : EROFS;
    if (failure == 0)
        failure = open_to_look(call.node, arguments->path, arguments->follow, &fd);
    if (failure == 0) {
        failure = set_times(fd, &arguments->accessed, &arguments->modified);
        close(fd);
    }
    return call_end_none(&call, failure);
}

/* ---- Flags ---- */

enum {
    MODES = FILES_OPEN_FLAGS_APPEND | FILES_OPEN_FLAGS_DATA_SYNC | FILES_OPEN_FLAGS_SYNC |
            FILES_OPEN_FLAGS_READ_SYNC | FILES_OPEN_FLAGS_NON_BLOCKING,
};

enum weft_status files_on_set_flags(void *context, const struct weft_event *event,
                                    const struct files_node_set_flags_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    call.node->mode = arguments->flags & MODES;
    return call_end_none(&call, 0);
}

enum weft_status files_on_flags(void *context, const struct weft_event *event)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    struct files_open_flags_error_result result = { .value = call.node->rights | call.node->mode };
    if (call.node->file->kind == FILES_NODE_KIND_DIRECTORY)
        result.value |= FILES_OPEN_FLAGS_DIRECTORY;
    files_node_flags_result_encode(&call.writer, &result);
    return call_end(&call);
}

enum weft_status files_on_space(void *context, const struct weft_event *event)
{
    (void)context;
    struct call call;
    struct statvfs found;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    struct files_space_error_result result = { .failed = false };
    if (fstatvfs(call.node->file->fd, &found) == 0) {
        result.value = (struct files_space){ .total = found.f_blocks * found.f_frsize,
                                             .free = found.f_bavail * found.f_frsize };
    } else {
        result.failed = true;
        result.error = files_error_of(errno);
    }
    files_node_space_result_encode(&call.writer, &result);
    return call_end(&call);
}
