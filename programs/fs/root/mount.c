#include "programs/fs/root/mount.h"

#include "lib/memory.h"

enum { NOWHERE = PLACES_MAX };

static struct mounts *of(struct volume *volume)
{
    return (struct mounts *)(void *)volume;
}

static uint32_t index_of(uint64_t node)
{
    return (uint32_t)(node - VOLUME_ROOT);
}

static bool is_named(const struct place *place, struct weft_bytes name)
{
    return place->name_size == name.size && memcmp(place->name, name.data, name.size) == 0;
}

/* ---- Places ---------------------------------------------------------------------------------- */

static uint32_t find(const struct mounts *mounts, uint32_t parent, struct weft_bytes name)
{
    for (uint32_t i = 1; i < PLACES_MAX; i++)
        if (mounts->places[i].is_used && mounts->places[i].parent == parent &&
            is_named(&mounts->places[i], name))
            return i;
    return NOWHERE;
}

static bool has_places_below(const struct mounts *mounts, uint32_t place)
{
    for (uint32_t i = 1; i < PLACES_MAX; i++)
        if (mounts->places[i].is_used && mounts->places[i].parent == place)
            return true;
    return false;
}

static uint32_t make(struct mounts *mounts, uint32_t parent, struct weft_bytes name)
{
    for (uint32_t i = 1; i < PLACES_MAX; i++) {
        struct place *place = &mounts->places[i];
        if (place->is_used)
            continue;
        *place =
            (struct place){ .is_used = true, .name_size = (uint8_t)name.size, .parent = parent };
        memcpy(place->name, name.data, name.size);
        return i;
    }
    return NOWHERE;
}

/* Away with it and with those above, as far as they lead nowhere. */
static void prune(struct mounts *mounts, uint32_t place)
{
    while (place != 0 && mounts->places[place].mount == 0 && !has_places_below(mounts, place)) {
        mounts->places[place].is_used = false;
        place = mounts->places[place].parent;
    }
}

/* The next name of the path, which is shortened by it; false: there is none, or it is none. */
static bool next_name(struct weft_bytes *path, struct weft_bytes *name)
{
    uint32_t size = 0;
    if (path->size == 0 || path->data[0] != '/')
        return false;
    path->data++;
    path->size--;
    while (size < path->size && path->data[size] != '/')
        size++;
    *name = (struct weft_bytes){ path->data, size };
    path->data += size;
    path->size -= size;
    for (uint32_t i = 0; i < size; i++)
        if (name->data[i] == 0)
            return false;
    return size != 0 && size <= VOLUME_NAME_MAX && !volume_name_is(*name, ".") &&
           !volume_name_is(*name, "..");
}

static uint32_t find_path(const struct mounts *mounts, struct weft_bytes path)
{
    uint32_t place = 0;
    struct weft_bytes name;
    do {
        if (!next_name(&path, &name))
            return NOWHERE;
        place = find(mounts, place, name);
    } while (place != NOWHERE && path.size != 0);
    return place;
}

/* The place of the path, made if need be; NOWHERE and a failure otherwise. */
static uint32_t make_path(struct mounts *mounts, struct weft_bytes path, int *failure)
{
    uint32_t place = 0;
    do {
        struct weft_bytes name;
        *failure = FAILURE(INVALID);
        if (!next_name(&path, &name))
            break;
        *failure = FAILURE(NOT_DIRECTORY);
        if (mounts->places[place].mount != 0)
            break;
        uint32_t below = find(mounts, place, name);
        *failure = FAILURE(NO_SPACE);
        if (below == NOWHERE)
            below = make(mounts, place, name);
        if (below == NOWHERE)
            break;
        place = below;
        *failure = 0;
    } while (path.size != 0);
    if (*failure == 0)
        return place;
    prune(mounts, place);
    return NOWHERE;
}

/* ---- Mounts ---------------------------------------------------------------------------------- */

int mounts_add(struct mounts *mounts, struct weft_bytes path, const struct mount *mount)
{
    uint32_t index = 0;
    int failure;
    while (index < MOUNTS_MAX && mounts->taken[index])
        index++;
    if (index == MOUNTS_MAX)
        return FAILURE(NO_SPACE);
    if (path.size > VOLUME_PATH_MAX)
        return FAILURE(INVALID);
    uint32_t place = make_path(mounts, path, &failure);
    if (place == NOWHERE)
        return failure;
    if (mounts->places[place].mount != 0 || has_places_below(mounts, place))
        return FAILURE(EXISTS);
    mounts->places[place].mount = index + 1;
    mounts->mounts[index] = *mount;
    mounts->taken[index] = true;
    return 0;
}

int mounts_remove(struct mounts *mounts, struct weft_bytes path, struct mount *removed)
{
    uint32_t place = find_path(mounts, path);
    if (place == NOWHERE || mounts->places[place].mount == 0)
        return FAILURE(NOT_FOUND);
    uint32_t index = mounts->places[place].mount - 1;
    const struct mount *mount = &mounts->mounts[index];
    if (mount->volume != NULL && mount->volume->opened != 0)
        return FAILURE(BUSY);
    *removed = *mount;
    mounts->taken[index] = false;
    mounts->places[place].mount = 0;
    prune(mounts, place);
    return 0;
}

const struct mount *mounts_at(const struct mounts *mounts, uint64_t node)
{
    uint32_t index = mounts->places[index_of(node)].mount;
    return index == 0 ? NULL : &mounts->mounts[index - 1];
}

const struct mount *mounts_find(const struct mounts *mounts, struct weft_bytes path)
{
    uint32_t place = find_path(mounts, path);
    return place == NOWHERE ? NULL : mounts_at(mounts, VOLUME_ROOT + place);
}

bool mounts_path(const struct mounts *mounts, uint32_t index, struct volume_span *text)
{
    uint32_t place = 1;
    uint32_t at = VOLUME_PATH_MAX + 1;
    while (place < PLACES_MAX &&
           !(mounts->places[place].is_used && mounts->places[place].mount == index + 1))
        place++;
    if (place == PLACES_MAX)
        return false;
    for (; place != 0; place = mounts->places[place].parent) {
        const struct place *row = &mounts->places[place];
        at -= row->name_size + 1u;
        text->data[at] = '/';
        memcpy(text->data + at + 1, row->name, row->name_size);
    }
    text->data += at;
    text->size = VOLUME_PATH_MAX + 1 - at;
    return true;
}

/* ---- As a volume ----------------------------------------------------------------------------- */

static int look_up(struct volume *volume, uint64_t directory, struct weft_bytes name,
                   uint64_t *node)
{
    uint32_t place = find(of(volume), index_of(directory), name);
    *node = VOLUME_ROOT + place;
    return place == NOWHERE ? FAILURE(NOT_FOUND) : 0;
}

static int status(struct volume *volume, uint64_t node, struct files_status *status)
{
    (void)volume;
    *status = (struct files_status){ .inode = node, .kind = FILES_NODE_KIND_DIRECTORY, .links = 2 };
    return 0;
}

static int list(struct volume *volume, uint64_t directory, struct listing *listing)
{
    const struct mounts *mounts = of(volume);
    for (uint32_t i = 1; i < PLACES_MAX; i++) {
        const struct place *place = &mounts->places[i];
        struct files_entry entry = { .inode = VOLUME_ROOT + i,
                                     .kind = FILES_NODE_KIND_DIRECTORY,
                                     .name = { place->name, place->name_size } };
        if (place->is_used && place->parent == index_of(directory) &&
            !listing_add(listing, LISTING_FIRST + i, &entry))
            break;
    }
    return 0;
}

static int remove(struct volume *volume, uint64_t directory, struct weft_bytes name,
                  bool is_directory)
{
    if (find(of(volume), index_of(directory), name) == NOWHERE)
        return FAILURE(NOT_FOUND);
    return is_directory ? FAILURE(BUSY) : FAILURE(IS_DIRECTORY);
}

static int rename(struct volume *volume, uint64_t directory, struct weft_bytes name,
                  uint64_t to_directory, struct weft_bytes to_name)
{
    (void)to_directory;
    (void)to_name;
    uint32_t place = find(of(volume), index_of(directory), name);
    return place == NOWHERE ? FAILURE(NOT_FOUND) : FAILURE(BUSY);
}

void mounts_init(struct mounts *mounts)
{
    static const struct volume_operations operations = {
        .look_up = look_up,
        .status = status,
        .list = list,
        .remove = remove,
        .rename = rename,
    };
    memset(mounts, 0, sizeof(*mounts));
    mounts->volume.operations = &operations;
    mounts->places[0].is_used = true;
}
