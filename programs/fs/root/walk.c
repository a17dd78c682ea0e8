#include "programs/fs/root/walk.h"

#include "lib/memory.h"

static struct volume_node top(const struct walk *walk)
{
    return walk->passed[walk->depth - 1];
}

static int push(struct walk *walk, struct volume_node node)
{
    if (walk->depth == WALK_DEPTH_MAX)
        return FAILURE(NAME_TOO_LONG);
    walk->passed[walk->depth++] = node;
    return 0;
}

static bool is_root(const struct walk *walk, struct volume_node node)
{
    return node.volume == &walk->mounts->volume && node.node == VOLUME_ROOT;
}

/* ---- The text -------------------------------------------------------------------------------- */

static void skip_slashes(struct walk *walk)
{
    while (walk->at < walk->end && walk->text[walk->at] == '/')
        walk->at++;
}

static struct weft_bytes next_name(struct walk *walk)
{
    uint32_t from = walk->at;
    while (walk->at < walk->end && walk->text[walk->at] != '/')
        walk->at++;
    return (struct weft_bytes){ walk->text + from, walk->at - from };
}

/* Whether nothing but slashes follows. */
static bool is_last(const struct walk *walk)
{
    uint32_t at = walk->at;
    while (at < walk->end && walk->text[at] == '/')
        at++;
    return at == walk->end;
}

static int check_text(struct weft_bytes text)
{
    if (text.size == 0)
        return FAILURE(NOT_FOUND);
    for (uint32_t i = 0; i < text.size; i++)
        if (text.data[i] == 0)
            return FAILURE(INVALID);
    return 0;
}

/* The target takes the link's place before what is left. */
static int put_target(struct walk *walk, struct weft_bytes target)
{
    uint32_t left = walk->end - walk->at;
    int failure = check_text(target);
    if (failure != 0)
        return failure;
    if (target.size + left > WALK_TEXT_MAX)
        return FAILURE(NAME_TOO_LONG);
    memmove(walk->text + target.size, walk->text + walk->at, left);
    memcpy(walk->text, target.data, target.size);
    walk->at = 0;
    walk->end = target.size + left;
    return 0;
}

/* ---- Steps ----------------------------------------------------------------------------------- */

static int go_up(struct walk *walk)
{
    walk->name.size = 0;
    if (walk->depth > 1)
        walk->depth--;
    else if (!walk->is_from_root)
        return FAILURE(NOT_CAPABLE);
    return 0;
}

static int follow(struct walk *walk, struct volume_node link)
{
    struct volume_span target = { walk->target, VOLUME_PATH_MAX };
    walk->name.size = 0;
    if (++walk->links > WALK_LINKS_MAX)
        return FAILURE(LOOP);
    int failure = link.volume->operations->read_link(link.volume, link.node, &target);
    if (failure == 0)
        failure = put_target(walk, (struct weft_bytes){ target.data, target.size });
    if (failure != 0 || target.data[0] != '/')
        return failure;
    if (!walk->is_from_root)
        return FAILURE(NOT_CAPABLE);
    walk->depth = 1;
    return 0;
}

/* Where in the text a `..` leaves the directory in which it begins; its end if none does. */
static uint32_t find_exit(const struct walk *walk)
{
    uint32_t depth = 0;
    for (uint32_t at = walk->at; at < walk->end;) {
        uint32_t from = at;
        while (at < walk->end && walk->text[at] != '/')
            at++;
        struct weft_bytes name = { walk->text + from, at - from };
        if (volume_name_is(name, "..") && depth-- == 0)
            return at;
        if (name.size != 0 && !volume_name_is(name, ".") && !volume_name_is(name, ".."))
            depth++;
        at++;
    }
    return walk->end + 1;
}

/* `*ends`: the rest of the path is the other handler's. */
static int enter_foreign(struct walk *walk, const struct mount *mount, bool *ends)
{
    uint32_t exit = find_exit(walk);
    if (exit <= walk->end) {
        walk->at = exit;
        walk->name.size = 0;
        return 0;
    }
    skip_slashes(walk);
    walk->kind = WALK_FOREIGN;
    walk->mount = mount;
    walk->rest = (struct weft_bytes){ walk->text + walk->at, walk->end - walk->at };
    *ends = true;
    return 0;
}

static int enter_mount(struct walk *walk, const struct mount *mount, bool *ends)
{
    int failure = mount->needs == NULL ? 0 : walk->permits(mount);
    if (failure != 0)
        return failure;
    if (mount->volume == NULL)
        return enter_foreign(walk, mount, ends);
    return push(walk, (struct volume_node){ mount->volume, VOLUME_ROOT });
}

/* What is found under a name. */
static int enter(struct walk *walk, struct volume_node node, bool *ends)
{
    struct files_status status;
    const struct mount *mount =
        node.volume == &walk->mounts->volume ? mounts_at(walk->mounts, node.node) : NULL;
    if (mount != NULL)
        return enter_mount(walk, mount, ends);
    int failure = node.volume->operations->status(node.volume, node.node, &status);
    if (failure != 0)
        return failure;
    bool has_more = walk->at < walk->end;
    if (status.kind == FILES_NODE_KIND_SYMBOLIC_LINK && (has_more || walk->follows))
        return follow(walk, node);
    if (status.kind != FILES_NODE_KIND_DIRECTORY && has_more)
        return FAILURE(NOT_DIRECTORY);
    return push(walk, node);
}

/* A name that is not there is no failure if it is the last. */
static int step(struct walk *walk, struct weft_bytes name, bool *ends)
{
    struct volume_node above = top(walk), below = { above.volume, 0 };
    if (name.size > VOLUME_NAME_MAX)
        return FAILURE(NAME_TOO_LONG);
    int failure = above.volume->operations->look_up(above.volume, above.node, name, &below.node);
    walk->directory = above;
    walk->name = name;
    if (failure == FAILURE(NOT_FOUND) && is_last(walk)) {
        walk->kind = WALK_MISSING;
        *ends = true;
        return 0;
    }
    return failure != 0 ? failure : enter(walk, below, ends);
}

static int go(struct walk *walk)
{
    bool ends = false;
    int failure = 0;
    while (failure == 0 && !ends) {
        skip_slashes(walk);
        if (walk->at == walk->end)
            break;
        struct weft_bytes name = next_name(walk);
        if (volume_name_is(name, "."))
            walk->name.size = 0;
        else if (volume_name_is(name, ".."))
            failure = go_up(walk);
        else
            failure = step(walk, name, &ends);
    }
    if (!ends)
        walk->node = top(walk);
    return failure;
}

int walk(struct walk *walk, struct volume_node base, struct weft_bytes path)
{
    struct files_status status;
    int failure = check_text(path);
    if (failure != 0)
        return failure;
    if (path.size > VOLUME_PATH_MAX)
        return FAILURE(NAME_TOO_LONG);
    if (path.data[0] == '/')
        return FAILURE(NOT_CAPABLE);
    failure = base.volume->operations->status(base.volume, base.node, &status);
    if (failure == 0 && status.kind != FILES_NODE_KIND_DIRECTORY)
        failure = FAILURE(NOT_DIRECTORY);
    memcpy(walk->text, path.data, path.size);
    walk->kind = WALK_NODE;
    walk->name = (struct weft_bytes){ 0 };
    walk->directory = base;
    walk->wants_directory = path.data[path.size - 1] == '/';
    walk->is_from_root = is_root(walk, base);
    walk->passed[0] = base;
    walk->depth = 1;
    walk->links = 0;
    walk->at = 0;
    walk->end = path.size;
    return failure != 0 ? failure : go(walk);
}
