/* Reading and writing files. Regular files and disks have offsets and never wait; pipes, devices
 * and sockets go through a channel. */
#include "platform/hosted/files.h"
#include "platform/hosted/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

/* ---- What waits ---- */

static void answer_bytes(i64 id, u8 *buffer, i64 size_or_failure)
{
    u8 small[16];
    struct body_writer writer;
    struct files_bytes_error_result result = { .failed = size_or_failure < 0 };
    if (result.failed) {
        result.error = files_error_of((int)-size_or_failure);
        body_writer_init(&writer, small, sizeof(small));
    } else {
        u32 size = (u32)size_or_failure;
        result.value = (struct weft_bytes){ buffer + CHANNEL_ANSWER_BYTES, size };
        body_writer_init(&writer, buffer, CHANNEL_ANSWER_BYTES + size);
    }
    files_node_read_result_encode(&writer, &result);
    handler_answer(&files_handler, id, &writer);
}

static void settle_read(struct channel *channel, struct request *request)
{
    (void)channel;
    answer_bytes(request->id, request->buffer, request->result);
}

static void settle_write(struct channel *channel, struct request *request)
{
    (void)channel;
    u8 small[16];
    struct body_writer writer;
    struct files_u32_error_result result = { .failed = request->result < 0 && request->done == 0 };
    if (result.failed)
        result.error = files_error_of((int)-request->result);
    else
        result.value = (u32)request->done;
    body_writer_init(&writer, small, sizeof(small));
    files_node_write_result_encode(&writer, &result);
    handler_answer(&files_handler, request->id, &writer);
}

static void settle_ready(struct channel *channel, struct request *request)
{
    (void)channel;
    u8 small[16];
    struct body_writer writer;
    struct files_u64_error_result result = { .failed = request->result < 0 };
    if (result.failed)
        result.error = files_error_of((int)-request->result);
    else
        result.value = (u64)request->result;
    body_writer_init(&writer, small, sizeof(small));
    files_node_readable_result_encode(&writer, &result);
    handler_answer(&files_handler, request->id, &writer);
}

static const struct channel_operation operation_read = { EPOLLIN, channel_try_read, settle_read };
static const struct channel_operation operation_write = { EPOLLOUT, channel_try_write,
                                                          settle_write };
static const struct channel_operation operation_readable = { EPOLLIN, channel_try_readable,
                                                             settle_ready };
static const struct channel_operation operation_writable = { EPOLLOUT, channel_try_writable,
                                                             settle_ready };

static enum weft_status submit(struct call *call, struct request *request)
{
    request->id = call->event->id;
    request->no_wait = (call->node->mode & FILES_OPEN_FLAGS_NON_BLOCKING) != 0;
    channel_submit(&call->node->file->channel, request);
    object_release(&call->node->object);
    return WEFT_OK;
}

/* ---- Reading ---- */

static int check_read(const struct node *node)
{
    if (node->file->kind == FILES_NODE_KIND_DIRECTORY)
        return EISDIR;
    return (node->rights & FILES_OPEN_FLAGS_READ) != 0 ? 0 : EBADF;
}

static i64 read_at(int fd, u64 offset, u8 *to, u32 count)
{
    ssize_t got;
    if (offset > INT64_MAX - count)
        return -EINVAL;
    do {
        got = pread(fd, to, count, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? -(i64)errno : (i64)got;
}

enum weft_status files_on_read(void *context, const struct weft_event *event,
                               const struct files_node_read_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    i64 result = -check_read(call.node);
    u32 count = (u32)u64_min(arguments->count, LIMIT_READ_BYTES);
    if (result == 0 && node_waits(call.node)) {
        struct request request = { .operation = &operation_read, .count = count };
        return submit(&call, &request);
    }
    u8 *buffer = result == 0 ? malloc(CHANNEL_ANSWER_BYTES + count) : NULL;
    if (result == 0 && buffer == NULL)
        result = -ENOMEM;
    if (result == 0)
        result =
            read_at(call.node->file->fd, arguments->offset, buffer + CHANNEL_ANSWER_BYTES, count);
    answer_bytes(event->id, buffer, result);
    free(buffer);
    object_release(&call.node->object);
    return WEFT_OK;
}

/* ---- Writing ---- */

static bool appends(const struct node *node)
{
    return (node->rights & FILES_OPEN_FLAGS_WRITE) == 0 ||
           (node->mode & FILES_OPEN_FLAGS_APPEND) != 0;
}

static int check_write(const struct node *node)
{
    u32 writing = FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_APPEND;
    bool directory = node->file->kind == FILES_NODE_KIND_DIRECTORY;
    return !directory && (node->rights & writing) != 0 ? 0 : EBADF;
}

static int host_write_flags(const struct node *node)
{
    u32 mode = node->mode;
    int flags = appends(node) ? RWF_APPEND : 0;
    if ((mode & FILES_OPEN_FLAGS_SYNC) != 0)
        return flags | RWF_SYNC;
    return (mode & FILES_OPEN_FLAGS_DATA_SYNC) != 0 ? flags | RWF_DSYNC : flags;
}

/* How much was written, or a negated errno if nothing was. */
static i64 write_at(const struct node *node, u64 offset, struct weft_bytes bytes)
{
    int flags = host_write_flags(node);
    u32 done = 0;
    if (appends(node))
        offset = 0; /* means nothing then */
    if (offset > INT64_MAX - bytes.size)
        return -EFBIG;
    while (done < bytes.size) {
        struct iovec rest = { (void *)(usize)(bytes.data + done), bytes.size - done };
        ssize_t written = pwritev2(node->file->fd, &rest, 1, (off_t)(offset + done), flags);
        if (written < 0 && errno != EINTR)
            return done != 0 ? (i64)done : -(i64)errno;
        if (written == 0)
            break;
        done += written > 0 ? (u32)written : 0;
    }
    return done;
}

enum weft_status files_on_write(void *context, const struct weft_event *event,
                                const struct files_node_write_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    i64 written = -check_write(call.node);
    if (written == 0 && node_waits(call.node)) {
        struct request request = {
            .operation = &operation_write,
            .data = { arguments->bytes.data, arguments->bytes.size },
        };
        return submit(&call, &request);
    }
    if (written == 0)
        written = write_at(call.node, arguments->offset, arguments->bytes);
    struct files_u32_error_result result = { .failed = written < 0 };
    if (result.failed)
        result.error = files_error_of((int)-written);
    else
        result.value = (u32)written;
    files_node_write_result_encode(&call.writer, &result);
    return call_end(&call);
}

/* ---- Size and storage ---- */

enum weft_status files_on_set_size(void *context, const struct weft_event *event,
                                   const struct files_node_set_size_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = 0;
    if ((call.node->rights & FILES_OPEN_FLAGS_WRITE) == 0 || arguments->size > INT64_MAX)
        failure = EINVAL;
    else if (ftruncate(call.node->file->fd, (off_t)arguments->size) != 0)
        failure = errno;
    return call_end_none(&call, failure);
}

enum weft_status files_on_allocate(void *context, const struct weft_event *event,
                                   const struct files_node_allocate_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    u64 offset = arguments->offset;
    u64 size = arguments->size;
    int failure = 0;
    if ((call.node->rights & FILES_OPEN_FLAGS_WRITE) == 0)
        failure = EBADF;
    else if (size == 0 || offset > INT64_MAX || size > INT64_MAX)
        failure = EINVAL;
    else if (fallocate(call.node->file->fd, 0, (off_t)offset, (off_t)size) != 0)
        failure = errno;
    return call_end_none(&call, failure);
}

enum weft_status files_on_advise(void *context, const struct weft_event *event,
                                 const struct files_node_advise_arguments *arguments)
{
    (void)context;
    static const int advices[] = {
        [FILES_ADVICE_NORMAL] = POSIX_FADV_NORMAL,
        [FILES_ADVICE_SEQUENTIAL] = POSIX_FADV_SEQUENTIAL,
        [FILES_ADVICE_RANDOM] = POSIX_FADV_RANDOM,
        [FILES_ADVICE_WILL_NEED] = POSIX_FADV_WILLNEED,
        [FILES_ADVICE_DONT_NEED] = POSIX_FADV_DONTNEED,
        [FILES_ADVICE_NO_REUSE] = POSIX_FADV_NOREUSE,
    };
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = EINVAL;
    if (call.node->file->kind == FILES_NODE_KIND_DIRECTORY)
        failure = EBADF;
    else if (arguments->offset <= INT64_MAX && arguments->size <= INT64_MAX)
        failure = posix_fadvise(call.node->file->fd, (off_t)arguments->offset,
                                (off_t)arguments->size, advices[arguments->advice]);
    return call_end_none(&call, failure);
}

enum weft_status files_on_sync(void *context, const struct weft_event *event,
                               const struct files_node_sync_arguments *arguments)
{
    (void)context;
    struct call call;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int fd = call.node->file->fd;
    int result = arguments->data_only ? fdatasync(fd) : fsync(fd);
    return call_end_none(&call, result == 0 ? 0 : errno);
}

/* ---- Waiting ---- */

static enum weft_status when_ready(const struct weft_event *event,
                                   const struct channel_operation *operation)
{
    struct call call;
    struct files_status status = { 0 };
    if (!call_begin(&call, event))
        return WEFT_GONE;
    if (node_waits(call.node)) {
        struct request request = { .operation = operation, .id = event->id };
        channel_submit(&call.node->file->channel, &request);
        object_release(&call.node->object);
        return WEFT_OK;
    }
    int failure = node_status(call.node->file->fd, &status);
    struct files_u64_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = files_error_of(failure);
    else
        result.value = status.size;
    files_node_readable_result_encode(&call.writer, &result);
    return call_end(&call);
}

enum weft_status files_on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    return when_ready(event, &operation_readable);
}

enum weft_status files_on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    return when_ready(event, &operation_writable);
}
