/* fd_readdir. */
#include "interface/files_program.h"
#include "lib/memory.h"
#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/descriptor.h"
#include "programs/library/wasi/errors.h"
#include "programs/library/wasi/opening.h"

enum {
    /* Bytes of entries to ask for at once: at least one of the longest name, at most what the
     * client's buffer can hold together with the decoded list. */
    LIST_MIN = 1024,
    LIST_MAX = 8192,
};

struct dirent {
    uint64_t next;
    uint64_t inode;
    uint32_t name_size;
    uint32_t filetype; /* a byte and padding */
};
_Static_assert(sizeof(struct dirent) == 24, "dirent is 24 bytes");

/* The program's buffer. */
struct room {
    uint32_t address;
    uint32_t capacity;
    uint32_t used;
};

/* Writes as much as fits. */
static uint32_t put(struct room *room, const void *data, uint32_t size)
{
    uint32_t left = room->capacity - room->used;
    if (size > left)
        size = left;
    uint32_t error = caller_store(room->address + room->used, data, size);
    if (error == WASI_SUCCESS)
        room->used += size;
    return error;
}

/* The last entry may be cut off, name and all: that tells the program that the buffer is full, and
 * it asks for that entry again. */
static uint32_t put_entry(struct room *room, const struct files_entry *entry)
{
    struct dirent head = {
        .next = entry->next,
        .inode = entry->inode,
        .name_size = entry->name.size,
        .filetype = opening_filetype(entry->kind),
    };
    uint32_t error = put(room, &head, sizeof(head));
    return error == WASI_SUCCESS ? put(room, entry->name.data, entry->name.size) : error;
}

/* One message's worth of entries from `*cookie` on; `*is_end` if there are no more. */
static uint32_t put_entries(struct room *room, const struct descriptor *directory, uint64_t *cookie,
                            bool *is_end)
{
    uint32_t wanted = room->capacity - room->used;
    wanted = wanted < LIST_MIN ? LIST_MIN : wanted > LIST_MAX ? LIST_MAX : wanted;
    struct files_entry_list_error_result result;
    enum weft_status status = files_node_list(client_of(directory->slot), *cookie, wanted, &result);
    uint32_t error = ERRNO_OF_CALL(files, status, result);
    if (error != WASI_SUCCESS)
        return error;
    *is_end = result.value.count == 0;
    for (uint32_t i = 0; i < result.value.count && room->used < room->capacity; i++) {
        error = put_entry(room, &result.value.data[i]);
        if (error != WASI_SUCCESS)
            return error;
        *cookie = result.value.data[i].next;
    }
    return WASI_SUCCESS;
}

WASI_FUNCTION(fd_readdir)(uint32_t fd, uint32_t buffer, uint32_t capacity, uint64_t cookie,
                          uint32_t size)
{
    struct descriptor *directory;
    struct room room = { buffer, capacity, 0 };
    bool is_end = false;
    uint32_t error = descriptor_find_directory(fd, WASI_RIGHT_FD_READDIR, &directory);
    if (error == WASI_SUCCESS)
        error = caller_check(buffer, capacity);
    if (error == WASI_SUCCESS)
        error = caller_check(size, sizeof(uint32_t));
    while (error == WASI_SUCCESS && !is_end && room.used < capacity)
        error = put_entries(&room, directory, &cookie, &is_end);
    return error == WASI_SUCCESS ? caller_store_u32(size, room.used) : error;
}
