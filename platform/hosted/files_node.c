/* Nodes: opening, narrowing, and the answers that all functions share. */
#include "platform/hosted/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    RIGHTS = FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_APPEND,
    MODES = FILES_OPEN_FLAGS_APPEND | FILES_OPEN_FLAGS_DATA_SYNC | FILES_OPEN_FLAGS_SYNC |
            FILES_OPEN_FLAGS_READ_SYNC | FILES_OPEN_FLAGS_NON_BLOCKING,
};

enum files_error files_error_of(int failure)
{
    static const struct {
        int failure;
        enum files_error error;
    } rows[] = {
        { EACCES, FILES_ERROR_ACCESS },
        { EAGAIN, FILES_ERROR_AGAIN },
        { EBADF, FILES_ERROR_BAD_DESCRIPTOR },
        { EBUSY, FILES_ERROR_BUSY },
        { EEXIST, FILES_ERROR_EXISTS },
        { EFBIG, FILES_ERROR_TOO_BIG },
        { EINTR, FILES_ERROR_INTERRUPTED },
        { EINVAL, FILES_ERROR_INVALID },
        { EISDIR, FILES_ERROR_IS_DIRECTORY },
        { EMLINK, FILES_ERROR_TOO_MANY_LINKS },
        { ENAMETOOLONG, FILES_ERROR_NAME_TOO_LONG },
        { ENOENT, FILES_ERROR_NOT_FOUND },
        { ENOMEM, FILES_ERROR_NO_MEMORY },
        { ENOBUFS, FILES_ERROR_NO_MEMORY },
        { ENOSPC, FILES_ERROR_NO_SPACE },
        { ENOTDIR, FILES_ERROR_NOT_DIRECTORY },
        { ENOTEMPTY, FILES_ERROR_NOT_EMPTY },
        { EOPNOTSUPP, FILES_ERROR_UNSUPPORTED },
        { ENOSYS, FILES_ERROR_UNSUPPORTED },
        { EPERM, FILES_ERROR_NOT_PERMITTED },
        { EPIPE, FILES_ERROR_PIPE },
        { EROFS, FILES_ERROR_READ_ONLY },
        { ESPIPE, FILES_ERROR_SEEK },
        { ETXTBSY, FILES_ERROR_TEXT_BUSY },
        { EXDEV, FILES_ERROR_CROSS_DEVICE },
        { ELOOP, FILES_ERROR_LOOP },
        { EDQUOT, FILES_ERROR_QUOTA },
        { PATH_ESCAPES, FILES_ERROR_NOT_CAPABLE },
        { EILSEQ, FILES_ERROR_ILLEGAL_BYTES },
        { EMFILE, FILES_ERROR_TOO_MANY_OPEN },
        { ENFILE, FILES_ERROR_TOO_MANY_OPEN },
        { EOVERFLOW, FILES_ERROR_OVERFLOW },
        { EDEADLK, FILES_ERROR_DEADLOCK },
        { ENODEV, FILES_ERROR_NO_DEVICE },
        { ENXIO, FILES_ERROR_NO_DEVICE },
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(rows); i++)
        if (rows[i].failure == failure)
            return rows[i].error;
    return FILES_ERROR_IO;
}

/* ---- Files and nodes ---- */

static enum files_node_kind kind_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFBLK:
        return FILES_NODE_KIND_BLOCK_DEVICE;
    case S_IFCHR:
        return FILES_NODE_KIND_CHARACTER_DEVICE;
    case S_IFDIR:
        return FILES_NODE_KIND_DIRECTORY;
    case S_IFREG:
        return FILES_NODE_KIND_REGULAR_FILE;
    case S_IFLNK:
        return FILES_NODE_KIND_SYMBOLIC_LINK;
    case S_IFSOCK:
        return FILES_NODE_KIND_SOCKET;
    case S_IFIFO:
        return FILES_NODE_KIND_PIPE;
    default:
        return FILES_NODE_KIND_UNKNOWN;
    }
}

static u64 nanoseconds_of(struct timespec time)
{
    return time.tv_sec < 0 ? 0 : (u64)time.tv_sec * 1000000000 + (u64)time.tv_nsec;
}

int node_status(int fd, struct files_status *status)
{
    struct stat found;
    if (fstat(fd, &found) != 0)
        return errno;
    *status = (struct files_status){
        .device = found.st_dev,
        .inode = found.st_ino,
        .kind = kind_of(found.st_mode),
        .links = found.st_nlink,
        .size = (u64)found.st_size,
        .accessed = nanoseconds_of(found.st_atim),
        .modified = nanoseconds_of(found.st_mtim),
        .changed = nanoseconds_of(found.st_ctim),
    };
    return 0;
}

static void file_destroy(struct object *object)
{
    struct file *file = (struct file *)object;
    channel_deinit(&file->channel);
    free(file);
}

static void node_destroy(struct object *object)
{
    struct node *node = (struct node *)object;
    object_release(&node->file->object);
    free(node);
}

static struct node *node_of(struct file *file, u32 rights, bool may_change)
{
    struct node *node = calloc(1, sizeof(*node));
    if (node == NULL)
        return NULL;
    node->object = (struct object){ .holds = 1, .destroy = node_destroy };
    node->file = file;
    node->rights = rights;
    node->may_change = may_change;
    object_hold(&file->object);
    return node;
}

int node_create(int fd, u32 rights, bool may_change, struct node **node)
{
    struct files_status status;
    struct file *file = NULL;
    int failure = node_status(fd, &status);
    if (failure == 0)
        file = calloc(1, sizeof(*file));
    if (file == NULL) {
        close(fd);
        return failure != 0 ? failure : ENOMEM;
    }
    file->object = (struct object){ .holds = 1, .destroy = file_destroy };
    file->fd = fd;
    file->kind = status.kind;
    pthread_mutex_init(&file->position_lock, NULL);
    channel_init(&file->channel, &files_handler, &file->object, fd);
    *node = node_of(file, rights & RIGHTS, may_change);
    object_release(&file->object); /* the node's hold stays */
    return *node == NULL ? ENOMEM : 0;
}

int node_narrow(const struct node *node, u32 flags, struct node **narrowed)
{
    u32 rights = node->rights & flags;
    if ((node->rights & FILES_OPEN_FLAGS_WRITE) != 0)
        rights |= flags & FILES_OPEN_FLAGS_APPEND;
    bool may_change = node->may_change && (flags & FILES_OPEN_FLAGS_WRITE) != 0;
    *narrowed = node_of(node->file, rights & RIGHTS, may_change);
    if (*narrowed == NULL)
        return ENOMEM;
    (*narrowed)->mode = node->mode;
    return 0;
}

bool node_waits(const struct node *node)
{
    return node->file->kind == FILES_NODE_KIND_PIPE || node->file->kind == FILES_NODE_KIND_SOCKET ||
           node->file->kind == FILES_NODE_KIND_CHARACTER_DEVICE;
}

/* ---- Opening ---- */

static u64 host_flags(u32 flags)
{
    u64 host = O_NOCTTY | O_NONBLOCK;
    if ((flags & FILES_OPEN_FLAGS_FOLLOW) == 0)
        host |= O_NOFOLLOW;
    if ((flags & FILES_OPEN_FLAGS_CREATE) != 0)
        host |= O_CREAT;
    if ((flags & FILES_OPEN_FLAGS_EXCLUSIVE) != 0)
        host |= O_EXCL;
    if ((flags & FILES_OPEN_FLAGS_TRUNCATE) != 0)
        host |= O_TRUNC;
    if ((flags & FILES_OPEN_FLAGS_DIRECTORY) != 0)
        return host | O_DIRECTORY | O_RDONLY;
    if ((flags & FILES_OPEN_FLAGS_WRITE) == 0)
        return host | O_RDONLY;
    return host | ((flags & FILES_OPEN_FLAGS_READ) != 0 ? O_RDWR : O_WRONLY);
}

/* What the directory's rights forbid. */
static int check_rights(const struct node *directory, u32 flags)
{
    bool writes =
        (flags & FILES_OPEN_FLAGS_WRITE) != 0 && (flags & FILES_OPEN_FLAGS_DIRECTORY) == 0;
    if ((flags & FILES_OPEN_FLAGS_READ) != 0 && (directory->rights & FILES_OPEN_FLAGS_READ) == 0)
        return EACCES;
    if (writes && (directory->rights & FILES_OPEN_FLAGS_WRITE) == 0)
        return EROFS;
    if ((flags & FILES_OPEN_FLAGS_TRUNCATE) != 0 && !directory->may_change)
        return EROFS;
    return 0;
}

/* On a read-only grant, creating what is there already is just opening it. */
static int open_existing(int directory, const char *path, u32 flags, int *fd)
{
    u64 host = host_flags(flags) & ~(u64)(O_CREAT | O_EXCL);
    int failure = path_open(directory, path, host, fd);
    if (failure == ENOENT)
        return EROFS;
    if (failure == 0 && (flags & FILES_OPEN_FLAGS_EXCLUSIVE) != 0) {
        close(*fd);
        return EEXIST;
    }
    return failure;
}

static int open_host(const struct node *directory, const char *path, u32 flags, int *fd)
{
    int at = directory->file->fd;
    if ((flags & FILES_OPEN_FLAGS_CREATE) != 0 && !directory->may_change)
        return open_existing(at, path, flags, fd);
    int failure = path_open(at, path, host_flags(flags), fd);
    const u32 for_bytes = FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_CREATE |
                          FILES_OPEN_FLAGS_TRUNCATE;
    if (failure == EACCES && (flags & for_bytes) == 0) {
        u64 kept = host_flags(flags) & (O_NOFOLLOW | O_DIRECTORY);
        failure = path_open(at, path, kept | O_PATH, fd);
    }
    return failure;
}

int node_open(const struct node *directory, struct weft_bytes path, u32 flags, struct node **node)
{
    const u32 never = FILES_OPEN_FLAGS_CREATE | FILES_OPEN_FLAGS_DIRECTORY;
    struct path host_path;
    int fd;
    if (directory->file->kind != FILES_NODE_KIND_DIRECTORY)
        return ENOTDIR;
    int failure = path_copy(path, &host_path);
    if (failure == 0 && (flags & never) == never)
        failure = EINVAL;
    if (failure == 0)
        failure = check_rights(directory, flags);
    if (failure == 0)
        failure = open_host(directory, host_path.text, flags, &fd);
    u32 rights = flags & (FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE);
    if (failure == 0)
        failure = node_create(fd, rights, directory->may_change, node);
    if (failure != 0)
        return failure;
    (*node)->mode = flags & MODES;
    /* As in POSIX, how a directory was opened does not bound what is done below it. */
    if ((*node)->file->kind == FILES_NODE_KIND_DIRECTORY)
        (*node)->rights = directory->rights;
    return 0;
}

/* ---- Calls ---- */

bool call_begin(struct call *call, const struct weft_event *event)
{
    call->event = event;
    call->node = (struct node *)handler_hold(&files_handler, event->badge);
    body_writer_init(&call->writer, call->space, sizeof(call->space));
    return call->node != NULL;
}

enum weft_status call_end(struct call *call)
{
    handler_answer(&files_handler, call->event->id, &call->writer);
    object_release(&call->node->object);
    return WEFT_OK;
}

/* All functions of this result type have one wire form, so one encoder serves them. */
enum weft_status call_end_none(struct call *call, int failure)
{
    struct files_none_error_result result = { .failed = failure != 0 };
    if (failure != 0)
        result.error = files_error_of(failure);
    files_node_sync_result_encode(&call->writer, &result);
    return call_end(call);
}
