/* Standard streams. Their descriptors are shared with the parent process, which wants them to
 * block; so pipes and terminals are opened a second time, without blocking, for ourselves. Regular
 * files and what cannot be opened again are used as they are. */
#include "platform/hosted/native_stream.h"

#include "platform/hosted/ending.h"
#include "platform/hosted/native_endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ENDPOINT_INPUT,
    ENDPOINT_OUTPUT,
    ENDPOINT_ERRORS,
    ENDPOINT_TERMINAL_INPUT,
    ENDPOINT_TERMINAL_OUTPUT,
    ENDPOINT_COUNT,
    ENDPOINT_NONE = ENDPOINT_COUNT,
};

static struct handler handler;
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static bool terminal_is_held;
static bool job_is_in_front;
static struct endpoint endpoints[ENDPOINT_COUNT] = {
    [ENDPOINT_INPUT] = { .source = STDIN_FILENO },
    [ENDPOINT_OUTPUT] = { .source = STDOUT_FILENO },
    [ENDPOINT_ERRORS] = { .source = STDERR_FILENO },
    [ENDPOINT_TERMINAL_INPUT] = { .source = -1 },
    [ENDPOINT_TERMINAL_OUTPUT] = { .source = -1 },
};

static const struct {
    u32 input, output;
} streams[] = {
    [STREAM_BOTH] = { ENDPOINT_INPUT, ENDPOINT_OUTPUT },
    [STREAM_INPUT] = { ENDPOINT_INPUT, ENDPOINT_NONE },
    [STREAM_OUTPUT] = { ENDPOINT_NONE, ENDPOINT_OUTPUT },
    [STREAM_ERRORS] = { ENDPOINT_NONE, ENDPOINT_ERRORS },
    [STREAM_TERMINAL] = { ENDPOINT_TERMINAL_INPUT, ENDPOINT_TERMINAL_OUTPUT },
};

static void never_destroyed(struct object *object)
{
    (void)object;
}

/* ---- Opening ---- */

static enum stream_kind kind_of(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return STREAM_KIND_OTHER;
    if (S_ISREG(status.st_mode))
        return STREAM_KIND_FILE;
    if (S_ISFIFO(status.st_mode))
        return STREAM_KIND_PIPE;
    if (S_ISSOCK(status.st_mode))
        return STREAM_KIND_SOCKET;
    return isatty(fd) ? STREAM_KIND_TERMINAL : STREAM_KIND_OTHER;
}

static int open_again(int fd, bool output)
{
    char path[32];
    int mode = fcntl(fd, F_GETFL);
    int wanted = output ? O_WRONLY : O_RDONLY;
    if (mode < 0 || ((mode & O_ACCMODE) != O_RDWR && (mode & O_ACCMODE) != wanted))
        return -1; /* not open for this: using it as it is gives the right error */
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return open(path, wanted | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static void open_endpoint(struct endpoint *endpoint, bool output)
{
    int fd = endpoint->source;
    bool may_block = false;
    if (fd < 0) {
        int mode = output ? O_WRONLY : O_RDONLY;
        fd = open("/dev/tty", mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }
    endpoint->kind = kind_of(fd);
    if (endpoint->source >= 0 && endpoint->kind != STREAM_KIND_FILE) {
        int again = open_again(fd, output);
        may_block = again < 0;
        fd = again < 0 ? fd : again;
    }
    pthread_mutex_init(&endpoint->text_lock, NULL);
    endpoint->object = (struct object){ .holds = 1, .destroy = never_destroyed };
    channel_init(&endpoint->channel, &handler, &endpoint->object, fd);
    endpoint->channel.may_block = may_block;
    bool is_behind = !output && job_is_in_front;
    endpoint->channel.held =
        (terminal_is_held || is_behind) && endpoint->kind == STREAM_KIND_TERMINAL;
    __atomic_store_n(&endpoint->open, true, __ATOMIC_RELEASE);
}

/* The channel of an endpoint, opened on first use; NULL: the stream has no such direction. */
static struct channel *channel_of(const struct weft_event *event, bool output)
{
    if (event->badge >= BASE_ARRAY_COUNT(streams))
        return endpoint_of_job(&handler, event->badge, output);
    u32 index = output ? streams[event->badge].output : streams[event->badge].input;
    if (index == ENDPOINT_NONE)
        return NULL;
    struct endpoint *endpoint = &endpoints[index];
    if (!__atomic_load_n(&endpoint->open, __ATOMIC_ACQUIRE)) {
        pthread_mutex_lock(&open_lock);
        if (!endpoint->open)
            open_endpoint(endpoint, output);
        pthread_mutex_unlock(&open_lock);
    }
    return &endpoint->channel;
}

static bool is_input(u32 index)
{
    return index == ENDPOINT_INPUT || index == ENDPOINT_TERMINAL_INPUT;
}

static void hold_terminals(void)
{
    for (u32 i = 0; i < ENDPOINT_COUNT; i++)
        if (endpoints[i].open && endpoints[i].kind == STREAM_KIND_TERMINAL)
            channel_hold(&endpoints[i].channel,
                         terminal_is_held || (job_is_in_front && is_input(i)));
}

void native_stream_hold(bool held)
{
    pthread_mutex_lock(&open_lock);
    terminal_is_held = held;
    hold_terminals();
    pthread_mutex_unlock(&open_lock);
    endpoint_hold_jobs(held);
}

void endpoint_job_is_in_front(bool is_in_front)
{
    pthread_mutex_lock(&open_lock);
    job_is_in_front = is_in_front;
    hold_terminals();
    pthread_mutex_unlock(&open_lock);
}

/* ---- Answers ---- */

enum { ANSWER_BYTES = 16 };

static enum stream_error error_of(i64 failure)
{
    switch (failure) {
    case EPIPE:
    case ECONNRESET:
        return STREAM_ERROR_CLOSED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return STREAM_ERROR_NO_SPACE;
    case EBADF:
        return STREAM_ERROR_UNSUPPORTED;
    default:
        return STREAM_ERROR_IO;
    }
}

static void settle_read(struct channel *channel, struct request *request)
{
    u8 small[ANSWER_BYTES];
    struct body_writer writer;
    struct stream_bytes_error_result result = { .failed = request->result < 0 };
    if (result.failed) {
        result.error = error_of(-request->result);
        body_writer_init(&writer, small, sizeof(small));
    } else {
        u32 size = (u32)request->result;
        result.value = (struct weft_bytes){ request->buffer + CHANNEL_ANSWER_BYTES, size };
        body_writer_init(&writer, request->buffer, CHANNEL_ANSWER_BYTES + size);
    }
    stream_read_result_encode(&writer, &result);
    handler_answer(channel->handler, request->id, &writer);
}

/* Of the bytes that came, `count`, from which those to write were made. */
static u32 written_count(const struct request *request)
{
    return request->done == request->data.size || request->done > request->count
               ? request->count
               : (u32)request->done;
}

static void settle_write(struct channel *channel, struct request *request)
{
    u8 small[ANSWER_BYTES];
    struct body_writer writer;
    struct stream_u32_error_result result = { .failed = request->result < 0 && request->done == 0 };
    if (result.failed)
        result.error = error_of(-request->result);
    else
        result.value = written_count(request);
    if (request->result == -EPIPE)
        ending_broken_pipe();
    body_writer_init(&writer, small, sizeof(small));
    stream_write_result_encode(&writer, &result);
    handler_answer(channel->handler, request->id, &writer);
}

static void settle_ready(struct channel *channel, struct request *request)
{
    u8 small[ANSWER_BYTES];
    struct body_writer writer;
    struct stream_u64_error_result result = { .failed = request->result < 0 };
    if (result.failed)
        result.error = error_of(-request->result);
    else
        result.value = (u64)request->result;
    body_writer_init(&writer, small, sizeof(small));
    stream_readable_result_encode(&writer, &result);
    handler_answer(channel->handler, request->id, &writer);
}

static const struct channel_operation operation_read = { EPOLLIN, channel_try_read, settle_read };
static const struct channel_operation operation_write = { EPOLLOUT, channel_try_write,
                                                          settle_write };
static const struct channel_operation operation_readable = { EPOLLIN, channel_try_readable,
                                                             settle_ready };
static const struct channel_operation operation_writable = { EPOLLOUT, channel_try_writable,
                                                             settle_ready };

/* ---- The interface ---- */

/* Submits to the direction that the operation is about. */
static void submit(const struct weft_event *event, struct request *request)
{
    struct channel *channel = channel_of(event, request->operation->events == EPOLLOUT);
    request->id = event->id;
    if (channel != NULL) {
        channel_submit(channel, request);
        return;
    }
    struct channel none = { .handler = &handler };
    request->result = -EBADF;
    request->operation->settle(&none, request);
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct stream_read_arguments *arguments)
{
    (void)context;
    struct request request = { .operation = &operation_read, .count = arguments->count };
    submit(event, &request);
    return WEFT_OK;
}

/* What may pass to the terminal, in memory of its own; NULL: there is none. */
static u8 *filter_text(struct endpoint *endpoint, struct weft_bytes bytes, struct request *request)
{
    u8 *passed = malloc(bytes.size + (usize)SCREEN_TEXT_HELD_MAX);
    if (passed == NULL)
        return NULL;
    pthread_mutex_lock(&endpoint->text_lock);
    usize size = screen_text_filter(&endpoint->text, bytes.data, bytes.size, passed);
    pthread_mutex_unlock(&endpoint->text_lock);
    request->data = (struct bytes){ passed, size };
    return passed;
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct stream_write_arguments *arguments)
{
    (void)context;
    struct weft_bytes bytes = arguments->bytes;
    struct request request = {
        .operation = &operation_write,
        .count = bytes.size,
        .data = { bytes.data, bytes.size },
    };
    struct channel *channel = channel_of(event, true);
    struct endpoint *endpoint =
        channel == NULL ? NULL : BASE_CONTAINER_OF(channel, struct endpoint, channel);
    u8 *passed = NULL;
    if (endpoint != NULL && endpoint->kind == STREAM_KIND_TERMINAL) {
        passed = filter_text(endpoint, bytes, &request);
        if (passed == NULL)
            return WEFT_NO_MEMORY;
    }
    submit(event, &request);
    free(passed);
    return WEFT_OK;
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    struct request request = { .operation = &operation_readable };
    submit(event, &request);
    return WEFT_OK;
}

static enum weft_status on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    struct request request = { .operation = &operation_writable };
    submit(event, &request);
    return WEFT_OK;
}

static enum weft_status on_kind(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[ANSWER_BYTES];
    struct body_writer writer;
    struct channel *channel = channel_of(event, false);
    if (channel == NULL)
        channel = channel_of(event, true);
    enum stream_kind kind = STREAM_KIND_OTHER;
    if (channel != NULL)
        kind = BASE_CONTAINER_OF(channel, struct endpoint, channel)->kind;
    body_writer_init(&writer, small, sizeof(small));
    stream_kind_result_encode(&writer, &kind);
    handler_answer(&handler, event->id, &writer);
    return WEFT_OK;
}

/* From now on the descriptors lead nowhere, so the reader of a pipe sees its end. */
static int close_output(struct channel *channel)
{
    int nowhere = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int source = BASE_CONTAINER_OF(channel, struct endpoint, channel)->source;
    if (nowhere < 0)
        return errno;
    pthread_mutex_lock(&channel->lock);
    dup3(nowhere, channel->fd, O_CLOEXEC);
    if (source >= 0)
        dup2(nowhere, source);
    pthread_mutex_unlock(&channel->lock);
    close(nowhere);
    return 0;
}

static enum weft_status on_finish(void *context, const struct weft_event *event)
{
    (void)context;
    u8 small[ANSWER_BYTES];
    struct body_writer writer;
    struct channel *channel = channel_of(event, true);
    int failure = channel == NULL ? EBADF : close_output(channel);
    struct stream_none_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = error_of(failure);
    body_writer_init(&writer, small, sizeof(small));
    stream_finish_result_encode(&writer, &result);
    handler_answer(&handler, event->id, &writer);
    return WEFT_OK;
}

static const struct stream_server server = {
    .read = on_read,
    .write = on_write,
    .readable = on_readable,
    .writable = on_writable,
    .kind = on_kind,
    .finish = on_finish,
};

static void on_message(void *context, const struct native_message *message)
{
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = stream_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&handler, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    handler_closed(&handler, badge);
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    channel_withdraw(&handler, id);
}

enum status native_stream_init(void)
{
    static const struct native_operations operations = { "stream", on_message, on_closed,
                                                         on_withdrawn };
    return handler_init(&handler, &operations, NULL, STREAM_INTERFACE_NAME, STREAM_INTERFACE_HASH);
}

void native_stream_deinit(void)
{
    handler_deinit(&handler);
}

void native_stream_restore_screen(void)
{
    for (u32 i = 0; i < ENDPOINT_COUNT; i++) {
        u8 bytes[SCREEN_TEXT_RESTORE_MAX];
        struct endpoint *endpoint = &endpoints[i];
        if (!__atomic_load_n(&endpoint->open, __ATOMIC_ACQUIRE) ||
            endpoint->kind != STREAM_KIND_TERMINAL)
            continue;
        usize size = screen_text_restore(&endpoint->text, bytes);
        if (size != 0 && write(endpoint->channel.fd, bytes, size) < 0)
            return; /* there is no terminal any more */
    }
    endpoint_restore_front();
}

enum status native_stream_mint(struct native *receiver, enum stream_badge badge, i32 *slot)
{
    return native_mint_for(receiver, handler.native, STREAM_INTERFACE_ID, badge, slot);
}

struct handler *endpoint_handler(void)
{
    return &handler;
}
