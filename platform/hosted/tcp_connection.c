/* The methods of a connection. */
#include "platform/hosted/limits.h"
#include "platform/hosted/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>

/* ---- Settling ---- */

static void settle_receive(struct channel *channel, struct request *request)
{
    (void)channel;
    u8 small[16];
    struct body_writer writer;
    struct tcp_bytes_error_result result = { .failed = request->result < 0 };
    if (result.failed) {
        result.error = tcp_error_of((int)-request->result);
        body_writer_init(&writer, small, sizeof(small));
    } else {
        u32 size = (u32)request->result;
        result.value = (struct weft_bytes){ request->buffer + CHANNEL_ANSWER_BYTES, size };
        body_writer_init(&writer, request->buffer, CHANNEL_ANSWER_BYTES + size);
    }
    tcp_connection_receive_result_encode(&writer, &result);
    handler_answer(&tcp_handler, request->id, &writer);
}

static void settle_send(struct channel *channel, struct request *request)
{
    (void)channel;
    u8 small[16];
    struct body_writer writer;
    struct tcp_u32_error_result result = { .failed = request->result < 0 };
    if (result.failed)
        result.error = tcp_error_of((int)-request->result);
    else
        result.value = (u32)request->result;
    body_writer_init(&writer, small, sizeof(small));
    tcp_connection_send_result_encode(&writer, &result);
    handler_answer(&tcp_handler, request->id, &writer);
}

static void settle_readable(struct channel *channel, struct request *request)
{
    (void)channel;
    u8 small[16];
    struct body_writer writer;
    struct tcp_u64_error_result result = { .failed = request->result < 0 };
    if (result.failed)
        result.error = tcp_error_of((int)-request->result);
    else
        result.value = (u64)request->result;
    body_writer_init(&writer, small, sizeof(small));
    tcp_connection_readable_result_encode(&writer, &result);
    handler_answer(&tcp_handler, request->id, &writer);
}

static void settle_writable(struct channel *channel, struct request *request)
{
    (void)channel;
    tcp_answer_none(request->id, request->result < 0 ? (int)-request->result : 0);
}

/* As much as the host takes at once. */
static bool try_send(const struct channel *channel, struct request *request)
{
    ssize_t sent;
    do {
        sent =
            send(channel->fd, request->data.data, request->data.size, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return false;
    request->result = sent < 0 ? -(i64)errno : (i64)sent;
    return true;
}

static const struct channel_operation operation_receive = { EPOLLIN, channel_try_read,
                                                            settle_receive };
static const struct channel_operation operation_send = { EPOLLOUT, try_send, settle_send };
static const struct channel_operation operation_readable = { EPOLLIN, channel_try_readable,
                                                             settle_readable };
static const struct channel_operation operation_writable = { EPOLLOUT, channel_try_writable,
                                                             settle_writable };

/* ---- Methods ---- */

static enum weft_status submit(const struct weft_event *event, struct request *request)
{
    struct socket *socket = socket_hold(event, SOCKET_CONNECTION);
    if (socket == NULL)
        return WEFT_INVALID;
    request->id = event->id;
    channel_submit(&socket->channel, request);
    object_release(&socket->object);
    return WEFT_OK;
}

enum weft_status tcp_on_receive(void *context, const struct weft_event *event,
                                const struct tcp_connection_receive_arguments *arguments)
{
    (void)context;
    struct request request = {
        .operation = &operation_receive,
        .count = arguments->count,
        .peek = arguments->peek,
    };
    return submit(event, &request);
}

enum weft_status tcp_on_send(void *context, const struct weft_event *event,
                             const struct tcp_connection_send_arguments *arguments)
{
    (void)context;
    struct request request = {
        .operation = &operation_send,
        .data = { arguments->bytes.data, u64_min(arguments->bytes.size, LIMIT_SEND_BYTES) },
    };
    return submit(event, &request);
}

enum weft_status tcp_on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    struct request request = { .operation = &operation_readable };
    return submit(event, &request);
}

enum weft_status tcp_on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    struct request request = { .operation = &operation_writable };
    return submit(event, &request);
}

enum weft_status tcp_on_shutdown(void *context, const struct weft_event *event,
                                 const struct tcp_connection_shutdown_arguments *arguments)
{
    (void)context;
    struct socket *socket = socket_hold(event, SOCKET_CONNECTION);
    if (socket == NULL)
        return WEFT_INVALID;
    int failure = 0;
    if (arguments->receiving && shutdown(socket->channel.fd, SHUT_RD) != 0)
        failure = errno;
    if (arguments->sending && shutdown(socket->channel.fd, SHUT_WR) != 0)
        failure = errno;
    tcp_answer_none(event->id, failure);
    object_release(&socket->object);
    return WEFT_OK;
}

enum weft_status tcp_on_remote(void *context, const struct weft_event *event)
{
    (void)context;
    struct socket *socket = socket_hold(event, SOCKET_CONNECTION);
    if (socket == NULL)
        return WEFT_INVALID;
    struct host_address host = { .size = sizeof(host.storage) };
    int failed = getpeername(socket->channel.fd, (struct sockaddr *)&host.storage, &host.size);
    struct address address = address_from_host((const struct sockaddr *)&host.storage);
    tcp_answer_endpoint(event->id, failed != 0 ? errno : 0, &address);
    object_release(&socket->object);
    return WEFT_OK;
}

enum weft_status tcp_on_set_no_delay(void *context, const struct weft_event *event,
                                     const struct tcp_connection_set_no_delay_arguments *arguments)
{
    (void)context;
    struct socket *socket = socket_hold(event, SOCKET_CONNECTION);
    if (socket == NULL)
        return WEFT_INVALID;
    int on = arguments->on;
    int failed = setsockopt(socket->channel.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    tcp_answer_none(event->id, failed != 0 ? errno : 0);
    object_release(&socket->object);
    return WEFT_OK;
}
