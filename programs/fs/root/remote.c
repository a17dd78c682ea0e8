#include "programs/fs/root/remote.h"

#include "interface/names_program.h"
#include "interface/random_program.h"
#include "interface/serial_program.h"
#include "interface/stream_program.h"
#include "interface/tcp_program.h"
#include "interface/terminal_program.h"
#include "programs/fs/root/address.h"
#include "programs/fs/root/authority.h"
#include "programs/fs/root/forward.h"
#include "programs/fs/root/root.h"

struct remote {
    bool is_used;
    int32_t slot;
    uint64_t silo;
    uint32_t holds;
};

static struct remote remotes[REMOTES_MAX];
static struct volume streams;
static struct volume connections; /* of TCP */

static struct remote *remote_of(uint64_t node)
{
    return &remotes[node - VOLUME_ROOT];
}

int32_t remote_slot(uint64_t node)
{
    return remote_of(node)->slot;
}

static enum files_error error_of_stream(enum stream_error error)
{
    static const enum files_error errors[] = {
        [STREAM_ERROR_CLOSED] = FILES_ERROR_PIPE,
        [STREAM_ERROR_IO] = FILES_ERROR_IO,
        [STREAM_ERROR_UNSUPPORTED] = FILES_ERROR_BAD_DESCRIPTOR,
        [STREAM_ERROR_NO_SPACE] = FILES_ERROR_NO_SPACE,
    };
    return errors[error];
}

static int failure_of_tcp(enum tcp_error error)
{
    switch (error) {
    case TCP_ERROR_DENIED:
        return FAILURE(ACCESS);
    case TCP_ERROR_CLOSED:
    case TCP_ERROR_RESET:
        return FAILURE(PIPE);
    case TCP_ERROR_LIMIT:
        return FAILURE(TOO_MANY_OPEN);
    case TCP_ERROR_INVALID:
        return FAILURE(INVALID);
    case TCP_ERROR_REFUSED:
    case TCP_ERROR_UNREACHABLE:
    case TCP_ERROR_NOT_AVAILABLE:
        return FAILURE(NO_DEVICE);
    default:
        return FAILURE(IO);
    }
}

static int later(enum weft_status status)
{
    if (status == WEFT_OK)
        return VOLUME_LATER;
    return status == WEFT_LIMIT || status == WEFT_WOULD_BLOCK ? FAILURE(AGAIN)
           : status == WEFT_DENIED                            ? FAILURE(ACCESS)
                                                              : FAILURE(IO);
}

int remote_ask(struct weft_client *client, finish_remote *finish, uint64_t what)
{
    const struct forward_step step = { finish, what, WEFT_NO_SLOT };
    return later(forward_ask(root_event, client, step));
}

int remote_find_row(const char *interface, struct weft_client *client)
{
    int32_t slot;
    int failure = authority_find(interface, &slot);
    if (failure == 0)
        *client = root_client(slot);
    return failure;
}

int remote_ask_row(struct weft_client *client, finish_remote *finish, uint64_t what)
{
    const struct forward_step step = { finish, what, client->slot };
    return later(forward_ask(root_event, client, step));
}

/* ---- Opening --------------------------------------------------------------------------------- */

static bool find_room(uint64_t silo, uint64_t *node)
{
    uint32_t count = 0;
    *node = 0;
    for (uint32_t i = 0; i < REMOTES_MAX; i++) {
        count += remotes[i].is_used && remotes[i].silo == silo;
        if (!remotes[i].is_used)
            *node = VOLUME_ROOT + i;
    }
    return *node != 0 && count < REMOTES_PER_SILO_MAX;
}

void remote_give(const struct weft_event *asked, int32_t slot, struct volume *volume,
                 uint32_t flags)
{
    struct open_node node = {
        .at = { volume, 0 },
        .rights = flags & (FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE),
        .process = asked->sender,
        .silo = asked->sender_silo,
    };
    if (!find_room(asked->sender_silo, &node.at.node)) {
        server_close(&slot, 1);
        answer_opened(asked, FAILURE(TOO_MANY_OPEN), NULL);
        return;
    }
    *remote_of(node.at.node) =
        (struct remote){ .is_used = true, .slot = slot, .silo = asked->sender_silo };
    remote_hold(volume, node.at.node);
    answer_opened(asked, 0, &node);
    remote_release(volume, node.at.node);
}

static void on_terminal(const struct weft_event *asked, struct body_reader *answer, uint64_t flags)
{
    int32_t slot;
    if (answer != NULL && terminal_open_result_decode(answer, &slot))
        remote_give(asked, slot, &streams, (uint32_t)flags);
    else
        answer_opened(asked, FAILURE(NO_DEVICE), NULL);
}

int remote_open_terminal(uint32_t flags)
{
    struct weft_client client;
    int failure = remote_find_row(TERMINAL_INTERFACE_HASH, &client);
    if (failure != 0)
        return failure;
    terminal_open_encode(client_begin(&client));
    return remote_ask_row(&client, on_terminal, flags);
}

static void on_serial(const struct weft_event *asked, struct body_reader *answer, uint64_t flags)
{
    struct serial_line_error_result result;
    if (answer == NULL || !serial_open_result_decode(answer, &result))
        answer_opened(asked, FAILURE(NO_DEVICE), NULL);
    else if (result.failed)
        answer_opened(asked, FAILURE(BUSY), NULL);
    else
        remote_give(asked, result.value, &streams, (uint32_t)flags);
}

int remote_open_serial(uint32_t flags)
{
    struct weft_client client;
    int failure = remote_find_row(SERIAL_INTERFACE_HASH, &client);
    if (failure != 0)
        return failure;
    serial_open_encode(client_begin(&client));
    return remote_ask_row(&client, on_serial, flags);
}

static void on_connected(const struct weft_event *asked, struct body_reader *answer, uint64_t flags)
{
    struct tcp_connection_error_result result;
    if (answer == NULL || !tcp_connect_result_decode(answer, &result))
        answer_opened(asked, FAILURE(IO), NULL);
    else if (result.failed)
        answer_opened(asked, failure_of_tcp(result.error), NULL);
    else
        remote_give(asked, result.value, &connections, (uint32_t)flags);
}

static int connect(const struct tcp_endpoint *to, uint32_t flags)
{
    struct weft_client client;
    int failure = remote_find_row(TCP_INTERFACE_HASH, &client);
    if (failure != 0)
        return failure;
    tcp_connect_encode(client_begin(&client), *to);
    return remote_ask_row(&client, on_connected, flags);
}

/* The first address of the name; the step's number has flags above and port below. */
static void on_resolved(const struct weft_event *asked, struct body_reader *answer, uint64_t what)
{
    struct names_address_list_error_result result;
    struct tcp_endpoint to = { .port = (uint16_t)what };
    int failure = FAILURE(IO);
    if (answer != NULL && names_resolve_result_decode(answer, &result))
        failure = result.failed || result.value.count == 0 ? FAILURE(NOT_FOUND) : 0;
    if (failure == 0) {
        const struct names_address *address = &result.value.data[0];
        to.address.tag = (enum tcp_address_tag)address->tag;
        if (address->tag == NAMES_ADDRESS_V4)
            to.address.v4 = (struct tcp_u8_u8_u8_u8_tuple){ address->v4.f0, address->v4.f1,
                                                            address->v4.f2, address->v4.f3 };
        else
            to.address.v6 = address->v6;
        root_event = asked;
        root_body = NULL;
        failure = connect(&to, (uint32_t)(what >> 16));
    }
    if (failure != VOLUME_LATER)
        answer_opened(asked, failure, NULL);
}

/* Nobody is asked once the address is there: all is decided before. */
static int resolve(struct weft_bytes name, uint16_t port, uint32_t flags)
{
    struct weft_client client;
    int failure = authority_check(TCP_INTERFACE_HASH);
    if (failure == 0)
        failure = remote_find_row(NAMES_INTERFACE_HASH, &client);
    if (failure != 0)
        return failure;
    names_resolve_encode(client_begin(&client), name);
    return remote_ask_row(&client, on_resolved, (uint64_t)flags << 16 | port);
}

int remote_open_tcp(struct weft_bytes where, uint32_t flags)
{
    struct weft_bytes host;
    struct tcp_endpoint to = { 0 };
    uint8_t parts[4];
    if (!address_divide(where, &host, &to.port))
        return FAILURE(INVALID);
    if (!address_read(host, parts))
        return resolve(host, to.port, flags);
    to.address.tag = TCP_ADDRESS_V4;
    to.address.v4 = (struct tcp_u8_u8_u8_u8_tuple){ parts[0], parts[1], parts[2], parts[3] };
    return connect(&to, flags);
}

/* ---- Reading and writing --------------------------------------------------------------------- */

static void on_stream_read(const struct weft_event *asked, struct body_reader *answer,
                           uint64_t what)
{
    struct stream_bytes_error_result result;
    (void)what;
    if (answer == NULL || !stream_read_result_decode(answer, &result))
        answer_bytes(asked, (struct weft_bytes){ 0 }, FAILURE(IO));
    else if (result.failed)
        answer_bytes(asked, (struct weft_bytes){ 0 }, 1 + (int)error_of_stream(result.error));
    else
        answer_bytes(asked, result.value, 0);
}

static void on_tcp_received(const struct weft_event *asked, struct body_reader *answer,
                            uint64_t what)
{
    struct tcp_bytes_error_result result;
    (void)what;
    if (answer == NULL || !tcp_connection_receive_result_decode(answer, &result))
        answer_bytes(asked, (struct weft_bytes){ 0 }, FAILURE(IO));
    else if (result.failed)
        answer_bytes(asked, (struct weft_bytes){ 0 }, failure_of_tcp(result.error));
    else
        answer_bytes(asked, result.value, 0);
}

static int read_stream(struct volume *volume, uint64_t node, uint64_t offset,
                       struct volume_span *span)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    (void)offset;
    if (span->size == 0)
        return 0;
    stream_read_encode(client_begin(&client), span->size);
    return remote_ask(&client, on_stream_read, 0);
}

static int receive(struct volume *volume, uint64_t node, uint64_t offset, struct volume_span *span)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    (void)offset;
    if (span->size == 0)
        return 0;
    tcp_connection_receive_encode(client_begin(&client), span->size, false);
    return remote_ask(&client, on_tcp_received, 0);
}

static void on_stream_readable(const struct weft_event *asked, struct body_reader *answer,
                               uint64_t what)
{
    struct stream_u64_error_result result;
    (void)what;
    if (answer == NULL || !stream_readable_result_decode(answer, &result))
        answer_readable(asked, 0, FAILURE(IO));
    else if (result.failed)
        answer_readable(asked, 0, 1 + (int)error_of_stream(result.error));
    else
        answer_readable(asked, result.value, 0);
}

static void on_tcp_readable(const struct weft_event *asked, struct body_reader *answer,
                            uint64_t what)
{
    struct tcp_u64_error_result result;
    (void)what;
    if (answer == NULL || !tcp_connection_readable_result_decode(answer, &result))
        answer_readable(asked, 0, FAILURE(IO));
    else if (result.failed)
        answer_readable(asked, 0, failure_of_tcp(result.error));
    else
        answer_readable(asked, result.value, 0);
}

static int stream_is_readable(struct volume *volume, uint64_t node, uint64_t *size)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    (void)size;
    stream_readable_encode(client_begin(&client));
    return remote_ask(&client, on_stream_readable, 0);
}

static int connection_is_readable(struct volume *volume, uint64_t node, uint64_t *size)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    (void)size;
    tcp_connection_readable_encode(client_begin(&client));
    return remote_ask(&client, on_tcp_readable, 0);
}

static void on_stream_written(const struct weft_event *asked, struct body_reader *answer,
                              uint64_t what)
{
    struct stream_u32_error_result result;
    (void)what;
    if (answer == NULL || !stream_write_result_decode(answer, &result))
        answer_count(asked, 0, FAILURE(IO));
    else if (result.failed)
        answer_count(asked, 0, 1 + (int)error_of_stream(result.error));
    else
        answer_count(asked, result.value, 0);
}

static void on_tcp_sent(const struct weft_event *asked, struct body_reader *answer, uint64_t what)
{
    struct tcp_u32_error_result result;
    (void)what;
    if (answer == NULL || !tcp_connection_send_result_decode(answer, &result))
        answer_count(asked, 0, FAILURE(IO));
    else if (result.failed)
        answer_count(asked, 0, failure_of_tcp(result.error));
    else
        answer_count(asked, result.value, 0);
}

struct weft_bytes remote_part(struct weft_bytes bytes)
{
    enum { PART = 16 << 10 };
    return (struct weft_bytes){ bytes.data, bytes.size < PART ? bytes.size : (uint32_t)PART };
}

static int write_stream(struct volume *volume, uint64_t node, uint64_t offset,
                        struct weft_bytes bytes, uint32_t *count)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    (void)offset;
    *count = 0;
    if (bytes.size == 0)
        return 0;
    stream_write_encode(client_begin(&client), remote_part(bytes));
    return remote_ask(&client, on_stream_written, 0);
}

static int send(struct volume *volume, uint64_t node, uint64_t offset, struct weft_bytes bytes,
                uint32_t *count)
{
    struct weft_client client = root_client(remote_slot(node));
    (void)volume;
    (void)offset;
    *count = 0;
    if (bytes.size == 0)
        return 0;
    tcp_connection_send_encode(client_begin(&client), remote_part(bytes));
    return remote_ask(&client, on_tcp_sent, 0);
}

static void on_random(const struct weft_event *asked, struct body_reader *answer, uint64_t what)
{
    struct weft_bytes bytes;
    (void)what;
    if (answer != NULL && random_bytes_result_decode(answer, &bytes))
        answer_bytes(asked, bytes, 0);
    else
        answer_bytes(asked, (struct weft_bytes){ 0 }, FAILURE(IO));
}

int remote_read_random(uint32_t count)
{
    struct weft_client client;
    int failure = remote_find_row(RANDOM_INTERFACE_HASH, &client);
    if (failure != 0)
        return failure;
    random_bytes_encode(client_begin(&client), count);
    return remote_ask_row(&client, on_random, 0);
}

/* ---- As volumes ------------------------------------------------------------------------------ */

static int status(struct volume *volume, uint64_t node, struct files_status *status)
{
    *status = (struct files_status){
        .inode = node,
        .kind = volume == &connections ? FILES_NODE_KIND_SOCKET : FILES_NODE_KIND_CHARACTER_DEVICE,
        .links = 1,
    };
    return 0;
}

void remote_hold(struct volume *volume, uint64_t node)
{
    (void)volume;
    remote_of(node)->holds++;
}

void remote_release(struct volume *volume, uint64_t node)
{
    (void)volume;
    struct remote *remote = remote_of(node);
    if (--remote->holds != 0)
        return;
    server_close(&remote->slot, 1);
    remote->is_used = false;
}

void remote_init(void)
{
    static const struct volume_operations of_streams = {
        .status = status,
        .read = read_stream,
        .readable = stream_is_readable,
        .write = write_stream,
        .hold = remote_hold,
        .release = remote_release,
    };
    static const struct volume_operations of_connections = {
        .status = status,
        .read = receive,
        .readable = connection_is_readable,
        .write = send,
        .hold = remote_hold,
        .release = remote_release,
    };
    streams.operations = &of_streams;
    connections.operations = &of_connections;
}
