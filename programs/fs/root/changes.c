/* `files`: functions that make, remove and move names. */
#include "interface/system_program.h"
#include "programs/fs/root/forward.h"
#include "programs/fs/root/root.h"

/* Walks to a name that is to be changed: it is no `.` or `..`, and the directory may be changed. */
static int walk_to_name(struct root_path *path, struct weft_bytes text, int without_name)
{
    int failure = root_walk(path, text, false);
    if (failure != 0)
        return failure;
    if (!path->from->may_change)
        return FAILURE(READ_ONLY);
    if (path->walk.kind == WALK_FOREIGN)
        return path->walk.rest.size == 0 ? FAILURE(BUSY) : 0; /* a mount is no name of its own */
    return path->walk.name.size == 0 ? without_name : 0;
}

static int make(const struct walk *walk, enum files_node_kind kind, struct weft_bytes target)
{
    struct volume *volume = walk->directory.volume;
    struct volume_making making = { walk->name, kind, target };
    uint64_t node;
    if (walk->kind == WALK_NODE)
        return FAILURE(EXISTS);
    if (walk->wants_directory && kind != FILES_NODE_KIND_DIRECTORY)
        return FAILURE(NOT_FOUND);
    if (volume->operations->create == NULL)
        return FAILURE(READ_ONLY);
    return volume->operations->create(volume, walk->directory.node, &making, &node);
}

static enum weft_status
on_create_directory(void *context, const struct weft_event *event,
                    const struct files_node_create_directory_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    path->from = context;
    int failure = walk_to_name(path, arguments->path, FAILURE(EXISTS));
    if (failure == FAILURE(BUSY))
        failure = FAILURE(EXISTS);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_create_directory_encode(client_begin(&client), path->walk.rest);
        return forward_send(event, &client);
    }
    if (failure == 0)
        failure = make(&path->walk, FILES_NODE_KIND_DIRECTORY, (struct weft_bytes){ 0 });
    return answer_none(event, failure);
}

static enum weft_status on_symlink(void *context, const struct weft_event *event,
                                   const struct files_node_symlink_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    path->from = context;
    int failure = walk_to_name(path, arguments->path, FAILURE(EXISTS));
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_symlink_encode(client_begin(&client), arguments->target, path->walk.rest);
        return forward_send(event, &client);
    }
    if (failure == 0 && (arguments->target.size == 0 || arguments->target.size > VOLUME_PATH_MAX))
        failure = arguments->target.size == 0 ? FAILURE(NOT_FOUND) : FAILURE(NAME_TOO_LONG);
    if (failure == 0)
        failure = make(&path->walk, FILES_NODE_KIND_SYMBOLIC_LINK, arguments->target);
    return answer_none(event, failure);
}

/* ---- Removing -------------------------------------------------------------------------------- */

static int remove_name(const struct walk *walk, bool is_directory)
{
    struct volume *volume = walk->directory.volume;
    if (walk->kind == WALK_MISSING)
        return FAILURE(NOT_FOUND);
    if (walk->wants_directory && !is_directory)
        return FAILURE(NOT_DIRECTORY);
    if (volume->operations->remove == NULL)
        return FAILURE(READ_ONLY);
    return volume->operations->remove(volume, walk->directory.node, walk->name, is_directory);
}

static enum weft_status
on_remove_directory(void *context, const struct weft_event *event,
                    const struct files_node_remove_directory_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    path->from = context;
    int failure = walk_to_name(path, arguments->path, FAILURE(INVALID));
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_remove_directory_encode(client_begin(&client), path->walk.rest);
        return forward_send(event, &client);
    }
    if (failure == 0)
        failure = remove_name(&path->walk, true);
    return answer_none(event, failure);
}

static enum weft_status on_unlink(void *context, const struct weft_event *event,
                                  const struct files_node_unlink_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    path->from = context;
    int failure = walk_to_name(path, arguments->path, FAILURE(IS_DIRECTORY));
    if (failure == FAILURE(BUSY))
        failure = FAILURE(IS_DIRECTORY);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_unlink_encode(client_begin(&client), path->walk.rest);
        return forward_send(event, &client);
    }
    if (failure == 0)
        failure = remove_name(&path->walk, false);
    return answer_none(event, failure);
}

/* ---- Between two directories ----------------------------------------------------------------- */

/* Where a second path leads: an open directory of ours, or (`from` NULL) another handler's slot. */
static const struct open_node *directory_of(int32_t slot)
{
    uint8_t buffer[64];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct system_u64_error_result result;
    if (system_badge(&client, slot, &result) != WEFT_OK || result.failed)
        return NULL;
    return root_find(result.value);
}

/* The slot and path that the other handler is to be told, if both are its own. */
struct target {
    int32_t slot;
    struct weft_bytes path;
};

/* Finds the second place. 0, or a failure; `target` is for a first place in a foreign mount. */
static int find_target(int32_t slot, struct weft_bytes text, struct target *target)
{
    const struct mount *mount =
        root_paths[0].walk.kind == WALK_FOREIGN ? root_paths[0].walk.mount : NULL;
    struct root_path *path = &root_paths[1];
    path->from = directory_of(slot);
    *target = (struct target){ slot, text };
    if (path->from == NULL)
        return mount != NULL ? 0 : FAILURE(CROSS_DEVICE);
    int failure = walk_to_name(path, text, FAILURE(BUSY));
    if (failure != 0)
        return failure;
    if (path->walk.kind == WALK_FOREIGN) {
        *target = (struct target){ path->walk.mount->slot, path->walk.rest };
        return path->walk.mount == mount ? 0 : FAILURE(CROSS_DEVICE);
    }
    return mount != NULL || root_paths[0].walk.directory.volume != path->walk.directory.volume
               ? FAILURE(CROSS_DEVICE)
               : 0;
}

static int rename_own(const struct walk *from, const struct walk *to)
{
    struct volume *volume = from->directory.volume;
    struct files_status status;
    if (from->kind == WALK_MISSING)
        return FAILURE(NOT_FOUND);
    if (volume->operations->rename == NULL)
        return FAILURE(READ_ONLY);
    int failure = volume->operations->status(volume, from->node.node, &status);
    if (failure == 0 && status.kind != FILES_NODE_KIND_DIRECTORY &&
        (from->wants_directory || to->wants_directory))
        failure = FAILURE(NOT_DIRECTORY);
    return failure != 0 ? failure
                        : volume->operations->rename(volume, from->directory.node, from->name,
                                                     to->directory.node, to->name);
}

static enum weft_status on_rename(void *context, const struct weft_event *event,
                                  const struct files_node_rename_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    enum weft_status status;
    struct target target;
    path->from = context;
    int failure = walk_to_name(path, arguments->path, FAILURE(BUSY));
    if (failure == 0)
        failure = find_target(arguments->to_directory, arguments->to_path, &target);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_rename_encode(client_begin(&client), path->walk.rest, target.slot, target.path);
        status = forward_send(event, &client);
    } else {
        if (failure == 0)
            failure = rename_own(&path->walk, &root_paths[1].walk);
        status = answer_none(event, failure);
    }
    if (status == WEFT_OK)
        server_close(&arguments->to_directory, 1);
    return status;
}

static int link_own(const struct walk *from, const struct walk *to)
{
    struct volume *volume = from->node.volume;
    if (from->kind == WALK_MISSING || to->wants_directory)
        return FAILURE(NOT_FOUND);
    if (volume != to->directory.volume)
        return FAILURE(CROSS_DEVICE);
    if (volume->operations->link == NULL)
        return FAILURE(READ_ONLY);
    return volume->operations->link(volume, from->node.node, to->directory.node, to->name);
}

static enum weft_status on_link(void *context, const struct weft_event *event,
                                const struct files_node_link_arguments *arguments)
{
    struct root_path *path = &root_paths[0];
    enum weft_status status;
    struct target target;
    path->from = context;
    int failure = root_walk(path, arguments->path, arguments->follow);
    if (failure == 0 && !path->from->may_change)
        failure = FAILURE(READ_ONLY);
    if (failure == 0)
        failure = find_target(arguments->to_directory, arguments->to_path, &target);
    if (failure == 0 && path->walk.kind == WALK_FOREIGN) {
        struct weft_client client = root_client(path->walk.mount->slot);
        files_node_link_encode(client_begin(&client), root_rest(&path->walk), arguments->follow,
                               target.slot, target.path);
        status = forward_send(event, &client);
    } else {
        if (failure == 0)
            failure = link_own(&path->walk, &root_paths[1].walk);
        status = answer_none(event, failure);
    }
    if (status == WEFT_OK)
        server_close(&arguments->to_directory, 1);
    return status;
}

void changes_fill(struct files_server *server)
{
    server->node_create_directory = on_create_directory;
    server->node_remove_directory = on_remove_directory;
    server->node_unlink = on_unlink;
    server->node_rename = on_rename;
    server->node_link = on_link;
    server->node_symlink = on_symlink;
}
