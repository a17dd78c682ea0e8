/* The interface `mounts`: the table as others see and change it. */
#include "interface/mounts_program.h"
#include "programs/fs/root/root.h"

#include "lib/memory.h"

enum { USERS_MAX = 100, LIST_BYTES = 64 << 10 };

static enum mounts_error error_of(int failure)
{
    switch (failure) {
    case FAILURE(EXISTS):
        return MOUNTS_ERROR_EXISTS;
    case FAILURE(NOT_DIRECTORY):
        return MOUNTS_ERROR_NOT_DIRECTORY;
    case FAILURE(BUSY):
        return MOUNTS_ERROR_BUSY;
    case FAILURE(NO_SPACE):
        return MOUNTS_ERROR_LIMIT;
    case FAILURE(NOT_FOUND):
        return MOUNTS_ERROR_NOT_FOUND;
    default:
        return MOUNTS_ERROR_INVALID;
    }
}

static enum weft_status answer(const struct weft_event *event, int failure)
{
    struct mounts_none_error_result result = { .failed = failure != 0 };
    if (result.failed)
        result.error = error_of(failure);
    return mounts_unmount_answer(answer_begin(), event->id, &result);
}

/* The paths live in `text` until the answer is made; those that it has no room for are left out. */
static enum weft_status on_mounts(void *context, const struct weft_event *event)
{
    static uint8_t text[LIST_BYTES / 2];
    static uint8_t path[VOLUME_PATH_MAX + 1];
    struct mounts_mount rows[MOUNTS_MAX];
    struct mounts_mount_list list = { rows, 0 };
    uint32_t used = 0;
    (void)context;
    for (uint32_t i = 0; i < MOUNTS_MAX; i++) {
        struct volume_span span = { path, sizeof(path) };
        const struct mount *mount = &mounts.mounts[i];
        if (!mounts.taken[i] || !mounts_path(&mounts, i, &span) || span.size > sizeof(text) - used)
            continue;
        memcpy(text + used, span.data, span.size);
        rows[list.count++] = (struct mounts_mount){
            .path = { text + used, span.size },
            .what = { mount->what, mount->what_size },
            .opened = mount->volume == NULL ? 0 : mount->volume->opened,
            .foreign = mount->volume == NULL,
        };
        used += span.size;
    }
    return mounts_mounts_answer(answer_begin(), event->id, &list);
}

/* What is cut off ends before a character, so that it stays text. */
static void set_what(struct mount *mount, struct weft_bytes what)
{
    uint32_t size = what.size < MOUNT_WHAT_MAX ? what.size : MOUNT_WHAT_MAX;
    while (size < what.size && size > 0 && (what.data[size] & 0xC0) == 0x80)
        size--;
    memcpy(mount->what, what.data, size);
    mount->what_size = size;
}

static enum weft_status on_mount(void *context, const struct weft_event *event,
                                 const struct mounts_mount_arguments *arguments)
{
    struct mount mount = { .slot = arguments->directory };
    (void)context;
    set_what(&mount, arguments->what);
    int failure = mounts_add(&mounts, arguments->path, &mount);
    enum weft_status status = answer(event, failure);
    if (failure != 0 && status == WEFT_OK)
        server_close(&arguments->directory, 1);
    return status;
}

bool table_mount_given(struct weft_bytes path, int32_t slot)
{
    struct mount mount = { .slot = slot };
    set_what(&mount, WEFT_BYTES("granted directory"));
    return mounts_add(&mounts, path, &mount) == 0;
}

/* ---- The handler's own ------------------------------------------------------------------------
 */

enum { OWN_MAX = 16 };

static struct mount own[OWN_MAX];
static uint32_t own_count;

static enum weft_status on_mount_own(void *context, const struct weft_event *event,
                                     const struct mounts_mount_own_arguments *arguments)
{
    int failure = FAILURE(NOT_FOUND);
    (void)context;
    for (uint32_t i = 0; i < own_count && failure == FAILURE(NOT_FOUND); i++)
        if (own[i].what_size == arguments->what.size &&
            memcmp(own[i].what, arguments->what.data, own[i].what_size) == 0)
            failure = mounts_add(&mounts, arguments->path, &own[i]);
    return answer(event, failure);
}

static enum weft_status on_unmount(void *context, const struct weft_event *event,
                                   const struct mounts_unmount_arguments *arguments)
{
    struct mount removed;
    (void)context;
    int failure = mounts_remove(&mounts, arguments->path, &removed);
    if (failure == 0 && removed.volume == NULL)
        server_close(&removed.slot, 1);
    return answer(event, failure);
}

static enum weft_status on_users(void *context, const struct weft_event *event,
                                 const struct mounts_users_arguments *arguments)
{
    struct open_user users[USERS_MAX];
    struct mounts_user rows[USERS_MAX];
    struct mounts_user_list_error_result result = { .value = { rows, 0 } };
    const struct mount *mount = mounts_find(&mounts, arguments->path);
    (void)context;
    if (mount == NULL)
        result = (struct mounts_user_list_error_result){ .failed = true,
                                                         .error = MOUNTS_ERROR_NOT_FOUND };
    else if (mount->volume != NULL)
        result.value.count = open_users(mount->volume, users, USERS_MAX);
    for (uint32_t i = 0; mount != NULL && i < result.value.count; i++)
        rows[i] = (struct mounts_user){ users[i].process, users[i].opened };
    return mounts_users_answer(answer_begin(), event->id, &result);
}

enum weft_status table_dispatch(const struct weft_event *event, struct body_reader *reader)
{
    static const struct mounts_server server = { .mounts = on_mounts,
                                                 .mount = on_mount,
                                                 .mount_own = on_mount_own,
                                                 .unmount = on_unmount,
                                                 .users = on_users };
    return mounts_dispatch(&server, NULL, event, reader);
}

bool volumes_add(const char *path, const char *what, struct volume *volume, const char *needs)
{
    struct mount mount = { .volume = volume, .needs = needs };
    if (own_count == OWN_MAX)
        return false;
    set_what(&mount, (struct weft_bytes){ (const uint8_t *)what, (uint32_t)strlen(what) });
    own[own_count++] = mount;
    volume->number = own_count;
    return mounts_add(&mounts, (struct weft_bytes){ (const uint8_t *)path, (uint32_t)strlen(path) },
                      &mount) == 0;
}
