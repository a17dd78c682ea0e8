/* `files`: functions that find something by its path and change no names. */
#include "programs/fs/root/authority.h"
#include "programs/fs/root/forward.h"
#include "programs/fs/root/root.h"

struct root_path root_paths[2];

static int permits(const struct mount *mount)
{
    return authority_check(mount->needs);
}

int root_walk(struct root_path *path, struct weft_bytes text, bool follows)
{
    path->walk.mounts = &mounts;
    path->walk.permits = permits;
    path->walk.follows = follows;
    if (path->from == NULL)
        return FAILURE(BAD_DESCRIPTOR);
    int failure;
    bool is_whole = path->from->at.volume == &mounts.volume && path->from->at.node == VOLUME_ROOT;
    if (is_whole && !view_is_on() && scheme_find(text, &path->walk.node, &failure)) {
        path->walk.kind = WALK_NODE;
        path->walk.directory = path->walk.node;
        path->walk.name = (struct weft_bytes){ 0 };
        path->walk.wants_directory = false;
        return failure;
    }
    return walk(&path->walk, path->from->at, text);
}

struct weft_client root_client(int32_t slot)
{
    static _Alignas(8) uint8_t buffer[2 * WALK_TEXT_MAX + ANSWER_HEAD];
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

struct weft_bytes root_rest(const struct walk *walk)
{
    return walk->rest.size == 0 ? WEFT_BYTES(".") : walk->rest;
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* What the directory's rights forbid. */
static int check_rights(const struct open_node *from, uint32_t flags)
{
    bool writes =
        (flags & FILES_OPEN_FLAGS_WRITE) != 0 && (flags & FILES_OPEN_FLAGS_DIRECTORY) == 0;
    if ((flags & FILES_OPEN_FLAGS_READ) != 0 && (from->rights & FILES_OPEN_FLAGS_READ) == 0)
        return FAILURE(ACCESS);
    if (writes && (from->rights & FILES_OPEN_FLAGS_WRITE) == 0)
        return FAILURE(READ_ONLY);
    if ((flags & FILES_OPEN_FLAGS_TRUNCATE) != 0 && !from->may_change)
        return FAILURE(READ_ONLY);
    return 0;
}

static int create(const struct walk *walk, bool may_change, struct volume_node *made)
{
    struct volume *volume = walk->directory.volume;
    struct volume_making making = { .name = walk->name, .kind = FILES_NODE_KIND_REGULAR_FILE };
    if (walk->wants_directory)
        return FAILURE(IS_DIRECTORY);
    if (!may_change || volume->operations->create == NULL)
        return FAILURE(READ_ONLY);
    made->volume = volume;
    return volume->operations->create(volume, walk->directory.node, &making, &made->node);
}

static int check_kind(const struct walk *walk, enum files_node_kind kind, uint32_t flags)
{
    const uint32_t changes =
        FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_TRUNCATE | FILES_OPEN_FLAGS_CREATE;
    if ((flags & FILES_OPEN_FLAGS_EXCLUSIVE) != 0 && (flags & FILES_OPEN_FLAGS_CREATE) != 0)
        return FAILURE(EXISTS);
    if (kind == FILES_NODE_KIND_SYMBOLIC_LINK)
        return FAILURE(LOOP);
    if (kind == FILES_NODE_KIND_DIRECTORY)
        return (flags & FILES_OPEN_FLAGS_DIRECTORY) == 0 && (flags & changes) != 0
                   ? FAILURE(IS_DIRECTORY)
                   : 0;
    return (flags & FILES_OPEN_FLAGS_DIRECTORY) != 0 || walk->wants_directory
               ? FAILURE(NOT_DIRECTORY)
               : 0;
}

/* What is there already. */
static int take_existing(const struct walk *walk, uint32_t flags, struct open_node *opened)
{
    struct volume *volume = walk->node.volume;
    struct files_status status;
    int failure = volume->operations->status(volume, walk->node.node, &status);
    if (failure == 0)
        failure = check_kind(walk, status.kind, flags);
    if (failure == 0 && (flags & FILES_OPEN_FLAGS_WRITE) != 0 &&
        status.kind != FILES_NODE_KIND_DIRECTORY && volume->operations->write == NULL)
        failure = FAILURE(READ_ONLY);
    if (failure == 0 && (flags & FILES_OPEN_FLAGS_TRUNCATE) != 0)
        failure = volume->operations->set_size == NULL
                      ? 0
                      : volume->operations->set_size(volume, walk->node.node, 0);
    opened->at = walk->node;
    /* As in POSIX, how a directory was opened does not bound what is done below it. */
    if (status.kind != FILES_NODE_KIND_DIRECTORY)
        opened->rights = flags & (FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE);
    if (failure == 0 && volume->operations->open != NULL)
        failure = volume->operations->open(volume, walk->node.node, flags);
    return failure;
}

static int open_found(const struct root_path *path, uint32_t flags, struct open_node *opened)
{
    const struct walk *found = &path->walk;
    if (found->kind == WALK_NODE)
        return take_existing(found, flags, opened);
    if ((flags & FILES_OPEN_FLAGS_CREATE) == 0)
        return FAILURE(NOT_FOUND);
    opened->rights = flags & (FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE);
    return create(found, path->from->may_change, &opened->at);
}

static enum weft_status open_foreign(const struct root_path *path, const struct weft_event *event,
                                     uint32_t flags)
{
    struct weft_client client = root_client(path->walk.mount->slot);
    files_node_open_encode(client_begin(&client), root_rest(&path->walk), flags);
    return forward_send(event, &client);
}

static enum weft_status on_open(void *context, const struct weft_event *event,
                                const struct files_node_open_arguments *arguments)
{
    const uint32_t never = FILES_OPEN_FLAGS_CREATE | FILES_OPEN_FLAGS_DIRECTORY;
    struct root_path *path = &root_paths[0];
    uint32_t flags = arguments->flags;
    path->from = context;
    bool follows =
        (flags & FILES_OPEN_FLAGS_FOLLOW) != 0 && (flags & FILES_OPEN_FLAGS_EXCLUSIVE) == 0;
    int failure = (flags & never) == never ? FAILURE(INVALID) : 0;
    if (failure == 0)
        failure = root_walk(path, arguments->path, follows);
    if (failure == 0)
        failure = check_rights(path->from, flags);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN)
        return open_foreign(path, event, flags);
    struct open_node opened = { 0 };
    if (failure == 0) {
        opened = *path->from;
        failure = open_found(path, flags, &opened);
    }
    opened.mode = flags & OPEN_MODES;
    opened.process = event->sender;
    opened.silo = event->sender_silo;
    return answer_opened(event, failure, &opened);
}

/* ---- Status and times ------------------------------------------------------------------------ */

static enum weft_status on_status_at(void *context, const struct weft_event *event,
                                     const struct files_node_status_at_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    path->from = context;
    int failure = root_walk(path, arguments->path, arguments->follow);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_status_at_encode(client_begin(&client), root_rest(&path->walk),
                                    arguments->follow);
        return forward_send(event, &client);
    }
    if (failure == 0 && path->walk.kind == WALK_MISSING)
        failure = FAILURE(NOT_FOUND);
    return failure != 0 ? answer_no_status(event, failure) : answer_status(event, path->walk.node);
}

static enum weft_status on_set_times_at(void *context, const struct weft_event *event,
                                        const struct files_node_set_times_at_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    path->from = context;
    int failure = root_walk(path, arguments->path, arguments->follow);
    if (failure == 0 && !path->from->may_change)
        failure = FAILURE(READ_ONLY);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_set_times_at_encode(client_begin(&client), root_rest(&path->walk),
                                       arguments->follow, arguments->accessed, arguments->modified);
        return forward_send(event, &client);
    }
    struct volume_node node = path->walk.node;
    if (failure == 0 && path->walk.kind == WALK_MISSING)
        failure = FAILURE(NOT_FOUND);
    if (failure == 0)
        failure = node.volume->operations->set_times == NULL
                      ? FAILURE(READ_ONLY)
                      : node.volume->operations->set_times(
                            node.volume, node.node, &arguments->accessed, &arguments->modified);
    return answer_none(event, failure);
}

static enum weft_status on_read_link(void *context, const struct weft_event *event,
                                     const struct files_node_read_link_arguments *arguments)
{
    static uint8_t target[VOLUME_PATH_MAX];
    struct volume_span span = { target, sizeof(target) };
    struct root_path *path = &root_paths[0];
    path->from = context;
    int failure = root_walk(path, arguments->path, false);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_read_link_encode(client_begin(&client), root_rest(&path->walk));
        return forward_send(event, &client);
    }
    struct volume_node node = path->walk.node;
    if (failure == 0 && path->walk.kind == WALK_MISSING)
        failure = FAILURE(NOT_FOUND);
    if (failure == 0)
        failure = node.volume->operations->read_link == NULL
                      ? FAILURE(INVALID)
                      : node.volume->operations->read_link(node.volume, node.node, &span);
    if (failure == VOLUME_LATER)
        return WEFT_OK;
    struct files_string_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = answer_error(failure);
    else
        result.value = (struct weft_bytes){ span.data, span.size };
    return files_node_read_link_answer(answer_begin(), event->id, &result);
}

void paths_fill(struct files_server *server)
{
    server->node_open = on_open;
    server->node_status_at = on_status_at;
    server->node_set_times_at = on_set_times_at;
    server->node_read_link = on_read_link;
}
