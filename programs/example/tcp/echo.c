/* Handles `tcp` for another process: a network whose every host sends back what it is sent. Nobody
 * listens on port 9. */
#include "interface/tcp_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/server.h"

enum {
    CONNECTIONS_MAX = 16,
    ROOM = 4096,
    REFUSED_PORT = 9,
};

/* A connection's badge is its index; 0 is the interface's own. */
static struct connection {
    bool is_open;
    bool is_finished; /* nothing more will be sent */
    uint32_t size;    /* bytes that were sent and not received */
    uint8_t bytes[ROOM];
    int64_t receiver; /* the message that waits for bytes; 0: none */
    uint32_t wanted;
} connections[CONNECTIONS_MAX + 1];

static struct body_writer *new_answer(void)
{
    static uint8_t body[ROOM + 64];
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

static struct connection *connection_of(const struct weft_event *event)
{
    uint64_t badge = event->badge;
    return badge != 0 && badge <= CONNECTIONS_MAX && connections[badge].is_open
               ? &connections[badge]
               : NULL;
}

static enum weft_status on_connect(void *context, const struct weft_event *event,
                                   const struct tcp_connect_arguments *arguments)
{
    struct tcp_connection_error_result result = { .failed = true, .error = TCP_ERROR_REFUSED };
    uint32_t index = 1;
    (void)context;
    while (index <= CONNECTIONS_MAX && connections[index].is_open)
        index++;
    if (arguments->to.port != REFUSED_PORT && index <= CONNECTIONS_MAX) {
        result.value = server_mint(TCP_INTERFACE_HASH, index);
        result.failed = result.value == WEFT_NO_SLOT;
        connections[index] = (struct connection){ .is_open = !result.failed };
    }
    if (result.failed)
        result.error = index > CONNECTIONS_MAX ? TCP_ERROR_LIMIT : TCP_ERROR_REFUSED;
    return tcp_connect_answer(new_answer(), event->id, &result);
}

/* Answers who waits for bytes, if there are some or will be none. */
static enum weft_status give(struct connection *connection)
{
    uint32_t size = connection->size < connection->wanted ? connection->size : connection->wanted;
    struct tcp_bytes_error_result result = { .value = { connection->bytes, size } };
    if (connection->receiver == 0 || (size == 0 && !connection->is_finished))
        return WEFT_OK;
    enum weft_status status =
        tcp_connection_receive_answer(new_answer(), connection->receiver, &result);
    connection->receiver = 0;
    connection->size -= size;
    memmove(connection->bytes, connection->bytes + size, connection->size);
    return status;
}

static enum weft_status on_receive(void *context, const struct weft_event *event,
                                   const struct tcp_connection_receive_arguments *arguments)
{
    struct connection *connection = connection_of(event);
    (void)context;
    if (connection == NULL || connection->receiver != 0 || arguments->peek)
        return WEFT_UNSUPPORTED;
    connection->receiver = event->id;
    connection->wanted = arguments->count;
    return give(connection);
}

static enum weft_status on_send(void *context, const struct weft_event *event,
                                const struct tcp_connection_send_arguments *arguments)
{
    struct connection *connection = connection_of(event);
    (void)context;
    if (connection == NULL)
        return WEFT_INVALID;
    uint32_t room = ROOM - connection->size;
    uint32_t size = arguments->bytes.size < room ? arguments->bytes.size : room;
    struct tcp_u32_error_result result = { .value = size };
    if (connection->is_finished || size == 0)
        result = (struct tcp_u32_error_result){ .failed = true, .error = TCP_ERROR_CLOSED };
    memcpy(connection->bytes + connection->size, arguments->bytes.data, result.failed ? 0 : size);
    connection->size += result.failed ? 0 : size;
    enum weft_status status = tcp_connection_send_answer(new_answer(), event->id, &result);
    return status == WEFT_OK ? give(connection) : status;
}

static enum weft_status on_shutdown(void *context, const struct weft_event *event,
                                    const struct tcp_connection_shutdown_arguments *arguments)
{
    struct connection *connection = connection_of(event);
    struct tcp_none_error_result result = { 0 };
    (void)context;
    if (connection == NULL)
        return WEFT_INVALID;
    connection->is_finished = connection->is_finished || arguments->sending;
    enum weft_status status = tcp_connection_shutdown_answer(new_answer(), event->id, &result);
    return status == WEFT_OK ? give(connection) : status;
}

/* Who waits no more is not answered. */
static void on_withdrawn(int64_t id)
{
    for (uint32_t i = 1; i <= CONNECTIONS_MAX; i++)
        if (connections[i].receiver == id)
            connections[i].receiver = 0;
}

int weft_main(void)
{
    static const struct tcp_server tcp = {
        .connect = on_connect,
        .connection_receive = on_receive,
        .connection_send = on_send,
        .connection_shutdown = on_shutdown,
    };
    static _Alignas(8) uint8_t buffer[8 * ROOM];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server, tcp_dispatch(&tcp, NULL, &server.event, &server.reader));
        else if (kind == WEFT_EVENT_CLOSED && server.event.badge <= CONNECTIONS_MAX)
            connections[server.event.badge].is_open = false;
        else if (kind == WEFT_EVENT_WITHDRAWN)
            on_withdrawn(server.event.id);
    }
}
