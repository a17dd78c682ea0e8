/* Descriptors as such: closing, renumbering, their state and rights, preopened directories. */
#include "interface/files_program.h"
#include "interface/system_program.h"
#include "lib/fd_slot.h"
#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/descriptor.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/opening.h"

WASI_FUNCTION(fd_close)(uint32_t fd)
{
    struct descriptor *descriptor;
    uint32_t error = descriptor_find(fd, 0, &descriptor);
    if (error == WASI_SUCCESS)
        descriptor_close(descriptor);
    return error;
}

WASI_FUNCTION(fd_renumber)(uint32_t from, uint32_t to)
{
    struct descriptor *source;
    struct descriptor *target;
    uint32_t error = descriptor_find(from, 0, &source);
    if (error == WASI_SUCCESS)
        error = descriptor_find(to, 0, &target);
    if (error == WASI_SUCCESS)
        descriptor_move(source, target);
    return error;
}

uint32_t descriptor_copy(uint32_t fd, uint32_t *copy)
{
    struct descriptor *source;
    struct system_any_error_result result;
    uint32_t error = descriptor_find(fd, 0, &source);
    if (error == WASI_SUCCESS)
        error = descriptor_room();
    if (error != WASI_SUCCESS)
        return error;
    if (system_copy(client_of(system_slot()), source->slot, &result) != WEFT_OK || result.failed)
        return WASI_EMFILE; /* the only reason: slots are used up */
    struct descriptor copied = *source;
    copied.slot = result.value;
    copied.name = (struct weft_bytes){ 0 };
    *copy = descriptor_add(&copied);
    return WASI_SUCCESS;
}

WASI_FUNCTION(fd_copy)(uint32_t fd, uint32_t copy)
{
    uint32_t copied;
    uint32_t error = caller_check(copy, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = descriptor_copy(fd, &copied);
    return error == WASI_SUCCESS ? caller_store_u32(copy, copied) : error;
}

WASI_FUNCTION(fd_slot)(uint32_t fd, uint32_t slot, uint32_t kind)
{
    struct descriptor *descriptor;
    uint32_t error = descriptor_find(fd, 0, &descriptor);
    if (error == WASI_SUCCESS)
        error = caller_check(kind, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = caller_store_u32(slot, (uint32_t)descriptor->slot);
    if (error != WASI_SUCCESS)
        return error;
    return caller_store_u32(kind, descriptor->kind == DESCRIPTOR_STREAM ? FD_KIND_STREAM
                                   : descriptor->kind == DESCRIPTOR_NODE ? FD_KIND_NODE
                                                                         : FD_KIND_OTHER);
}

WASI_FUNCTION(fd_adopt)(uint32_t slot, uint32_t fd)
{
    uint32_t error = caller_check(fd, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = descriptor_room();
    return error == WASI_SUCCESS ? caller_store_u32(fd, descriptor_adopt((int32_t)slot)) : error;
}

struct fdstat {
    uint16_t filetype; /* a byte and padding */
    uint16_t flags;
    uint32_t padding;
    uint64_t base;
    uint64_t inheriting;
};
_Static_assert(sizeof(struct fdstat) == 24, "fdstat is 24 bytes");

WASI_FUNCTION(fd_fdstat_get)(uint32_t fd, uint32_t stat)
{
    struct descriptor *descriptor;
    uint32_t error = descriptor_find(fd, 0, &descriptor);
    if (error != WASI_SUCCESS)
        return error;
    descriptor_resolve(descriptor);
    struct fdstat state = {
        .filetype = descriptor->filetype,
        .flags = descriptor->flags,
        .base = descriptor->base,
        .inheriting = descriptor->inheriting,
    };
    return caller_store(stat, &state, sizeof(state));
}

WASI_FUNCTION(fd_fdstat_set_flags)(uint32_t fd, uint32_t flags)
{
    struct descriptor *descriptor;
    uint32_t error = descriptor_find(fd, WASI_RIGHT_FD_FDSTAT_SET_FLAGS, &descriptor);
    if (error == WASI_SUCCESS && (flags & ~(uint32_t)WASI_FDFLAGS_ALL) != 0)
        error = WASI_EINVAL;
    if (error != WASI_SUCCESS)
        return error;
    if (descriptor->kind == DESCRIPTOR_NODE) {
        struct files_none_error_result result;
        enum weft_status status =
            files_node_set_flags(client_of(descriptor->slot), opening_flags(flags), &result);
        error = ERRNO_OF_CALL(files, status, result);
    }
    if (error == WASI_SUCCESS)
        descriptor->flags = (uint16_t)flags;
    return error;
}

/* Rights can only be given up. */
WASI_FUNCTION(fd_fdstat_set_rights)(uint32_t fd, uint64_t base, uint64_t inheriting)
{
    struct descriptor *descriptor;
    uint32_t error = descriptor_find(fd, base, &descriptor);
    if (error == WASI_SUCCESS && (inheriting & ~descriptor->inheriting) != 0)
        error = WASI_ENOTCAPABLE;
    if (error != WASI_SUCCESS)
        return error;
    descriptor->base = base;
    descriptor->inheriting = inheriting;
    return WASI_SUCCESS;
}

/* ---- Preopened directories ----------------------------------------------------------------- */

static uint32_t find_preopened(uint32_t fd, struct descriptor **descriptor)
{
    uint32_t error = descriptor_find(fd, 0, descriptor);
    return error == WASI_SUCCESS && (*descriptor)->name.data == NULL ? WASI_EBADF : error;
}

WASI_FUNCTION(fd_prestat_get)(uint32_t fd, uint32_t stat)
{
    struct descriptor *descriptor;
    uint32_t error = find_preopened(fd, &descriptor);
    if (error != WASI_SUCCESS)
        return error;
    struct prestat {
        uint32_t kind; /* a byte, 0 for a directory, and padding */
        uint32_t name_size;
    } state = { 0, descriptor->name.size };
    return caller_store(stat, &state, sizeof(state));
}

WASI_FUNCTION(fd_prestat_dir_name)(uint32_t fd, uint32_t name, uint32_t capacity)
{
    struct descriptor *descriptor;
    uint32_t error = find_preopened(fd, &descriptor);
    if (error == WASI_SUCCESS && capacity < descriptor->name.size)
        error = WASI_ENAMETOOLONG;
    if (error != WASI_SUCCESS)
        return error;
    return caller_store(name, descriptor->name.data, descriptor->name.size);
}
