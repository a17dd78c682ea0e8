#include "programs/library/wasi/descriptor.h"

#include "interface/stream_program.h"
#include "interface/system_program.h"
#include "lib/memory.h"
#include "lib/start.h"

static struct descriptor table[DESCRIPTORS_MAX];
static bool is_filled;

/* ---- Rights -------------------------------------------------------------------------------- */

static const uint64_t REGULAR_RIGHTS =
    WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK |
    WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_SYNC | WASI_RIGHT_FD_TELL | WASI_RIGHT_FD_WRITE |
    WASI_RIGHT_FD_ADVISE | WASI_RIGHT_FD_ALLOCATE | WASI_RIGHT_FD_FILESTAT_GET |
    WASI_RIGHT_FD_FILESTAT_SET_SIZE | WASI_RIGHT_FD_FILESTAT_SET_TIMES |
    WASI_RIGHT_POLL_FD_READWRITE;

static const uint64_t DIRECTORY_RIGHTS =
    WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_SYNC |
    WASI_RIGHT_FD_ADVISE | WASI_RIGHT_PATH_CREATE_DIRECTORY | WASI_RIGHT_PATH_CREATE_FILE |
    WASI_RIGHT_PATH_LINK_SOURCE | WASI_RIGHT_PATH_LINK_TARGET | WASI_RIGHT_PATH_OPEN |
    WASI_RIGHT_FD_READDIR | WASI_RIGHT_PATH_READLINK | WASI_RIGHT_PATH_RENAME_SOURCE |
    WASI_RIGHT_PATH_RENAME_TARGET | WASI_RIGHT_PATH_FILESTAT_GET |
    WASI_RIGHT_PATH_FILESTAT_SET_SIZE | WASI_RIGHT_PATH_FILESTAT_SET_TIMES |
    WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_SET_TIMES | WASI_RIGHT_PATH_SYMLINK |
    WASI_RIGHT_PATH_REMOVE_DIRECTORY | WASI_RIGHT_PATH_UNLINK_FILE | WASI_RIGHT_POLL_FD_READWRITE;

static const uint64_t STREAM_RIGHTS =
    WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_POLL_FD_READWRITE;

static const uint64_t CONNECTION_RIGHTS =
    STREAM_RIGHTS | WASI_RIGHT_FD_READ | WASI_RIGHT_FD_WRITE | WASI_RIGHT_SOCK_SHUTDOWN;

uint64_t descriptor_base_rights(uint8_t filetype)
{
    if (filetype == WASI_FILETYPE_DIRECTORY)
        return DIRECTORY_RIGHTS;
    if (filetype == WASI_FILETYPE_REGULAR_FILE || filetype == WASI_FILETYPE_BLOCK_DEVICE)
        return REGULAR_RIGHTS;
    /* What has no place to seek to: terminals, pipes, sockets. */
    return REGULAR_RIGHTS & ~(uint64_t)(WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL);
}

uint64_t descriptor_inheriting_rights(uint8_t filetype)
{
    return filetype == WASI_FILETYPE_DIRECTORY ? WASI_RIGHTS_ALL : 0;
}

/* ---- The library's client -------------------------------------------------------------------- */

struct weft_client *client_of(int32_t slot)
{
    enum { ANSWER_HEAD = 64 }; /* what is around the bytes in a request or an answer */
    static _Alignas(8) uint8_t buffer[TRANSFER_MAX + ANSWER_HEAD];
    static struct weft_client client = { .buffer = buffer, .capacity = sizeof(buffer) };
    client.slot = slot;
    client.impatient = false;
    return &client;
}

void slot_close(int32_t slot)
{
    system_close(client_of(system_slot()), (struct system_any_list){ &slot, 1 });
}

/* ---- Filling the table ----------------------------------------------------------------------- */

static bool has_prefix(struct weft_bytes name, const char *prefix)
{
    size_t size = strlen(prefix);
    return name.size >= size && memcmp(name.data, prefix, size) == 0;
}

static void set_stream(uint32_t fd, int32_t slot, uint64_t right)
{
    table[fd] = (struct descriptor){ .kind = DESCRIPTOR_STREAM,
                                     .slot = slot,
                                     .base = STREAM_RIGHTS | right };
}

static bool fill_stream(const struct system_named_slot *named)
{
    static const char *const names[] = { "stdin", "stdout", "stderr" };
    for (uint32_t fd = 0; fd < 3; fd++) {
        if (named->name.size != strlen(names[fd]) || !has_prefix(named->name, names[fd]))
            continue;
        set_stream(fd, named->slot, fd == 0 ? WASI_RIGHT_FD_READ : WASI_RIGHT_FD_WRITE);
        return true;
    }
    return false;
}

static uint32_t lowest_free(uint32_t fd)
{
    while (fd < DESCRIPTORS_MAX && table[fd].kind != DESCRIPTOR_CLOSED)
        fd++;
    return fd;
}

static void fill_numbered(const struct system_named_slot_list *slots, const char *prefix,
                          const struct descriptor *form)
{
    for (uint32_t i = 0; i < slots->count; i++) {
        const struct system_named_slot *named = &slots->data[i];
        uint32_t fd = lowest_free(PREOPENS_FROM);
        if (!has_prefix(named->name, prefix) || fd == DESCRIPTORS_MAX)
            continue;
        table[fd] = *form;
        table[fd].slot = named->slot;
        if (form->kind == DESCRIPTOR_NODE) {
            uint32_t size = (uint32_t)strlen(prefix);
            table[fd].name =
                (struct weft_bytes){ named->name.data + size, named->name.size - size };
        }
    }
}

static void fill(void)
{
    const struct system_start_record *start = start_record();
    if (start == NULL)
        return;
    is_filled = true;
    for (uint32_t i = 0; i < start->slots.count; i++)
        fill_stream(&start->slots.data[i]);
    fill_numbered(&start->slots, "dir:",
                  &(struct descriptor){ .kind = DESCRIPTOR_NODE,
                                        .filetype = WASI_FILETYPE_DIRECTORY,
                                        .is_resolved = true,
                                        .base = DIRECTORY_RIGHTS,
                                        .inheriting = WASI_RIGHTS_ALL });
    fill_numbered(&start->slots, "listener:",
                  &(struct descriptor){ .kind = DESCRIPTOR_LISTENER,
                                        .filetype = WASI_FILETYPE_SOCKET_STREAM,
                                        .is_resolved = true,
                                        .base = STREAM_RIGHTS | WASI_RIGHT_SOCK_ACCEPT,
                                        .inheriting = CONNECTION_RIGHTS });
    fill_numbered(&start->slots, "socket:",
                  &(struct descriptor){ .kind = DESCRIPTOR_CONNECTION,
                                        .filetype = WASI_FILETYPE_SOCKET_STREAM,
                                        .is_resolved = true,
                                        .base = CONNECTION_RIGHTS });
}

/* ---- Finding and changing -------------------------------------------------------------------- */

static struct descriptor *find_open(uint32_t fd)
{
    if (!is_filled)
        fill();
    return fd < DESCRIPTORS_MAX && table[fd].kind != DESCRIPTOR_CLOSED ? &table[fd] : NULL;
}

uint32_t descriptor_find(uint32_t fd, uint64_t rights, struct descriptor **descriptor)
{
    *descriptor = find_open(fd);
    if (*descriptor == NULL)
        return WASI_EBADF;
    return (rights & ~(*descriptor)->base) == 0 ? WASI_SUCCESS : WASI_ENOTCAPABLE;
}

uint32_t descriptor_find_directory(uint32_t fd, uint64_t rights, struct descriptor **descriptor)
{
    uint32_t error = descriptor_find(fd, rights, descriptor);
    if (error == WASI_EBADF)
        return error;
    return (*descriptor)->filetype == WASI_FILETYPE_DIRECTORY ? error : WASI_ENOTDIR;
}

uint32_t descriptor_room(void)
{
    if (!is_filled)
        fill();
    return lowest_free(0) < DESCRIPTORS_MAX ? WASI_SUCCESS : WASI_EMFILE;
}

uint32_t descriptor_add(const struct descriptor *descriptor)
{
    uint32_t fd = lowest_free(0);
    table[fd] = *descriptor;
    return fd;
}

uint32_t descriptor_adopt(int32_t slot)
{
    return descriptor_add(
        &(struct descriptor){ .kind = DESCRIPTOR_STREAM,
                              .slot = slot,
                              .base = STREAM_RIGHTS | WASI_RIGHT_FD_READ | WASI_RIGHT_FD_WRITE });
}

void descriptor_close(struct descriptor *descriptor)
{
    int32_t slot = descriptor->slot;
    *descriptor = (struct descriptor){ 0 };
    slot_close(slot);
}

void descriptor_move(struct descriptor *from, struct descriptor *to)
{
    struct descriptor moved = *from;
    if (from == to)
        return;
    descriptor_close(to);
    *to = moved;
    *from = (struct descriptor){ 0 };
}

void descriptor_resolve(struct descriptor *descriptor)
{
    static const uint8_t filetypes[] = {
        [STREAM_KIND_TERMINAL] = WASI_FILETYPE_CHARACTER_DEVICE,
        [STREAM_KIND_FILE] = WASI_FILETYPE_REGULAR_FILE,
        [STREAM_KIND_PIPE] = WASI_FILETYPE_UNKNOWN, /* WASI has no number for it */
        [STREAM_KIND_SOCKET] = WASI_FILETYPE_SOCKET_STREAM,
        [STREAM_KIND_OTHER] = WASI_FILETYPE_UNKNOWN,
    };
    enum stream_kind kind = STREAM_KIND_OTHER;
    if (descriptor->is_resolved)
        return;
    if (stream_kind(client_of(descriptor->slot), &kind) == WEFT_OK)
        descriptor->filetype = filetypes[kind];
    descriptor->is_resolved = true;
}
