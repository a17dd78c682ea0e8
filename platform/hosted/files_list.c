/* Reading directories. Where to go on is the host's own cookie, which stays right while entries
 * come and go; the host keeps it in the position of the open directory, so one caller at a time
 * sets it and reads. */
#include "platform/hosted/files.h"
#include "platform/hosted/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As getdents64(2) writes it. */
struct host_entry {
    u64 inode;
    i64 next;
    u16 size;
    u8 type;
    char name[];
};

enum {
    ENTRY_WIRE_BYTES = 32, /* next, inode, kind, name: without the name's bytes */
    HOST_ENTRY_BYTES_MIN = 24,
    LISTING_BYTES_MIN = 1024, /* holds the longest name there is */
};

/* One answer being made. */
struct listing {
    u8 *host; /* what getdents64 wrote */
    usize host_size;
    struct files_entry *entries;
    u32 count;
    u32 budget; /* bytes that may still be given */
};

static enum files_node_kind kind_of_type(u8 type)
{
    switch (type) {
    case DT_BLK:
        return FILES_NODE_KIND_BLOCK_DEVICE;
    case DT_CHR:
        return FILES_NODE_KIND_CHARACTER_DEVICE;
    case DT_DIR:
        return FILES_NODE_KIND_DIRECTORY;
    case DT_REG:
        return FILES_NODE_KIND_REGULAR_FILE;
    case DT_LNK:
        return FILES_NODE_KIND_SYMBOLIC_LINK;
    case DT_SOCK:
        return FILES_NODE_KIND_SOCKET;
    case DT_FIFO:
        return FILES_NODE_KIND_PIPE;
    default:
        return FILES_NODE_KIND_UNKNOWN;
    }
}

/* Some file systems do not say the kind in the entry. */
static enum files_node_kind kind_of_entry(int fd, const struct host_entry *entry)
{
    struct stat status;
    if (entry->type != DT_UNKNOWN ||
        fstatat(fd, entry->name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
        return kind_of_type(entry->type);
    return kind_of_type((u8)IFTODT(status.st_mode));
}

/* `..` may be outside: nothing is told of it, not even its number. */
static u64 inode_of_entry(int fd, const struct host_entry *entry)
{
    struct stat own;
    bool parent = strcmp(entry->name, "..") == 0;
    return parent && fstat(fd, &own) == 0 ? own.st_ino : entry->inode;
}

/* Takes over what fits. False: an entry is left for the next time. Names that are not UTF-8 cannot
 * be told in this interface, and are passed over. */
static bool take_entries(struct listing *listing, int fd)
{
    for (usize at = 0; at < listing->host_size;) {
        const struct host_entry *entry = (const void *)(listing->host + at);
        struct bytes name = { (const u8 *)entry->name, strlen(entry->name) };
        at += entry->size;
        if (!bytes_are_utf8(name))
            continue;
        if (listing->budget < ENTRY_WIRE_BYTES + name.size)
            return false;
        listing->budget -= (u32)(ENTRY_WIRE_BYTES + name.size);
        listing->entries[listing->count++] = (struct files_entry){
            .next = (u64)entry->next,
            .inode = inode_of_entry(fd, entry),
            .kind = kind_of_entry(fd, entry),
            .name = { name.data, (u32)name.size },
        };
    }
    return true;
}

/* Reads until there is something to give, or the end. With the position's lock. */
static int read_entries(struct listing *listing, int fd, u64 from, usize host_capacity)
{
    if (from > INT64_MAX || lseek(fd, (off_t)from, SEEK_SET) < 0)
        return EINVAL;
    bool all_taken = true;
    while (listing->count == 0 && all_taken) {
        long got = syscall(SYS_getdents64, fd, listing->host, host_capacity);
        if (got < 0)
            return errno;
        if (got == 0)
            return 0;
        listing->host_size = (usize)got;
        all_taken = take_entries(listing, fd);
    }
    return listing->count == 0 ? EINVAL : 0; /* not even one entry fits */
}

static int list(const struct node *node, const struct files_node_list_arguments *arguments,
                struct listing *listing)
{
    if (node->file->kind != FILES_NODE_KIND_DIRECTORY)
        return ENOTDIR;
    if ((node->rights & FILES_OPEN_FLAGS_READ) == 0)
        return EACCES;
    u32 budget = (u32)u64_min(arguments->count, LIMIT_LIST_BYTES);
    usize host_capacity = u64_max(budget, LISTING_BYTES_MIN);
    usize entries_max = host_capacity / HOST_ENTRY_BYTES_MIN;
    listing->budget = budget;
    listing->host = malloc(host_capacity);
    listing->entries = malloc(entries_max * sizeof(*listing->entries));
    if (listing->host == NULL || listing->entries == NULL)
        return ENOMEM;
    pthread_mutex_lock(&node->file->position_lock);
    int failure = read_entries(listing, node->file->fd, arguments->from, host_capacity);
    pthread_mutex_unlock(&node->file->position_lock);
    return failure;
}

enum weft_status files_on_list(void *context, const struct weft_event *event,
                               const struct files_node_list_arguments *arguments)
{
    (void)context;
    struct call call;
    struct listing listing = { 0 };
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = list(call.node, arguments, &listing);
    usize size = sizeof(call.space) + u64_min(arguments->count, LIMIT_LIST_BYTES);
    u8 *space = failure == 0 ? malloc(size) : NULL;
    if (failure == 0 && space == NULL)
        failure = ENOMEM;
    struct files_entry_list_error_result result = { .failed = failure != 0 };
    if (result.failed) {
        result.error = files_error_of(failure);
    } else {
        result.value = (struct files_entry_list){ listing.entries, listing.count };
        body_writer_init(&call.writer, space, (u32)size);
    }
    files_node_list_result_encode(&call.writer, &result);
    enum weft_status status = call_end(&call);
    free(space);
    free(listing.host);
    free(listing.entries);
    return status;
}
