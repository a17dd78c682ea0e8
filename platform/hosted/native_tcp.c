/* The handler of `tcp`: connecting, listening, accepting. A slot of a socket is the right to that
 * socket only, so what is no method is answered on the binding's own slot alone. */
#include "platform/hosted/native_tcp.h"

#include "platform/hosted/limits.h"
#include "platform/hosted/tcp.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct handler tcp_handler;

enum tcp_error tcp_error_of(int failure)
{
    static const struct {
        int failure;
        enum tcp_error error;
    } rows[] = {
        { ECONNREFUSED, TCP_ERROR_REFUSED },
        { ECONNRESET, TCP_ERROR_RESET },
        { ECONNABORTED, TCP_ERROR_RESET },
        { ENETUNREACH, TCP_ERROR_UNREACHABLE },
        { EHOSTUNREACH, TCP_ERROR_UNREACHABLE },
        { ENETDOWN, TCP_ERROR_UNREACHABLE },
        { ETIMEDOUT, TCP_ERROR_TIMED_OUT },
        { EADDRINUSE, TCP_ERROR_IN_USE },
        { EADDRNOTAVAIL, TCP_ERROR_NOT_AVAILABLE },
        { EPIPE, TCP_ERROR_CLOSED },
        { ENOTCONN, TCP_ERROR_CLOSED },
        { EINVAL, TCP_ERROR_INVALID },
        { EAFNOSUPPORT, TCP_ERROR_INVALID },
        { EACCES, TCP_ERROR_DENIED },
        { EPERM, TCP_ERROR_DENIED },
        { EMFILE, TCP_ERROR_LIMIT },
        { ENFILE, TCP_ERROR_LIMIT },
        { ENOBUFS, TCP_ERROR_LIMIT },
        { ENOMEM, TCP_ERROR_LIMIT },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++)
        if (rows[i].failure == failure)
            return rows[i].error;
    return TCP_ERROR_IO;
}

/* ---- Sockets ---- */

static void socket_destroy(struct object *object)
{
    struct socket *socket = (struct socket *)object;
    channel_deinit(&socket->channel);
    free(socket);
}

struct socket *socket_create(int fd, enum socket_kind kind)
{
    struct socket *socket = calloc(1, sizeof(*socket));
    if (socket == NULL) {
        close(fd);
        return NULL;
    }
    socket->object = (struct object){ .holds = 1, .kind = kind, .destroy = socket_destroy };
    channel_init(&socket->channel, &tcp_handler, &socket->object, fd);
    return socket;
}

struct socket *socket_hold(const struct weft_event *event, enum socket_kind kind)
{
    struct object *object = handler_hold(&tcp_handler, event->badge);
    if (object == NULL || object->kind == kind)
        return (struct socket *)object;
    object_release(object);
    return NULL;
}

/* ---- Answers ---- */

void tcp_answer_none(i64 id, int failure)
{
    u8 small[16];
    struct body_writer writer;
    struct tcp_none_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = tcp_error_of(failure);
    body_writer_init(&writer, small, sizeof(small));
    tcp_connection_shutdown_result_encode(&writer, &result);
    handler_answer(&tcp_handler, id, &writer);
}

static struct tcp_endpoint endpoint_of(const struct address *address)
{
    struct tcp_endpoint endpoint = { .port = address->port };
    const u8 *bytes = address->bytes;
    if (address->size == ADDRESS_V4_BYTES) {
        endpoint.address.tag = TCP_ADDRESS_V4;
        endpoint.address.v4 =
            (struct tcp_u8_u8_u8_u8_tuple){ bytes[0], bytes[1], bytes[2], bytes[3] };
    } else {
        endpoint.address.tag = TCP_ADDRESS_V6;
        endpoint.address.v6 = (struct weft_bytes){ bytes, ADDRESS_V6_BYTES };
    }
    return endpoint;
}

void tcp_answer_endpoint(i64 id, int failure, const struct address *address)
{
    u8 space[64];
    struct body_writer writer;
    struct tcp_endpoint_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = tcp_error_of(failure);
    else
        result.value = endpoint_of(address);
    body_writer_init(&writer, space, sizeof(space));
    tcp_listener_local_result_encode(&writer, &result);
    handler_answer(&tcp_handler, id, &writer);
}

/* Gives the socket away, which it takes over; or says why there is none. Connections and listeners
 * have the same wire form. */
static void answer_socket(i64 id, int failure, struct socket *socket)
{
    u8 small[16];
    struct body_writer writer;
    struct tcp_connection_error_result result = { .failed = failure != 0 };
    if (!result.failed && handler_mint(&tcp_handler, &socket->object, &result.value) != WEFT_OK) {
        result.failed = true;
        failure = EMFILE;
    }
    if (result.failed)
        result.error = tcp_error_of(failure);
    body_writer_init(&writer, small, sizeof(small));
    tcp_connect_result_encode(&writer, &result);
    handler_answer(&tcp_handler, id, &writer);
}

/* ---- Connecting ---- */

static bool try_connected(const struct channel *channel, struct request *request)
{
    struct pollfd entry = { .fd = channel->fd, .events = POLLOUT };
    int failure = 0;
    socklen_t size = sizeof(failure);
    if (poll(&entry, 1, 0) == 0)
        return false;
    if (getsockopt(channel->fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0)
        failure = errno;
    request->result = -failure;
    return true;
}

static void settle_connected(struct channel *channel, struct request *request)
{
    struct socket *socket = BASE_CONTAINER_OF(channel, struct socket, channel);
    if (request->result == 0)
        object_hold(&socket->object); /* for its badge */
    answer_socket(request->id, (int)-request->result, socket);
}

static const struct channel_operation operation_connect = { EPOLLOUT, try_connected,
                                                            settle_connected };

static bool address_of(const struct tcp_endpoint *endpoint, struct address *address)
{
    const struct tcp_u8_u8_u8_u8_tuple *v4 = &endpoint->address.v4;
    u8 bytes[ADDRESS_V4_BYTES] = { v4->f0, v4->f1, v4->f2, v4->f3 };
    struct bytes given = { bytes, sizeof(bytes) };
    if (endpoint->address.tag == TCP_ADDRESS_V6) {
        struct weft_bytes v6 = endpoint->address.v6;
        given = (struct bytes){ v6.data, v6.size };
        if (given.size != ADDRESS_V6_BYTES)
            return false;
    }
    return address_from_bytes(given, endpoint->port, address);
}

/* Begins to connect; 0: it is under way, or done. */
static int begin_connect(const struct address *address, struct socket **socket)
{
    struct host_address host = address_to_host(address);
    int fd = address_socket(address, SOCK_STREAM);
    if (fd < 0)
        return -fd;
    int result = connect(fd, (const struct sockaddr *)&host.storage, host.size);
    if (result != 0 && errno != EINPROGRESS && errno != EINTR) {
        int failure = errno;
        close(fd);
        return failure;
    }
    *socket = socket_create(fd, SOCKET_CONNECTION);
    return *socket == NULL ? ENOMEM : 0;
}

static enum weft_status on_connect(void *context, const struct weft_event *event,
                                   const struct tcp_connect_arguments *arguments)
{
    (void)context;
    struct address address;
    struct socket *socket = NULL;
    if (event->badge != 0)
        return WEFT_DENIED;
    int failure = address_of(&arguments->to, &address) ? begin_connect(&address, &socket) : EINVAL;
    if (failure != 0) {
        answer_socket(event->id, failure, NULL);
        return WEFT_OK;
    }
    struct request request = { .operation = &operation_connect, .id = event->id };
    channel_submit(&socket->channel, &request);
    object_release(&socket->object);
    return WEFT_OK;
}

/* ---- Listening ---- */

static int begin_listen(const struct address *address, u32 backlog, struct socket **socket)
{
    int fd = address_bind(address, SOCK_STREAM);
    if (fd < 0)
        return -fd;
    if (listen(fd, (int)u64_min(u64_max(backlog, 1), LIMIT_BACKLOG)) != 0) {
        int failure = errno;
        close(fd);
        return failure;
    }
    *socket = socket_create(fd, SOCKET_LISTENER);
    return *socket == NULL ? ENOMEM : 0;
}

static enum weft_status on_listen(void *context, const struct weft_event *event,
                                  const struct tcp_listen_arguments *arguments)
{
    (void)context;
    struct address address;
    struct socket *socket = NULL;
    if (event->badge != 0)
        return WEFT_DENIED;
    int failure = EINVAL;
    if (address_of(&arguments->at, &address))
        failure = begin_listen(&address, arguments->backlog, &socket);
    answer_socket(event->id, failure, socket);
    return WEFT_OK;
}

/* ---- Accepting ---- */

static bool try_accept(const struct channel *channel, struct request *request)
{
    int fd;
    do {
        fd = accept4(channel->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return false;
    request->result = fd < 0 ? -errno : fd;
    return true;
}

static void settle_accept(struct channel *channel, struct request *request)
{
    (void)channel;
    struct socket *accepted = NULL;
    int failure = request->result < 0 ? (int)-request->result : 0;
    if (failure == 0)
        accepted = socket_create((int)request->result, SOCKET_CONNECTION);
    if (failure == 0 && accepted == NULL)
        failure = ENOMEM;
    answer_socket(request->id, failure, accepted);
}

static void settle_acceptable(struct channel *channel, struct request *request)
{
    (void)channel;
    tcp_answer_none(request->id, request->result < 0 ? (int)-request->result : 0);
}

static const struct channel_operation operation_accept = { EPOLLIN, try_accept, settle_accept };
static const struct channel_operation operation_acceptable = { EPOLLIN, channel_try_readable,
                                                               settle_acceptable };

static enum weft_status submit(const struct weft_event *event,
                               const struct channel_operation *operation)
{
    struct socket *socket = socket_hold(event, SOCKET_LISTENER);
    if (socket == NULL)
        return WEFT_INVALID;
    struct request request = { .operation = operation, .id = event->id };
    channel_submit(&socket->channel, &request);
    object_release(&socket->object);
    return WEFT_OK;
}

static enum weft_status on_accept(void *context, const struct weft_event *event)
{
    (void)context;
    return submit(event, &operation_accept);
}

static enum weft_status on_acceptable(void *context, const struct weft_event *event)
{
    (void)context;
    return submit(event, &operation_acceptable);
}

static enum weft_status local_of(const struct weft_event *event, enum socket_kind kind)
{
    struct socket *socket = socket_hold(event, kind);
    if (socket == NULL)
        return WEFT_INVALID;
    struct host_address host = { .size = sizeof(host.storage) };
    int failed = getsockname(socket->channel.fd, (struct sockaddr *)&host.storage, &host.size);
    struct address address = address_from_host((const struct sockaddr *)&host.storage);
    tcp_answer_endpoint(event->id, failed != 0 ? errno : 0, &address);
    object_release(&socket->object);
    return WEFT_OK;
}

static enum weft_status on_listener_local(void *context, const struct weft_event *event)
{
    (void)context;
    return local_of(event, SOCKET_LISTENER);
}

static enum weft_status on_connection_local(void *context, const struct weft_event *event)
{
    (void)context;
    return local_of(event, SOCKET_CONNECTION);
}

/* ---- The handler ---- */

static const struct tcp_server server = {
    .connect = on_connect,
    .listen = on_listen,
    .listener_accept = on_accept,
    .listener_acceptable = on_acceptable,
    .listener_local = on_listener_local,
    .connection_receive = tcp_on_receive,
    .connection_send = tcp_on_send,
    .connection_shutdown = tcp_on_shutdown,
    .connection_readable = tcp_on_readable,
    .connection_writable = tcp_on_writable,
    .connection_local = on_connection_local,
    .connection_remote = tcp_on_remote,
    .connection_set_no_delay = tcp_on_set_no_delay,
};

static void on_message(void *context, const struct native_message *message)
{
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = tcp_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&tcp_handler, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    handler_closed(&tcp_handler, badge);
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    channel_withdraw(&tcp_handler, id);
}

enum status native_tcp_init(void)
{
    static const struct native_operations operations = { "tcp", on_message, on_closed,
                                                         on_withdrawn };
    return handler_init(&tcp_handler, &operations, NULL, TCP_INTERFACE_NAME, TCP_INTERFACE_HASH);
}

void native_tcp_deinit(void)
{
    handler_deinit(&tcp_handler);
}

int native_tcp_listen(const struct address *address, struct native *receiver, i32 *slot)
{
    struct socket *socket;
    int failure = begin_listen(address, SOMAXCONN, &socket);
    if (failure != 0)
        return failure;
    u64 badge = handler_add(&tcp_handler, &socket->object);
    if (badge == 0) {
        object_release(&socket->object);
        return EMFILE;
    }
    if (native_mint_for(receiver, tcp_handler.native, TCP_INTERFACE_ID, badge, slot) == STATUS_OK)
        return 0;
    handler_closed(&tcp_handler, badge);
    return ENOMEM;
}
