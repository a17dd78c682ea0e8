/* path_open: a new descriptor, with no more rights than its directory lets it inherit. */
#include "programs/library/wasi/opening.h"

#include "interface/files_program.h"
#include "lib/memory.h"
#include "programs/library/wasi/errors.h"

uint32_t opening_flags(uint32_t fdflags)
{
    return ((fdflags & WASI_FDFLAG_APPEND) != 0 ? FILES_OPEN_FLAGS_APPEND : 0) |
           ((fdflags & WASI_FDFLAG_DSYNC) != 0 ? FILES_OPEN_FLAGS_DATA_SYNC : 0) |
           ((fdflags & WASI_FDFLAG_NONBLOCK) != 0 ? FILES_OPEN_FLAGS_NON_BLOCKING : 0) |
           ((fdflags & WASI_FDFLAG_RSYNC) != 0 ? FILES_OPEN_FLAGS_READ_SYNC : 0) |
           ((fdflags & WASI_FDFLAG_SYNC) != 0 ? FILES_OPEN_FLAGS_SYNC : 0);
}

/* What path_open was asked, but for the path. */
struct request {
    uint32_t lookup;
    uint32_t open_flags;
    uint64_t base;
    uint64_t inheriting;
    uint32_t fdflags;
};

static uint32_t check_flags(const struct request *request)
{
    if ((request->lookup & ~(uint32_t)WASI_LOOKUP_SYMLINK_FOLLOW) != 0 ||
        (request->open_flags & ~(uint32_t)WASI_OFLAGS_ALL) != 0 ||
        (request->fdflags & ~(uint32_t)WASI_FDFLAGS_ALL) != 0)
        return WASI_EINVAL;
    if ((request->open_flags & WASI_OFLAG_DIRECTORY) != 0 &&
        (request->open_flags & (WASI_OFLAG_CREAT | WASI_OFLAG_EXCL | WASI_OFLAG_TRUNC)) != 0)
        return WASI_EINVAL;
    return WASI_SUCCESS;
}

/* Rights that the directory must have. */
static uint64_t needed_rights(const struct request *request)
{
    uint64_t rights = WASI_RIGHT_PATH_OPEN;
    if ((request->open_flags & WASI_OFLAG_CREAT) != 0)
        rights |= WASI_RIGHT_PATH_CREATE_FILE;
    if ((request->open_flags & WASI_OFLAG_TRUNC) != 0)
        rights |= WASI_RIGHT_PATH_FILESTAT_SET_SIZE;
    return rights;
}

/* Rights that must be inheritable: those asked for, and what the flags stand for. */
static uint64_t inherited_rights(const struct request *request)
{
    uint64_t rights = request->base | request->inheriting;
    if ((request->fdflags & WASI_FDFLAG_DSYNC) != 0)
        rights |= WASI_RIGHT_FD_DATASYNC;
    if ((request->fdflags & (WASI_FDFLAG_RSYNC | WASI_FDFLAG_SYNC)) != 0)
        rights |= WASI_RIGHT_FD_SYNC;
    return rights & WASI_RIGHTS_ALL;
}

static uint32_t node_flags(const struct request *request)
{
    static const uint64_t READING = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_READDIR;
    static const uint64_t WRITING =
        WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_ALLOCATE | WASI_RIGHT_FD_FILESTAT_SET_SIZE;
    uint32_t flags = opening_flags(request->fdflags);
    if ((request->lookup & WASI_LOOKUP_SYMLINK_FOLLOW) != 0)
        flags |= FILES_OPEN_FLAGS_FOLLOW;
    if ((request->open_flags & WASI_OFLAG_CREAT) != 0)
        flags |= FILES_OPEN_FLAGS_CREATE;
    if ((request->open_flags & WASI_OFLAG_EXCL) != 0)
        flags |= FILES_OPEN_FLAGS_EXCLUSIVE;
    if ((request->open_flags & WASI_OFLAG_TRUNC) != 0)
        flags |= FILES_OPEN_FLAGS_TRUNCATE | FILES_OPEN_FLAGS_WRITE;
    if ((request->base & READING) != 0)
        flags |= FILES_OPEN_FLAGS_READ;
    if ((request->open_flags & WASI_OFLAG_DIRECTORY) != 0)
        flags |= FILES_OPEN_FLAGS_DIRECTORY;
    else if ((request->base & WRITING) != 0)
        flags |= FILES_OPEN_FLAGS_WRITE;
    return flags;
}

static uint8_t filetype_of_node(int32_t slot)
{
    struct files_status_error_result result;
    enum weft_status status = files_node_status(client_of(slot), &result);
    if (status != WEFT_OK || result.failed)
        return WASI_FILETYPE_UNKNOWN;
    return opening_filetype(result.value.kind);
}

uint8_t opening_filetype(enum files_node_kind kind)
{
    static const uint8_t table[] = {
        [FILES_NODE_KIND_UNKNOWN] = WASI_FILETYPE_UNKNOWN,
        [FILES_NODE_KIND_BLOCK_DEVICE] = WASI_FILETYPE_BLOCK_DEVICE,
        [FILES_NODE_KIND_CHARACTER_DEVICE] = WASI_FILETYPE_CHARACTER_DEVICE,
        [FILES_NODE_KIND_DIRECTORY] = WASI_FILETYPE_DIRECTORY,
        [FILES_NODE_KIND_REGULAR_FILE] = WASI_FILETYPE_REGULAR_FILE,
        [FILES_NODE_KIND_SYMBOLIC_LINK] = WASI_FILETYPE_SYMBOLIC_LINK,
        [FILES_NODE_KIND_SOCKET] = WASI_FILETYPE_SOCKET_STREAM,
        [FILES_NODE_KIND_PIPE] = WASI_FILETYPE_UNKNOWN, /* WASI has no number for it */
    };
    return (uint32_t)kind < sizeof(table) ? table[kind] : WASI_FILETYPE_UNKNOWN;
}

static uint32_t open_place(const struct place *place, const struct request *request,
                           struct descriptor *opened)
{
    struct files_node_error_result result;
    enum weft_status status = files_node_open(client_of(place->directory->slot), place->path,
                                              node_flags(request), &result);
    uint32_t error = ERRNO_OF_CALL(files, status, result);
    if (error != WASI_SUCCESS)
        return error;
    uint8_t filetype = filetype_of_node(result.value);
    *opened = (struct descriptor){
        .kind = DESCRIPTOR_NODE,
        .filetype = filetype,
        .is_resolved = true,
        .flags = (uint16_t)request->fdflags,
        .slot = result.value,
        .base = request->base & descriptor_base_rights(filetype),
        .inheriting = request->inheriting & descriptor_inheriting_rights(filetype),
    };
    return WASI_SUCCESS;
}

/* `/dev/stdin` and the like are the program's own descriptors, which only this library knows;
 * whether the path is one of them. */
static bool is_own_stream(const struct place *place, uint32_t *fd)
{
    static const char *const names[] = { "dev/stdin", "dev/stdout", "dev/stderr" };
    static const char numbered[] = "dev/fd/";
    enum { NUMBERED = sizeof(numbered) - 1 };
    const struct weft_bytes *path = &place->path, *root = &place->directory->name;
    if (root->size != 1 || root->data[0] != '/')
        return false;
    for (*fd = 0; *fd < 3; ++*fd)
        if (path->size == strlen(names[*fd]) && memcmp(path->data, names[*fd], path->size) == 0)
            return true;
    if (path->size != NUMBERED + 1 || memcmp(path->data, numbered, NUMBERED) != 0)
        return false;
    *fd = path->data[NUMBERED] - (uint32_t)'0';
    return *fd <= 9;
}

WASI_FUNCTION(path_open)(uint32_t fd, uint32_t lookup, uint32_t path, uint32_t path_size,
                         uint32_t open_flags, uint64_t base, uint64_t inheriting, uint32_t flags,
                         uint32_t opened)
{
    struct request request = { lookup, open_flags, base, inheriting, flags };
    struct place place;
    struct descriptor descriptor;
    uint32_t error = check_flags(&request);
    if (error == WASI_SUCCESS)
        error = caller_check(opened, sizeof(uint32_t));
    if (error == WASI_SUCCESS)
        error = place_find(&place, fd, needed_rights(&request),
                           (struct path_argument){ path, path_size });
    if (error == WASI_SUCCESS && (inherited_rights(&request) & ~place.directory->inheriting) != 0)
        error = WASI_ENOTCAPABLE;
    if (error == WASI_SUCCESS && (open_flags & WASI_OFLAG_DIRECTORY) != 0 &&
        (base & WASI_RIGHT_FD_WRITE) != 0)
        error = WASI_EISDIR;
    if (error == WASI_SUCCESS)
        error = descriptor_room();
    if (error != WASI_SUCCESS)
        return error;
    uint32_t own;
    if (is_own_stream(&place, &own)) {
        error = descriptor_copy(own, &own);
    } else {
        error = open_place(&place, &request, &descriptor);
        if (error == WASI_SUCCESS)
            own = descriptor_add(&descriptor);
    }
    return error == WASI_SUCCESS ? caller_store_u32(opened, own) : error;
}
