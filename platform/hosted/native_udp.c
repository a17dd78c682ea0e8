#include "platform/hosted/native_udp.h"

#include "interface/udp.h"
#include "platform/hosted/channel.h"
#include "platform/hosted/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct datagram_socket {
    struct object object;
    struct channel channel;
};

static struct handler handler;

static enum udp_error error_of(int failure)
{
    static const struct {
        int failure;
        enum udp_error error;
    } rows[] = {
        { ENETUNREACH, UDP_ERROR_UNREACHABLE },
        { EHOSTUNREACH, UDP_ERROR_UNREACHABLE },
        { ENETDOWN, UDP_ERROR_UNREACHABLE },
        { EADDRINUSE, UDP_ERROR_IN_USE },
        { EADDRNOTAVAIL, UDP_ERROR_NOT_AVAILABLE },
        { EINVAL, UDP_ERROR_INVALID },
        { EAFNOSUPPORT, UDP_ERROR_INVALID },
        { EACCES, UDP_ERROR_DENIED },
        { EPERM, UDP_ERROR_DENIED },
        { EMSGSIZE, UDP_ERROR_TOO_LARGE },
        { EMFILE, UDP_ERROR_LIMIT },
        { ENFILE, UDP_ERROR_LIMIT },
        { ENOBUFS, UDP_ERROR_LIMIT },
        { ENOMEM, UDP_ERROR_LIMIT },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++)
        if (rows[i].failure == failure)
            return rows[i].error;
    return UDP_ERROR_IO;
}

static bool address_of(const struct udp_endpoint *endpoint, struct address *address)
{
    const struct udp_u8_u8_u8_u8_tuple *v4 = &endpoint->address.v4;
    u8 bytes[ADDRESS_V4_BYTES] = { v4->f0, v4->f1, v4->f2, v4->f3 };
    struct bytes given = { bytes, sizeof(bytes) };
    if (endpoint->address.tag == UDP_ADDRESS_V6) {
        struct weft_bytes v6 = endpoint->address.v6;
        given = (struct bytes){ v6.data, v6.size };
        if (given.size != ADDRESS_V6_BYTES)
            return false;
    }
    return address_from_bytes(given, endpoint->port, address);
}

static struct udp_endpoint endpoint_of(const struct address *address)
{
    struct udp_endpoint endpoint = { .port = address->port };
    const u8 *bytes = address->bytes;
    if (address->size == ADDRESS_V4_BYTES) {
        endpoint.address.tag = UDP_ADDRESS_V4;
        endpoint.address.v4 =
            (struct udp_u8_u8_u8_u8_tuple){ bytes[0], bytes[1], bytes[2], bytes[3] };
    } else {
        endpoint.address.tag = UDP_ADDRESS_V6;
        endpoint.address.v6 = (struct weft_bytes){ bytes, ADDRESS_V6_BYTES };
    }
    return endpoint;
}

/* ---- Sockets ---- */

static void socket_destroy(struct object *object)
{
    struct datagram_socket *socket = (struct datagram_socket *)object;
    channel_deinit(&socket->channel);
    free(socket);
}

static int begin_bind(const struct address *address, struct datagram_socket **socket)
{
    int fd = address_bind(address, SOCK_DGRAM);
    if (fd < 0)
        return -fd;
    *socket = calloc(1, sizeof(**socket));
    if (*socket == NULL) {
        close(fd);
        return ENOMEM;
    }
    (*socket)->object = (struct object){ .holds = 1, .destroy = socket_destroy };
    channel_init(&(*socket)->channel, &handler, &(*socket)->object, fd);
    return 0;
}

static enum weft_status on_bind(void *context, const struct weft_event *event,
                                const struct udp_bind_arguments *arguments)
{
    (void)context;
    u8 small[16];
    struct body_writer writer;
    struct address address;
    struct datagram_socket *socket = NULL;
    if (event->badge != 0)
        return WEFT_DENIED;
    int failure = address_of(&arguments->at, &address) ? begin_bind(&address, &socket) : EINVAL;
    struct udp_socket_error_result result = { .failed = failure != 0 };
    if (!result.failed && handler_mint(&handler, &socket->object, &result.value) != WEFT_OK) {
        result.failed = true;
        failure = EMFILE;
    }
    if (result.failed)
        result.error = error_of(failure);
    body_writer_init(&writer, small, sizeof(small));
    udp_bind_result_encode(&writer, &result);
    handler_answer(&handler, event->id, &writer);
    return WEFT_OK;
}

/* ---- Attempts ---- */

static bool try_send(const struct channel *channel, struct request *request)
{
    struct host_address host = address_to_host(&request->peer);
    ssize_t sent;
    do {
        sent =
            sendto(channel->fd, request->data.data, request->data.size, MSG_NOSIGNAL | MSG_DONTWAIT,
                   (const struct sockaddr *)&host.storage, host.size);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return false;
    request->result = sent < 0 ? -(i64)errno : 0;
    return true;
}

static bool try_receive(const struct channel *channel, struct request *request)
{
    struct host_address host = { .size = sizeof(host.storage) };
    ssize_t got;
    request->buffer = malloc(LIMIT_DATAGRAM_BYTES);
    if (request->buffer == NULL) {
        request->result = -ENOMEM;
        return true;
    }
    do {
        got = recvfrom(channel->fd, request->buffer, LIMIT_DATAGRAM_BYTES, MSG_DONTWAIT,
                       (struct sockaddr *)&host.storage, &host.size);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        free(request->buffer);
        request->buffer = NULL;
        return false;
    }
    request->result = got < 0 ? -(i64)errno : (i64)got;
    if (got >= 0)
        request->peer = address_from_host((const struct sockaddr *)&host.storage);
    return true;
}

/* ---- Settling ---- */

static void answer_none(i64 id, int failure)
{
    u8 small[16];
    struct body_writer writer;
    struct udp_none_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = error_of(failure);
    body_writer_init(&writer, small, sizeof(small));
    udp_socket_send_result_encode(&writer, &result);
    handler_answer(&handler, id, &writer);
}

static void settle_send(struct channel *channel, struct request *request)
{
    (void)channel;
    answer_none(request->id, (int)-request->result);
}

static void settle_receive(struct channel *channel, struct request *request)
{
    (void)channel;
    enum { RECORD_BYTES = 64 };
    struct body_writer writer;
    u8 small[RECORD_BYTES];
    struct udp_datagram_error_result result = { .failed = request->result < 0 };
    u32 size = result.failed ? 0 : (u32)request->result;
    u8 *space = result.failed ? NULL : malloc(RECORD_BYTES + size);
    if (!result.failed && space == NULL) {
        result.failed = true;
        request->result = -ENOMEM;
    }
    if (result.failed)
        result.error = error_of((int)-request->result);
    else
        result.value =
            (struct udp_datagram){ endpoint_of(&request->peer), { request->buffer, size } };
    body_writer_init(&writer, space == NULL ? small : space, RECORD_BYTES + size);
    udp_socket_receive_result_encode(&writer, &result);
    handler_answer(&handler, request->id, &writer);
    free(space);
}

static void settle_readable(struct channel *channel, struct request *request)
{
    (void)channel;
    u8 small[16];
    struct body_writer writer;
    struct udp_u64_error_result result = { .failed = request->result < 0 };
    if (result.failed)
        result.error = error_of((int)-request->result);
    else
        result.value = (u64)request->result;
    body_writer_init(&writer, small, sizeof(small));
    udp_socket_readable_result_encode(&writer, &result);
    handler_answer(&handler, request->id, &writer);
}

static const struct channel_operation operation_send = { EPOLLOUT, try_send, settle_send };
static const struct channel_operation operation_receive = { EPOLLIN, try_receive, settle_receive };
static const struct channel_operation operation_readable = { EPOLLIN, channel_try_readable,
                                                             settle_readable };

/* ---- Methods ---- */

static enum weft_status submit(const struct weft_event *event, struct request *request)
{
    struct datagram_socket *socket = (struct datagram_socket *)handler_hold(&handler, event->badge);
    if (socket == NULL)
        return WEFT_GONE;
    request->id = event->id;
    channel_submit(&socket->channel, request);
    object_release(&socket->object);
    return WEFT_OK;
}

static enum weft_status on_send(void *context, const struct weft_event *event,
                                const struct udp_socket_send_arguments *arguments)
{
    (void)context;
    struct request request = {
        .operation = &operation_send,
        .data = { arguments->bytes.data, arguments->bytes.size },
    };
    int failure = 0;
    if (!address_of(&arguments->to, &request.peer))
        failure = EINVAL;
    else if (arguments->bytes.size > LIMIT_DATAGRAM_BYTES)
        failure = EMSGSIZE;
    if (failure == 0)
        return submit(event, &request);
    answer_none(event->id, failure);
    return WEFT_OK;
}

static enum weft_status on_receive(void *context, const struct weft_event *event)
{
    (void)context;
    struct request request = { .operation = &operation_receive };
    return submit(event, &request);
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    (void)context;
    struct request request = { .operation = &operation_readable };
    return submit(event, &request);
}

static enum weft_status on_local(void *context, const struct weft_event *event)
{
    (void)context;
    u8 space[64];
    struct body_writer writer;
    struct datagram_socket *socket = (struct datagram_socket *)handler_hold(&handler, event->badge);
    if (socket == NULL)
        return WEFT_GONE;
    struct host_address host = { .size = sizeof(host.storage) };
    int failed = getsockname(socket->channel.fd, (struct sockaddr *)&host.storage, &host.size);
    struct address address = address_from_host((const struct sockaddr *)&host.storage);
    struct udp_endpoint_error_result result = { .failed = failed != 0 };
    if (result.failed)
        result.error = error_of(errno);
    else
        result.value = endpoint_of(&address);
    body_writer_init(&writer, space, sizeof(space));
    udp_socket_local_result_encode(&writer, &result);
    handler_answer(&handler, event->id, &writer);
    object_release(&socket->object);
    return WEFT_OK;
}

/* ---- The handler ---- */

static const struct udp_server server = {
    .bind = on_bind,
    .socket_send = on_send,
    .socket_receive = on_receive,
    .socket_readable = on_readable,
    .socket_local = on_local,
};

static void on_message(void *context, const struct native_message *message)
{
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = udp_dispatch(&server, context, &event, &reader);
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

enum status native_udp_init(void)
{
    static const struct native_operations operations = { "udp", on_message, on_closed,
                                                         on_withdrawn };
    return handler_init(&handler, &operations, NULL, UDP_INTERFACE_NAME, UDP_INTERFACE_HASH);
}

void native_udp_deinit(void)
{
    handler_deinit(&handler);
}
