/* Handles `files` for another process: a directory in memory, with files and nothing below it. What
 * a real file system has besides is answered with `unsupported`. */
#include "lib/memory.h"
#include "interface/clock_program.h"
#include "interface/files_program.h"
#include "lib/main.h"
#include "lib/server.h"

enum {
    FILES_MAX = 32,
    NAME_MAX = 64,
    SIZE_MAX_BYTES = 1 << 16,
    ROOT = 1, /* badge of the directory; a file's is its index behind it */
    FIRST_FILE = ROOT + 1,
};

static struct file {
    bool is_named; /* it is in the directory */
    bool is_open;  /* somebody has a slot to it */
    uint8_t name[NAME_MAX];
    uint32_t name_size;
    uint32_t size;
    uint64_t modified;
    uint8_t bytes[SIZE_MAX_BYTES];
} files[FILES_MAX];

static struct body_writer *new_answer(void)
{
    static uint8_t body[SIZE_MAX_BYTES + 4096];
    static struct body_writer writer;
    body_writer_init(&writer, body, sizeof(body));
    return &writer;
}

static uint64_t now(void)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = clock_slot(), .buffer = buffer, .capacity = 64 };
    uint64_t time;
    return clock_realtime(&client, &time) == WEFT_OK ? time : 0;
}

/* The file that a message is about; NULL if it is about the directory. */
static struct file *file_of(const struct weft_event *event)
{
    return event->badge >= FIRST_FILE && event->badge < FIRST_FILE + FILES_MAX
               ? &files[event->badge - FIRST_FILE]
               : NULL;
}

static struct file *find(struct weft_bytes name)
{
    for (uint32_t i = 0; i < FILES_MAX; i++)
        if (files[i].is_named && files[i].name_size == name.size &&
            memcmp(files[i].name, name.data, name.size) == 0)
            return &files[i];
    return NULL;
}

static struct file *create(struct weft_bytes name)
{
    for (uint32_t i = 0; i < FILES_MAX; i++) {
        struct file *file = &files[i];
        if (file->is_named || file->is_open)
            continue;
        file->is_named = true;
        file->size = 0;
        file->name_size = name.size;
        file->modified = now();
        memcpy(file->name, name.data, name.size);
        return file;
    }
    return NULL;
}

/* ---- The directory ------------------------------------------------------------------------- */

static enum weft_status on_directories(void *context, const struct weft_event *event)
{
    struct files_string_node_tuple root = { WEFT_BYTES("/"),
                                            server_mint(FILES_INTERFACE_HASH, ROOT) };
    struct files_string_node_tuple_list list = { &root, 1 };
    (void)context;
    if (root.f1 == WEFT_NO_SLOT)
        return WEFT_LIMIT;
    return files_directories_answer(new_answer(), event->id, &list);
}

/* What is wrong with opening this; the file otherwise. A name has no slash: there is nothing below
 * the directory, and nothing above. */
static struct file *open_file(const struct files_node_open_arguments *arguments,
                              enum files_error *error)
{
    struct weft_bytes name = arguments->path;
    struct file *file = find(name);
    *error = FILES_ERROR_NOT_FOUND;
    if (name.size == 0 || name.size > NAME_MAX)
        *error = FILES_ERROR_NAME_TOO_LONG;
    for (uint32_t i = 0; i < name.size; i++)
        if (name.data[i] == '/')
            *error = FILES_ERROR_NOT_CAPABLE;
    if (file == NULL && *error == FILES_ERROR_NOT_FOUND &&
        (arguments->flags & FILES_OPEN_FLAGS_CREATE) != 0) {
        *error = FILES_ERROR_NO_SPACE;
        file = create(name);
    } else if (file != NULL && (arguments->flags & FILES_OPEN_FLAGS_EXCLUSIVE) != 0) {
        *error = FILES_ERROR_EXISTS;
        file = NULL;
    }
    if (file != NULL && (arguments->flags & FILES_OPEN_FLAGS_TRUNCATE) != 0)
        file->size = 0;
    return file;
}

static enum weft_status on_open(void *context, const struct weft_event *event,
                                const struct files_node_open_arguments *arguments)
{
    struct files_node_error_result result = { .failed = true };
    (void)context;
    if (event->badge != ROOT)
        return WEFT_INVALID;
    struct file *file = open_file(arguments, &result.error);
    if (file != NULL) {
        result.value = server_mint(FILES_INTERFACE_HASH, (uint64_t)(file - files) + FIRST_FILE);
        result.failed = result.value == WEFT_NO_SLOT;
        file->is_open = !result.failed || file->is_open;
    }
    return files_node_open_answer(new_answer(), event->id, &result);
}

static enum weft_status on_unlink(void *context, const struct weft_event *event,
                                  const struct files_node_unlink_arguments *arguments)
{
    struct file *file = find(arguments->path);
    struct files_none_error_result result = { file == NULL, FILES_ERROR_NOT_FOUND };
    (void)context;
    if (event->badge != ROOT)
        return WEFT_INVALID;
    if (file != NULL)
        file->is_named = false;
    return files_node_unlink_answer(new_answer(), event->id, &result);
}

static enum weft_status on_list(void *context, const struct weft_event *event,
                                const struct files_node_list_arguments *arguments)
{
    enum { DOTS = 2 };
    struct files_entry entries[FILES_MAX + DOTS];
    struct files_entry_list_error_result result = { .value = { entries, 0 } };
    (void)context;
    if (event->badge != ROOT)
        return WEFT_INVALID;
    for (uint64_t i = arguments->from; i < FILES_MAX + DOTS; i++) {
        struct files_entry *entry = &entries[result.value.count];
        const struct file *file = &files[i - DOTS];
        if (i >= DOTS && !file->is_named)
            continue;
        *entry = (struct files_entry){ .next = i + 1 };
        entry->inode = i < DOTS ? ROOT : i - DOTS + FIRST_FILE;
        entry->kind = i < DOTS ? FILES_NODE_KIND_DIRECTORY : FILES_NODE_KIND_REGULAR_FILE;
        entry->name = i < DOTS ? (struct weft_bytes){ (const uint8_t *)"..", (uint32_t)i + 1 }
                               : (struct weft_bytes){ file->name, file->name_size };
        result.value.count++;
    }
    return files_node_list_answer(new_answer(), event->id, &result);
}

/* ---- Files --------------------------------------------------------------------------------- */

static enum weft_status on_status(void *context, const struct weft_event *event)
{
    const struct file *file = file_of(event);
    struct files_status_error_result result = {
        .value = { .kind = FILES_NODE_KIND_DIRECTORY, .inode = event->badge, .links = 1 }
    };
    (void)context;
    if (file != NULL) {
        result.value.kind = FILES_NODE_KIND_REGULAR_FILE;
        result.value.size = file->size;
        result.value.modified = file->modified;
    }
    return files_node_status_answer(new_answer(), event->id, &result);
}

static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct files_node_read_arguments *arguments)
{
    const struct file *file = file_of(event);
    struct files_bytes_error_result result = { .failed = true, .error = FILES_ERROR_IS_DIRECTORY };
    (void)context;
    if (file != NULL) {
        uint32_t at = arguments->offset < file->size ? (uint32_t)arguments->offset : file->size;
        uint32_t left = file->size - at;
        result = (struct files_bytes_error_result){
            .value = { file->bytes + at, arguments->count < left ? arguments->count : left }
        };
    }
    return files_node_read_answer(new_answer(), event->id, &result);
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct files_node_write_arguments *arguments)
{
    struct file *file = file_of(event);
    struct files_u32_error_result result = { .failed = true, .error = FILES_ERROR_IS_DIRECTORY };
    (void)context;
    if (file != NULL)
        result.error = FILES_ERROR_TOO_BIG;
    if (file != NULL && arguments->offset <= SIZE_MAX_BYTES &&
        arguments->bytes.size <= SIZE_MAX_BYTES - arguments->offset) {
        uint32_t at = (uint32_t)arguments->offset;
        uint32_t end = at + arguments->bytes.size;
        if (at > file->size)
            memset(file->bytes + file->size, 0, at - file->size);
        memcpy(file->bytes + at, arguments->bytes.data, arguments->bytes.size);
        file->size = end > file->size ? end : file->size;
        file->modified = now();
        result = (struct files_u32_error_result){ .value = arguments->bytes.size };
    }
    return files_node_write_answer(new_answer(), event->id, &result);
}

int weft_main(void)
{
    static const struct files_server server_of_files = {
        .directories = on_directories,
        .node_open = on_open,
        .node_unlink = on_unlink,
        .node_list = on_list,
        .node_status = on_status,
        .node_read = on_read,
        .node_write = on_write,
    };
    static _Alignas(8) uint8_t buffer[6 * SIZE_MAX_BYTES];
    struct weft_server server = { .buffer = buffer, .capacity = sizeof(buffer) };
    for (;;) {
        int32_t kind = server_wait(&server, -1);
        if (kind == WEFT_EVENT_MESSAGE)
            server_finish(&server,
                          files_dispatch(&server_of_files, NULL, &server.event, &server.reader));
        else if (kind == WEFT_EVENT_CLOSED && file_of(&server.event) != NULL)
            file_of(&server.event)->is_open = false;
    }
}
