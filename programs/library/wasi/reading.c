/* fd_read, fd_write and their like, and the descriptor's offset. */
#include "interface/files_program.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/layout.h"
#include "programs/library/wasi/transfer.h"

/* The largest offset that a file can have. */
static const uint64_t OFFSET_MAX = INT64_MAX;

static bool is_seekable(const struct descriptor *descriptor)
{
    return descriptor->kind == DESCRIPTOR_NODE &&
           (descriptor->filetype == WASI_FILETYPE_REGULAR_FILE ||
            descriptor->filetype == WASI_FILETYPE_BLOCK_DEVICE);
}

/* What fd_read and its like check before anything is done. */
struct request {
    struct descriptor *descriptor;
    struct caller_vectors vectors;
};

static uint32_t prepare(struct request *request, uint32_t fd, uint64_t rights,
                        struct caller_vector list, uint32_t size)
{
    uint32_t error = descriptor_find(fd, rights, &request->descriptor);
    if (error == WASI_ENOTCAPABLE && request->descriptor->filetype == WASI_FILETYPE_DIRECTORY)
        return WASI_EISDIR; /* a right that it never has: this says more */
    if (error == WASI_SUCCESS)
        error = caller_check(size, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = caller_open_vectors(&request->vectors, list.address, list.size);
    return error;
}

/* At a place of its own: only where there are places. */
static uint32_t prepare_at(struct request *request, uint32_t fd, uint64_t rights,
                           struct caller_vector list, uint32_t size)
{
    uint32_t error = descriptor_find(fd, 0, &request->descriptor);
    if (error == WASI_SUCCESS && request->descriptor->filetype != WASI_FILETYPE_DIRECTORY &&
        !is_seekable(request->descriptor))
        return WASI_ESPIPE;
    return error == WASI_SUCCESS ? prepare(request, fd, rights, list, size) : error;
}

WASI_FUNCTION(fd_read)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t size)
{
    struct request request;
    uint32_t error = prepare(&request, fd, WASI_RIGHT_FD_READ,
                             (struct caller_vector){ vectors, vector_count }, size);
    uint64_t offset;
    uint32_t done;
    if (error == WASI_SUCCESS)
        error = transfer_offset(request.descriptor, &offset);
    if (error == WASI_SUCCESS)
        error = transfer_read(request.descriptor, &request.vectors, &offset, &done);
    if (error != WASI_SUCCESS)
        return error;
    request.descriptor->offset = offset;
    return caller_store_u32(size, done);
}

WASI_FUNCTION(fd_pread)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint64_t offset,
                        uint32_t size)
{
    struct request request;
    uint32_t error = prepare_at(&request, fd, WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK,
                                (struct caller_vector){ vectors, vector_count }, size);
    uint32_t done;
    if (error == WASI_SUCCESS && offset > OFFSET_MAX)
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS)
        error = transfer_read(request.descriptor, &request.vectors, &offset, &done);
    return error == WASI_SUCCESS ? caller_store_u32(size, done) : error;
}

WASI_FUNCTION(fd_write)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint32_t size)
{
    struct request request;
    uint32_t error = prepare(&request, fd, WASI_RIGHT_FD_WRITE,
                             (struct caller_vector){ vectors, vector_count }, size);
    if (error != WASI_SUCCESS)
        return error;
    struct descriptor *descriptor = request.descriptor;
    bool appends = (descriptor->flags & WASI_FDFLAG_APPEND) != 0 && is_seekable(descriptor);
    uint64_t offset = 0;
    uint32_t done;
    if (!appends)
        error = transfer_offset(descriptor, &offset);
    if (error == WASI_SUCCESS)
        error = transfer_write(descriptor, &request.vectors, &offset, &done);
    if (error != WASI_SUCCESS)
        return error;
    if (!appends)
        descriptor->offset = offset;
    else if (done != 0)
        descriptor->is_at_end = true;
    return caller_store_u32(size, done);
}

WASI_FUNCTION(fd_pwrite)(uint32_t fd, uint32_t vectors, uint32_t vector_count, uint64_t offset,
                         uint32_t size)
{
    struct request request;
    uint32_t error = prepare_at(&request, fd, WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_SEEK,
                                (struct caller_vector){ vectors, vector_count }, size);
    uint32_t done;
    if (error == WASI_SUCCESS && offset > OFFSET_MAX)
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS)
        error = transfer_write(request.descriptor, &request.vectors, &offset, &done);
    return error == WASI_SUCCESS ? caller_store_u32(size, done) : error;
}

/* ---- The offset ---------------------------------------------------------------------------- */

static uint32_t file_size(const struct descriptor *descriptor, uint64_t *size)
{
    struct files_status_error_result result;
    enum weft_status status = files_node_status(client_of(descriptor->slot), &result);
    uint32_t error = ERRNO_OF_CALL(files, status, result);
    if (error == WASI_SUCCESS)
        *size = result.value.size;
    return error;
}

/* Finds a descriptor that has an offset. To learn it takes FD_TELL, to change it FD_SEEK, which
 * includes FD_TELL. */
static uint32_t find_seekable(uint32_t fd, bool changes, struct descriptor **descriptor)
{
    uint32_t error = descriptor_find(fd, 0, descriptor);
    if (error != WASI_SUCCESS)
        return error;
    if ((*descriptor)->filetype != WASI_FILETYPE_DIRECTORY && !is_seekable(*descriptor))
        return WASI_ESPIPE;
    uint64_t rights = WASI_RIGHT_FD_SEEK | (changes ? 0 : WASI_RIGHT_FD_TELL);
    return ((*descriptor)->base & rights) != 0 ? WASI_SUCCESS : WASI_ENOTCAPABLE;
}

WASI_FUNCTION(fd_seek)(uint32_t fd, int64_t offset, uint32_t whence, uint32_t position)
{
    enum layout_whence from = layout_whence_of(whence);
    struct descriptor *descriptor;
    uint32_t error = find_seekable(fd, from != LAYOUT_FROM_CURRENT || offset != 0, &descriptor);
    uint64_t start = 0;
    if (error == WASI_SUCCESS)
        error = caller_check(position, sizeof(uint64_t));
    if (error == WASI_SUCCESS && from == LAYOUT_FROM_NOWHERE)
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS && from == LAYOUT_FROM_CURRENT)
        error = transfer_offset(descriptor, &start);
    if (error == WASI_SUCCESS && from == LAYOUT_FROM_END)
        error = file_size(descriptor, &start);
    if (error != WASI_SUCCESS)
        return error;
    int64_t sum;
    if (__builtin_add_overflow((int64_t)start, offset, &sum) || sum < 0)
        return offset > 0 ? WASI_EOVERFLOW : WASI_EINVAL;
    descriptor->offset = (uint64_t)sum;
    descriptor->is_at_end = false;
    return caller_store_u64(position, (uint64_t)sum);
}

WASI_FUNCTION(fd_tell)(uint32_t fd, uint32_t position)
{
    struct descriptor *descriptor;
    uint64_t offset;
    uint32_t error = find_seekable(fd, false, &descriptor);
    if (error == WASI_SUCCESS)
        error = caller_check(position, sizeof(uint64_t));
    if (error == WASI_SUCCESS)
        error = transfer_offset(descriptor, &offset);
    return error == WASI_SUCCESS ? caller_store_u64(position, offset) : error;
}
