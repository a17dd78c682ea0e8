/* `files`: functions that are about an open node itself. */
#include "programs/fs/root/root.h"

enum { READ_RESULT_BYTES = 12, READ_LIST_AT = 4, NODE_MODES = OPEN_MODES };

static struct volume *volume_of(const struct open_node *node)
{
    return node->at.volume;
}

static enum weft_status on_status(void *context, const struct weft_event *event)
{
    const struct open_node *node = context;
    return answer_status(event, node->at);
}

static enum weft_status on_narrow(void *context, const struct weft_event *event,
                                  const struct files_node_narrow_arguments *arguments)
{
    const struct open_node *node = context;
    struct open_node narrowed = *node;
    narrowed.rights = node->rights & arguments->flags;
    if ((node->rights & FILES_OPEN_FLAGS_WRITE) != 0)
        narrowed.rights |= arguments->flags & FILES_OPEN_FLAGS_APPEND;
    narrowed.may_change = node->may_change && (arguments->flags & FILES_OPEN_FLAGS_WRITE) != 0;
    narrowed.process = event->sender;
    narrowed.silo = event->sender_silo;
    return answer_opened(event, 0, &narrowed);
}

/* ---- Bytes ----------------------------------------------------------------------------------- */

/* The volume writes into the answer's body, so that bytes are copied once. */
static enum weft_status on_read(void *context, const struct weft_event *event,
                                const struct files_node_read_arguments *arguments)
{
    const struct open_node *node = context;
    struct volume *volume = volume_of(node);
    if ((node->rights & FILES_OPEN_FLAGS_READ) == 0)
        return answer_bytes(event, (struct weft_bytes){ 0 }, FAILURE(BAD_DESCRIPTOR));
    if (volume->operations->read == NULL)
        return answer_bytes(event, (struct weft_bytes){ 0 }, FAILURE(IS_DIRECTORY));
    struct body_writer *writer = answer_begin();
    body_put_answer(writer, READ_RESULT_BYTES);
    struct volume_span span = { writer->data + READ_RESULT_BYTES,
                                arguments->count < ANSWER_MAX ? arguments->count : ANSWER_MAX };
    int failure = volume->operations->read(volume, node->at.node, arguments->offset, &span);
    if (failure != 0)
        return answer_bytes(event, (struct weft_bytes){ 0 }, failure);
    if (span.size != 0) {
        body_put_u32(writer, READ_LIST_AT, READ_RESULT_BYTES);
        body_put_u32(writer, READ_LIST_AT + 4, span.size);
        writer->size += span.size;
    }
    return client_answer(writer, event->id);
}

static int write(const struct open_node *node, const struct files_node_write_arguments *arguments,
                 uint32_t *count)
{
    struct volume *volume = volume_of(node);
    uint64_t offset = arguments->offset;
    bool appends = ((node->mode | node->rights) & FILES_OPEN_FLAGS_APPEND) != 0;
    if ((node->rights & (FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_APPEND)) == 0)
        return FAILURE(BAD_DESCRIPTOR);
    if (volume->operations->write == NULL)
        return FAILURE(READ_ONLY);
    if (appends) {
        struct files_status status;
        int failure = volume->operations->status(volume, node->at.node, &status);
        if (failure != 0)
            return failure;
        offset = status.size;
    }
    return volume->operations->write(volume, node->at.node, offset, arguments->bytes, count);
}

static enum weft_status on_write(void *context, const struct weft_event *event,
                                 const struct files_node_write_arguments *arguments)
{
    uint32_t count = 0;
    int failure = write(context, arguments, &count);
    return answer_count(event, count, failure);
}

static int check_change(const struct open_node *node)
{
    return (node->rights & FILES_OPEN_FLAGS_WRITE) != 0 ? 0 : FAILURE(BAD_DESCRIPTOR);
}

static enum weft_status on_set_size(void *context, const struct weft_event *event,
                                    const struct files_node_set_size_arguments *arguments)
{
    const struct open_node *node = context;
    struct volume *volume = volume_of(node);
    int failure = check_change(node);
    if (failure == 0)
        failure = volume->operations->set_size == NULL
                      ? FAILURE(INVALID)
                      : volume->operations->set_size(volume, node->at.node, arguments->size);
    return answer_none(event, failure);
}

static enum weft_status on_allocate(void *context, const struct weft_event *event,
                                    const struct files_node_allocate_arguments *arguments)
{
    const struct open_node *node = context;
    struct volume *volume = volume_of(node);
    uint64_t end;
    int failure = check_change(node);
    if (failure == 0 && __builtin_add_overflow(arguments->offset, arguments->size, &end))
        failure = FAILURE(TOO_BIG);
    if (failure == 0)
        failure = volume->operations->allocate == NULL
                      ? FAILURE(UNSUPPORTED)
                      : volume->operations->allocate(volume, node->at.node, end);
    return answer_none(event, failure);
}

/* Nothing is ahead or behind of what lies in memory. */
static enum weft_status on_advise(void *context, const struct weft_event *event,
                                  const struct files_node_advise_arguments *arguments)
{
    (void)context;
    (void)arguments;
    return answer_none(event, 0);
}

static enum weft_status on_sync(void *context, const struct weft_event *event,
                                const struct files_node_sync_arguments *arguments)
{
    (void)context;
    (void)arguments;
    return answer_none(event, 0);
}

/* ---- State ----------------------------------------------------------------------------------- */

static enum weft_status on_set_times(void *context, const struct weft_event *event,
                                     const struct files_node_set_times_arguments *arguments)
{
    const struct open_node *node = context;
    struct volume *volume = volume_of(node);
    int failure = node->may_change ? 0 : FAILURE(READ_ONLY);
    if (failure == 0)
        failure = volume->operations->set_times == NULL
                      ? FAILURE(READ_ONLY)
                      : volume->operations->set_times(volume, node->at.node, &arguments->accessed,
                                                      &arguments->modified);
    return answer_none(event, failure);
}

static enum weft_status on_set_flags(void *context, const struct weft_event *event,
                                     const struct files_node_set_flags_arguments *arguments)
{
    struct open_node *node = context;
    node->mode = arguments->flags & NODE_MODES;
    return answer_none(event, 0);
}

static enum weft_status on_flags(void *context, const struct weft_event *event)
{
    const struct open_node *node = context;
    struct files_open_flags_error_result result = { .value = node->rights | node->mode };
    return files_node_flags_answer(answer_begin(), event->id, &result);
}

static bool add_dots(struct listing *listing, const struct open_node *node)
{
    struct files_entry dot = { .kind = FILES_NODE_KIND_DIRECTORY, .name = WEFT_BYTES(".") };
    struct files_entry dots = { .kind = FILES_NODE_KIND_DIRECTORY, .name = WEFT_BYTES("..") };
    dot.inode = dots.inode = node->at.node;
    return listing_add(listing, 0, &dot) && listing_add(listing, 1, &dots);
}

static enum weft_status on_list(void *context, const struct weft_event *event,
                                const struct files_node_list_arguments *arguments)
{
    static struct listing listing;
    const struct open_node *node = context;
    struct volume *volume = volume_of(node);
    struct files_status status;
    int failure = volume->operations->status(volume, node->at.node, &status);
    if (failure == 0 && status.kind != FILES_NODE_KIND_DIRECTORY)
        failure = FAILURE(NOT_DIRECTORY);
    listing.from = arguments->from;
    listing.room = arguments->count < 2 * ANSWER_MAX / 3 ? arguments->count : 2 * ANSWER_MAX / 3;
    listing.count = 0;
    listing.names_used = 0;
    if (failure == 0 && add_dots(&listing, node))
        failure = volume->operations->list(volume, node->at.node, &listing);
    struct files_entry_list_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = answer_error(failure);
    else
        result.value = (struct files_entry_list){ listing.entries, listing.count };
    return files_node_list_answer(answer_begin(), event->id, &result);
}

static int ask_readable(const struct open_node *node, uint64_t *size)
{
    struct volume *volume = volume_of(node);
    struct files_status status;
    if (volume->operations->readable != NULL)
        return volume->operations->readable(volume, node->at.node, size);
    int failure = volume->operations->status(volume, node->at.node, &status);
    *size = failure == 0 ? status.size : 0;
    return failure;
}

static enum weft_status on_readable(void *context, const struct weft_event *event)
{
    uint64_t size = 0;
    int failure = ask_readable(context, &size);
    return answer_readable(event, size, failure);
}

static enum weft_status on_writable(void *context, const struct weft_event *event)
{
    (void)context;
    return answer_readable(event, ANSWER_MAX, 0);
}

static enum weft_status on_space(void *context, const struct weft_event *event)
{
    const struct open_node *node = context;
    struct volume *volume = volume_of(node);
    struct files_space_error_result result = { 0 };
    if (volume->operations->space != NULL)
        volume->operations->space(volume, &result.value);
    return files_node_space_answer(answer_begin(), event->id, &result);
}

void nodes_fill(struct files_server *server)
{
    server->node_narrow = on_narrow;
    server->node_status = on_status;
    server->node_read = on_read;
    server->node_write = on_write;
    server->node_set_size = on_set_size;
    server->node_allocate = on_allocate;
    server->node_advise = on_advise;
    server->node_sync = on_sync;
    server->node_set_times = on_set_times;
    server->node_set_flags = on_set_flags;
    server->node_flags = on_flags;
    server->node_list = on_list;
    server->node_readable = on_readable;
    server->node_writable = on_writable;
    server->node_space = on_space;
}
