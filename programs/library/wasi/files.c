/* What concerns an open file as a whole: its size, times, status, and that it reaches the disk. */
#include "interface/files_program.h"
#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/descriptor.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/layout.h"
#include "programs/library/wasi/times.h"

/* Finds a descriptor that is a node of `files`; streams and sockets are not. */
static uint32_t find_node(uint32_t fd, uint64_t rights, struct descriptor **descriptor)
{
    uint32_t error = descriptor_find(fd, rights, descriptor);
    if (error == WASI_SUCCESS && (*descriptor)->kind != DESCRIPTOR_NODE)
        return WASI_EINVAL;
    return error;
}

static uint32_t synchronise(uint32_t fd, uint64_t right, bool data_only)
{
    struct descriptor *descriptor;
    uint32_t error = find_node(fd, right, &descriptor);
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_sync(client_of(descriptor->slot), data_only, &result);
    return ERRNO_OF_CALL(files, status, result);
}

WASI_FUNCTION(fd_datasync)(uint32_t fd)
{
    return synchronise(fd, WASI_RIGHT_FD_DATASYNC, true);
}

WASI_FUNCTION(fd_sync)(uint32_t fd)
{
    return synchronise(fd, WASI_RIGHT_FD_SYNC, false);
}

WASI_FUNCTION(fd_advise)(uint32_t fd, uint64_t offset, uint64_t size, uint32_t advice)
{
    struct descriptor *descriptor;
    uint32_t error = descriptor_find(fd, 0, &descriptor);
    if (error == WASI_SUCCESS && descriptor->kind != DESCRIPTOR_NODE)
        return WASI_ESPIPE;
    if (error == WASI_SUCCESS)
        error = descriptor_find(fd, WASI_RIGHT_FD_ADVISE, &descriptor);
    if (error == WASI_SUCCESS &&
        (advice >= WASI_ADVICE_COUNT || offset > INT64_MAX || size > INT64_MAX - offset))
        error = WASI_EINVAL;
    if (error != WASI_SUCCESS)
        return error;
    /* The cases of `files` stand in WASI's order. */
    struct files_none_error_result result;
    enum weft_status status = files_node_advise(client_of(descriptor->slot), offset, size,
                                                (enum files_advice)advice, &result);
    return ERRNO_OF_CALL(files, status, result);
}

WASI_FUNCTION(fd_allocate)(uint32_t fd, uint64_t offset, uint64_t size)
{
    struct descriptor *descriptor;
    uint32_t error = find_node(fd, WASI_RIGHT_FD_ALLOCATE, &descriptor);
    if (error == WASI_SUCCESS && (size == 0 || offset > INT64_MAX || size > INT64_MAX))
        error = WASI_EINVAL;
    if (error == WASI_SUCCESS && size > INT64_MAX - offset)
        error = WASI_EFBIG;
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status =
        files_node_allocate(client_of(descriptor->slot), offset, size, &result);
    return ERRNO_OF_CALL(files, status, result);
}

WASI_FUNCTION(fd_filestat_get)(uint32_t fd, uint32_t stat)
{
    struct descriptor *descriptor;
    uint32_t error = descriptor_find(fd, WASI_RIGHT_FD_FILESTAT_GET, &descriptor);
    if (error == WASI_SUCCESS)
        error = layout_check_filestat(stat);
    if (error != WASI_SUCCESS)
        return error;
    if (descriptor->kind != DESCRIPTOR_NODE) { /* all that is known of it is its type */
        descriptor_resolve(descriptor);
        return layout_store_filestat(stat, &(struct files_status){ 0 }, descriptor->filetype);
    }
    struct files_status_error_result result;
    enum weft_status status = files_node_status(client_of(descriptor->slot), &result);
    error = ERRNO_OF_CALL(files, status, result);
    if (error != WASI_SUCCESS)
        return error;
    return layout_store_filestat(stat, &result.value, descriptor->filetype);
}

WASI_FUNCTION(fd_filestat_set_size)(uint32_t fd, uint64_t size)
{
    struct descriptor *descriptor;
    uint32_t error = find_node(fd, WASI_RIGHT_FD_FILESTAT_SET_SIZE, &descriptor);
    if (error == WASI_SUCCESS && size > INT64_MAX)
        error = WASI_EINVAL;
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status = files_node_set_size(client_of(descriptor->slot), size, &result);
    return ERRNO_OF_CALL(files, status, result);
}

uint32_t times_decode(uint32_t flags, uint64_t accessed, uint64_t modified, struct times *times)
{
    enum {
        BOTH_ACCESSED = WASI_FSTFLAG_ATIM | WASI_FSTFLAG_ATIM_NOW,
        BOTH_MODIFIED = WASI_FSTFLAG_MTIM | WASI_FSTFLAG_MTIM_NOW,
    };
    if ((flags & ~(uint32_t)WASI_FSTFLAGS_ALL) != 0 || (flags & BOTH_ACCESSED) == BOTH_ACCESSED ||
        (flags & BOTH_MODIFIED) == BOTH_MODIFIED)
        return WASI_EINVAL;
    *times = (struct times){ 0 };
    if ((flags & WASI_FSTFLAG_ATIM) != 0)
        times->accessed = (struct files_new_time){ FILES_NEW_TIME_AT, { accessed } };
    if ((flags & WASI_FSTFLAG_ATIM_NOW) != 0)
        times->accessed.tag = FILES_NEW_TIME_NOW;
    if ((flags & WASI_FSTFLAG_MTIM) != 0)
        times->modified = (struct files_new_time){ FILES_NEW_TIME_AT, { modified } };
    if ((flags & WASI_FSTFLAG_MTIM_NOW) != 0)
        times->modified.tag = FILES_NEW_TIME_NOW;
    return WASI_SUCCESS;
}

WASI_FUNCTION(fd_filestat_set_times)(uint32_t fd, uint64_t accessed, uint64_t modified,
                                     uint32_t flags)
{
    struct descriptor *descriptor;
    struct times times;
    uint32_t error = find_node(fd, WASI_RIGHT_FD_FILESTAT_SET_TIMES, &descriptor);
    if (error == WASI_SUCCESS)
        error = times_decode(flags, accessed, modified, &times);
    if (error != WASI_SUCCESS)
        return error;
    struct files_none_error_result result;
    enum weft_status status =
        files_node_set_times(client_of(descriptor->slot), times.accessed, times.modified, &result);
    return ERRNO_OF_CALL(files, status, result);
}
