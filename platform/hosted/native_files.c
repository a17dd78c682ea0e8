#include "platform/hosted/native_files.h"

#include "platform/hosted/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct handler files_handler;

enum {
    ALL_RIGHTS = FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_APPEND,
    /* An answer carries so many slots; the start record has them all. */
    GRANTS_OFFERED_MAX = WEFT_GIFTS_MAX,
};

/* Written before the system runs. */
static struct {
    const char *name;
    struct node *node;
} grants[GRANTS_OFFERED_MAX];
static u32 grant_count;

/* ---- Functions about slots ---- */

static u32 mint_grants(struct files_string_node_tuple *rows)
{
    u32 count = 0;
    for (; count < grant_count; count++) {
        struct node *node;
        struct bytes name = bytes_from_text(grants[count].name);
        rows[count].f0 = (struct weft_bytes){ name.data, (u32)name.size };
        if (node_narrow(grants[count].node, ALL_RIGHTS, &node) != 0 ||
            handler_mint(&files_handler, &node->object, &rows[count].f1) != WEFT_OK)
            break;
    }
    return count;
}

static enum weft_status on_directories(void *context, const struct weft_event *event)
{
    (void)context;
    const u32 capacity = GRANTS_OFFERED_MAX * (16 + PATH_MAX);
    struct files_string_node_tuple rows[GRANTS_OFFERED_MAX];
    struct body_writer writer;
    u8 *space = malloc(capacity);
    if (event->badge != 0 || space == NULL) {
        free(space);
        return event->badge != 0 ? WEFT_DENIED : WEFT_NO_MEMORY;
    }
    struct files_string_node_tuple_list list = { rows, mint_grants(rows) };
    body_writer_init(&writer, space, capacity);
    files_directories_result_encode(&writer, &list);
    handler_answer(&files_handler, event->id, &writer);
    free(space);
    return WEFT_OK;
}

/* Gives the new node away, or says why there is none. */
static enum weft_status end_node(struct call *call, int failure, struct node *node)
{
    struct files_node_error_result result = { .failed = failure != 0 };
    if (!result.failed && handler_mint(&files_handler, &node->object, &result.value) != WEFT_OK) {
        result.failed = true;
        failure = EMFILE;
    }
    if (result.failed)
        result.error = files_error_of(failure);
    files_node_open_result_encode(&call->writer, &result);
    return call_end(call);
}

static enum weft_status on_open(void *context, const struct weft_event *event,
                                const struct files_node_open_arguments *arguments)
{
    (void)context;
    struct call call;
    struct node *node = NULL;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = node_open(call.node, arguments->path, arguments->flags, &node);
    return end_node(&call, failure, node);
}

static enum weft_status on_narrow(void *context, const struct weft_event *event,
                                  const struct files_node_narrow_arguments *arguments)
{
    (void)context;
    struct call call;
    struct node *node = NULL;
    if (!call_begin(&call, event))
        return WEFT_GONE;
    int failure = node_narrow(call.node, arguments->flags, &node);
    return end_node(&call, failure, node);
}

static const struct files_server server = {
    .directories = on_directories,
    .node_open = on_open,
    .node_narrow = on_narrow,
    .node_status = files_on_status,
    .node_status_at = files_on_status_at,
    .node_read = files_on_read,
    .node_write = files_on_write,
    .node_set_size = files_on_set_size,
    .node_allocate = files_on_allocate,
    .node_advise = files_on_advise,
    .node_sync = files_on_sync,
    .node_set_times = files_on_set_times,
    .node_set_times_at = files_on_set_times_at,
    .node_set_flags = files_on_set_flags,
    .node_flags = files_on_flags,
    .node_list = files_on_list,
    .node_create_directory = files_on_create_directory,
    .node_remove_directory = files_on_remove_directory,
    .node_unlink = files_on_unlink,
    .node_rename = files_on_rename,
    .node_link = files_on_link,
    .node_symlink = files_on_symlink,
    .node_read_link = files_on_read_link,
    .node_readable = files_on_readable,
    .node_writable = files_on_writable,
    .node_space = files_on_space,
};

/* ---- The handler ---- */

static void on_message(void *context, const struct native_message *message)
{
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = files_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&files_handler, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    handler_closed(&files_handler, badge);
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    channel_withdraw(&files_handler, id);
}

enum status native_files_init(void)
{
    static const struct native_operations operations = { "files", on_message, on_closed,
                                                         on_withdrawn };
    return handler_init(&files_handler, &operations, NULL, FILES_INTERFACE_NAME,
                        FILES_INTERFACE_HASH);
}

void native_files_deinit(void)
{
    for (u32 i = 0; i < grant_count; i++)
        object_release(&grants[i].node->object);
    grant_count = 0;
    handler_deinit(&files_handler);
}

static int mint_for(struct node *node, struct native *receiver, i32 *slot)
{
    u64 badge = handler_add(&files_handler, &node->object);
    if (badge != 0 && native_mint_for(receiver, files_handler.native, FILES_INTERFACE_ID, badge,
                                      slot) == STATUS_OK)
        return 0;
    if (badge != 0)
        handler_closed(&files_handler, badge);
    else
        object_release(&node->object);
    return EMFILE;
}

/* Whether this host can hold paths below a directory at all: openat2 came with Linux 5.6. */
static int check_host(int directory)
{
    int fd;
    int failure = path_open(directory, ".", O_PATH, &fd);
    if (failure == 0)
        close(fd);
    return failure;
}

int native_files_grant(int fd, const char *name, bool read_only, struct native *receiver, i32 *slot)
{
    struct node *node;
    u32 rights = read_only ? FILES_OPEN_FLAGS_READ : ALL_RIGHTS;
    int failure = check_host(fd);
    if (failure != 0) {
        close(fd);
        return failure;
    }
    failure = node_create(fd, rights, !read_only, &node);
    if (failure != 0)
        return failure;
    if (grant_count < GRANTS_OFFERED_MAX) {
        object_hold(&node->object);
        grants[grant_count].name = name;
        grants[grant_count].node = node;
        grant_count++;
    }
    return mint_for(node, receiver, slot);
}
