#include "programs/library/wasi/transfer.h"

#include "interface/files_program.h"
#include "interface/stream_program.h"
#include "interface/tcp_program.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/polling.h"

/* WASI_EAGAIN if reading or writing would wait and the descriptor is not to; else how much can be
 * read or written at once, at most `*count` as it was. Nodes know themselves. */
static uint32_t check_patience(const struct descriptor *descriptor, bool is_read, uint32_t *count)
{
    uint64_t room;
    if ((descriptor->flags & WASI_FDFLAG_NONBLOCK) == 0 || descriptor->kind == DESCRIPTOR_NODE)
        return WASI_SUCCESS;
    if (!polling_is_ready(descriptor, is_read, &room))
        return WASI_EAGAIN;
    if (descriptor->kind == DESCRIPTOR_STREAM && room != 0 && room < *count)
        *count = (uint32_t)room;
    return WASI_SUCCESS;
}

/* ---- Reading ------------------------------------------------------------------------------- */

uint32_t transfer_receive(struct descriptor *descriptor, uint32_t count, bool peek,
                          struct weft_bytes *bytes)
{
    uint32_t error = check_patience(descriptor, true, &count);
    if (error != WASI_SUCCESS)
        return error;
    struct tcp_bytes_error_result result;
    enum weft_status status =
        tcp_connection_receive(client_of(descriptor->slot), count, peek, &result);
    error = ERRNO_OF_CALL(tcp, status, result);
    if (error == WASI_SUCCESS)
        *bytes = result.value;
    return error;
}

static uint32_t read_node(const struct descriptor *descriptor, uint64_t offset, uint32_t count,
                          struct weft_bytes *bytes)
{
    struct files_bytes_error_result result;
    enum weft_status status = files_node_read(client_of(descriptor->slot), offset, count, &result);
    uint32_t error = ERRNO_OF_CALL(files, status, result);
    if (error == WASI_SUCCESS)
        *bytes = result.value;
    return error;
}

static uint32_t read_stream(const struct descriptor *descriptor, uint32_t count,
                            struct weft_bytes *bytes)
{
    uint32_t error = check_patience(descriptor, true, &count);
    if (error != WASI_SUCCESS)
        return error;
    struct stream_bytes_error_result result;
    enum weft_status status = stream_read(client_of(descriptor->slot), count, &result);
    error = ERRNO_OF_CALL(stream, status, result);
    if (error == WASI_SUCCESS)
        *bytes = result.value;
    return error;
}

static uint32_t read_once(struct descriptor *descriptor, uint64_t offset, uint32_t count,
                          struct weft_bytes *bytes)
{
    uint32_t error = WASI_ENOTSUP;
    if (descriptor->kind == DESCRIPTOR_NODE)
        error = read_node(descriptor, offset, count, bytes);
    else if (descriptor->kind == DESCRIPTOR_STREAM)
        error = read_stream(descriptor, count, bytes);
    else if (descriptor->kind == DESCRIPTOR_CONNECTION)
        error = transfer_receive(descriptor, count, false, bytes);
    /* More than was asked for is no answer to the question. */
    return error == WASI_SUCCESS && bytes->size > count ? WASI_EIO : error;
}

uint32_t transfer_read(struct descriptor *descriptor, struct caller_vectors *vectors,
                       uint64_t *offset, uint32_t *size)
{
    bool is_file =
        descriptor->filetype == WASI_FILETYPE_REGULAR_FILE && descriptor->kind == DESCRIPTOR_NODE;
    *size = 0;
    while (vectors->left != 0) {
        uint32_t count = vectors->left < TRANSFER_MAX ? vectors->left : TRANSFER_MAX;
        struct weft_bytes bytes;
        uint32_t error = read_once(descriptor, *offset, count, &bytes);
        if (error == WASI_SUCCESS)
            error = caller_scatter(vectors, bytes.data, bytes.size);
        if (error != WASI_SUCCESS)
            return *size != 0 ? WASI_SUCCESS : error;
        *size += bytes.size;
        *offset += bytes.size;
        /* What is no file gives what there is; to ask once more could wait. */
        if (bytes.size < count || !is_file)
            break;
    }
    return WASI_SUCCESS;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static uint32_t write_node(const struct descriptor *descriptor, uint64_t offset,
                           struct weft_bytes bytes, uint32_t *count)
{
    struct files_u32_error_result result;
    enum weft_status status = files_node_write(client_of(descriptor->slot), offset, bytes, &result);
    uint32_t error = ERRNO_OF_CALL(files, status, result);
    if (error == WASI_SUCCESS)
        *count = result.value;
    return error;
}

static uint32_t write_stream(const struct descriptor *descriptor, struct weft_bytes bytes,
                             uint32_t *count)
{
    struct stream_u32_error_result result;
    enum weft_status status = stream_write(client_of(descriptor->slot), bytes, &result);
    uint32_t error = ERRNO_OF_CALL(stream, status, result);
    if (error == WASI_SUCCESS)
        *count = result.value;
    return error;
}

static uint32_t write_connection(const struct descriptor *descriptor, struct weft_bytes bytes,
                                 uint32_t *count)
{
    struct tcp_u32_error_result result;
    enum weft_status status = tcp_connection_send(client_of(descriptor->slot), bytes, &result);
    uint32_t error = ERRNO_OF_CALL(tcp, status, result);
    if (error == WASI_SUCCESS)
        *count = result.value;
    return error;
}

static uint32_t write_once(struct descriptor *descriptor, uint64_t offset, struct weft_bytes bytes,
                           uint32_t *count)
{
    uint32_t error = check_patience(descriptor, false, &bytes.size);
    if (error != WASI_SUCCESS)
        return error;
    error = WASI_ENOTSUP;
    if (descriptor->kind == DESCRIPTOR_NODE)
        error = write_node(descriptor, offset, bytes, count);
    else if (descriptor->kind == DESCRIPTOR_STREAM)
        error = write_stream(descriptor, bytes, count);
    else if (descriptor->kind == DESCRIPTOR_CONNECTION)
        error = write_connection(descriptor, bytes, count);
    return error == WASI_SUCCESS && *count > bytes.size ? WASI_EIO : error;
}

uint32_t transfer_write(struct descriptor *descriptor, struct caller_vectors *vectors,
                        uint64_t *offset, uint32_t *size)
{
    static uint8_t buffer[TRANSFER_MAX];
    *size = 0;
    while (vectors->left != 0) {
        uint32_t count = 0;
        uint32_t wanted = vectors->left < TRANSFER_MAX ? vectors->left : TRANSFER_MAX;
        uint32_t error = caller_gather(vectors, buffer, wanted);
        if (error == WASI_SUCCESS)
            error = write_once(descriptor, *offset, (struct weft_bytes){ buffer, wanted }, &count);
        if (error != WASI_SUCCESS)
            return *size != 0 ? WASI_SUCCESS : error;
        *size += count;
        *offset += count;
        if (count < wanted)
            break;
    }
    return WASI_SUCCESS;
}

uint32_t transfer_offset(struct descriptor *descriptor, uint64_t *offset)
{
    if (descriptor->is_at_end) {
        struct files_status_error_result result;
        enum weft_status status = files_node_status(client_of(descriptor->slot), &result);
        uint32_t error = ERRNO_OF_CALL(files, status, result);
        if (error != WASI_SUCCESS)
            return error;
        descriptor->offset = result.value.size;
        descriptor->is_at_end = false;
    }
    *offset = descriptor->offset;
    return WASI_SUCCESS;
}
