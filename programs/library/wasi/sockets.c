/* sock_*: connections and listeners that the program was given. */
#include "interface/tcp_program.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/polling.h"
#include "programs/library/wasi/transfer.h"

enum {
    RECV_PEEK = 1 << 0,
    RECV_WAITALL = 1 << 1,
    RECV_FLAGS = RECV_PEEK | RECV_WAITALL,

    SHUTDOWN_RECEIVING = 1 << 0,
    SHUTDOWN_SENDING = 1 << 1,
    SHUTDOWN_FLAGS = SHUTDOWN_RECEIVING | SHUTDOWN_SENDING,
};

static uint32_t find_socket(uint32_t fd, enum descriptor_kind kind, uint64_t right,
                            struct descriptor **descriptor)
{
    uint32_t error = descriptor_find(fd, 0, descriptor);
    if (error != WASI_SUCCESS)
        return error;
    if ((*descriptor)->kind != DESCRIPTOR_CONNECTION && (*descriptor)->kind != DESCRIPTOR_LISTENER)
        return WASI_ENOTSOCK;
    if ((*descriptor)->kind != kind)
        return kind == DESCRIPTOR_LISTENER ? WASI_EINVAL : WASI_ENOTCONN;
    return descriptor_find(fd, right, descriptor);
}

/* A listener that is not to wait is first asked whether somebody is there. */
static uint32_t check_acceptable(const struct descriptor *listener)
{
    uint64_t size;
    if ((listener->flags & WASI_FDFLAG_NONBLOCK) == 0)
        return WASI_SUCCESS;
    return polling_is_ready(listener, true, &size) ? WASI_SUCCESS : WASI_EAGAIN;
}

WASI_FUNCTION(sock_accept)(uint32_t fd, uint32_t flags, uint32_t accepted)
{
    struct descriptor *listener;
    uint32_t error = find_socket(fd, DESCRIPTOR_LISTENER, WASI_RIGHT_SOCK_ACCEPT, &listener);
    if (error == WASI_SUCCESS && (flags & ~(uint32_t)WASI_FDFLAG_NONBLOCK) != 0)
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS)
        error = caller_check(accepted, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = descriptor_room();
    if (error == WASI_SUCCESS)
        error = check_acceptable(listener);
    if (error != WASI_SUCCESS)
        return error;
    struct tcp_connection_error_result result;
    enum weft_status status = tcp_listener_accept(client_of(listener->slot), &result);
    error = ERRNO_OF_CALL(tcp, status, result);
    if (error != WASI_SUCCESS)
        return error;
    return caller_store_u32(accepted, descriptor_add(&(struct descriptor){
                                          .kind = DESCRIPTOR_CONNECTION,
                                          .filetype = WASI_FILETYPE_SOCKET_STREAM,
                                          .is_resolved = true,
                                          .flags = (uint16_t)flags,
                                          .slot = result.value,
                                          .base = listener->inheriting,
                                      }));
}

/* With RECV_WAITALL it goes on until the vectors are full or the other side has finished. */
static uint32_t receive(struct descriptor *descriptor, struct caller_vectors *vectors,
                        uint32_t flags, uint32_t *size)
{
    *size = 0;
    while (vectors->left != 0) {
        uint32_t count = vectors->left < TRANSFER_MAX ? vectors->left : TRANSFER_MAX;
        struct weft_bytes bytes;
        uint32_t error = transfer_receive(descriptor, count, (flags & RECV_PEEK) != 0, &bytes);
        if (error == WASI_SUCCESS && bytes.size > count)
            error = WASI_EIO;
        if (error == WASI_SUCCESS)
            error = caller_scatter(vectors, bytes.data, bytes.size);
        if (error != WASI_SUCCESS)
            return *size != 0 ? WASI_SUCCESS : error;
        *size += bytes.size;
        if (bytes.size == 0 || flags != RECV_WAITALL)
            break;
    }
    return WASI_SUCCESS;
}

WASI_FUNCTION(sock_recv)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t flags,
                         uint32_t size, uint32_t result_flags)
{
    struct descriptor *descriptor;
    struct caller_vectors list;
    uint32_t done;
    uint32_t error = find_socket(fd, DESCRIPTOR_CONNECTION, WASI_RIGHT_FD_READ, &descriptor);
    if (error == WASI_SUCCESS && (flags & ~(uint32_t)RECV_FLAGS) != 0)
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS)
        error = caller_check(size, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = caller_check(result_flags, sizeof(uint16_t));
    if (error == WASI_SUCCESS)
        error = caller_open_vectors(&list, vectors, vector_count);
    if (error == WASI_SUCCESS)
        error = receive(descriptor, &list, flags, &done);
    if (error != WASI_SUCCESS)
        return error;
    uint16_t none = 0; /* only datagrams are truncated */
    error = caller_store(result_flags, &none, sizeof(none));
    return error == WASI_SUCCESS ? caller_store_u32(size, done) : error;
}

WASI_FUNCTION(sock_send)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t flags,
                         uint32_t size)
{
    struct descriptor *descriptor;
    struct caller_vectors list;
    uint64_t offset = 0;
    uint32_t done;
    uint32_t error = find_socket(fd, DESCRIPTOR_CONNECTION, WASI_RIGHT_FD_WRITE, &descriptor);
    if (error == WASI_SUCCESS && flags != 0)
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS)
        error = caller_check(size, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = caller_open_vectors(&list, vectors, vector_count);
    if (error == WASI_SUCCESS)
        error = transfer_write(descriptor, &list, &offset, &done);
    return error == WASI_SUCCESS ? caller_store_u32(size, done) : error;
}

WASI_FUNCTION(sock_shutdown)(uint32_t fd, uint32_t how)
{
    struct descriptor *descriptor;
    uint32_t error = find_socket(fd, DESCRIPTOR_CONNECTION, WASI_RIGHT_SOCK_SHUTDOWN, &descriptor);
    if (error == WASI_SUCCESS && (how == 0 || (how & ~(uint32_t)SHUTDOWN_FLAGS) != 0))
        error = WASI_EINVAL;
    if (error != WASI_SUCCESS)
        return error;
    struct tcp_none_error_result result;
    enum weft_status status =
        tcp_connection_shutdown(client_of(descriptor->slot), (how & SHUTDOWN_RECEIVING) != 0,
                                (how & SHUTDOWN_SENDING) != 0, &result);
    return ERRNO_OF_CALL(tcp, status, result);
}
