/* A view: folders of another name space, at their places and with nothing beside them. Each is opened as a
 * directory there, so no path, no `..` and no link leads out of it, whatever is in it. A folder that
 * is not there is looked for again with each message. */
#include "interface/files_program.h"
#include "lib/memory.h"
#include "lib/server.h"
#include "lib/start.h"
#include "programs/fs/root/root.h"

enum { FOLDERS_MAX = 32, FIRST = 2, READ_ONLY_SIZE = 3 };

struct folder {
    struct weft_bytes path;
    bool is_read_only;
    bool is_mounted;
};

static struct {
    bool is_on;
    int32_t whole; /* slot to `/` of the other name space, which follows the row */
    uint32_t count;
    struct folder folders[FOLDERS_MAX];
} view;

bool view_is_on(void)
{
    return view.is_on;
}

static struct folder folder_of(struct weft_bytes text)
{
    struct folder folder = { .path = text };
    folder.is_read_only = text.size > READ_ONLY_SIZE &&
                          memcmp(text.data + text.size - READ_ONLY_SIZE, ":ro", READ_ONLY_SIZE) == 0;
    if (folder.is_read_only)
        folder.path.size -= READ_ONLY_SIZE;
    return folder;
}

bool view_begin(void)
{
    const struct system_start_record *record = start_record();
    if (record == NULL || record->arguments.count < FIRST ||
        !volume_name_is(record->arguments.data[1], "view"))
        return false;
    view.is_on = true;
    view.whole = files_slot();
    for (uint32_t i = FIRST; i < record->arguments.count && view.count < FOLDERS_MAX; i++)
        view.folders[view.count++] = folder_of(record->arguments.data[i]);
    return true;
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* The last name is no link: who may change what is around the folder does not say where it is. */
static int32_t open_folder(const struct folder *folder)
{
    struct weft_client client = root_client(view.whole);
    struct weft_bytes path = { folder->path.data + 1, folder->path.size - 1 };
    struct files_node_error_result result;
    enum weft_status status = files_node_open(
        &client, path, FILES_OPEN_FLAGS_DIRECTORY | FILES_OPEN_FLAGS_READ, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

/* In the place of `slot`. */
static int32_t narrow(int32_t slot)
{
    struct weft_client client = root_client(slot);
    struct files_node_error_result result;
    enum weft_status status = files_node_narrow(&client, FILES_OPEN_FLAGS_READ, &result);
    server_close(&slot, 1);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

static void mount(struct folder *folder)
{
    int32_t slot = folder->path.size < 2 ? WEFT_NO_SLOT : open_folder(folder);
    if (slot != WEFT_NO_SLOT && folder->is_read_only)
        slot = narrow(slot);
    if (slot == WEFT_NO_SLOT)
        return;
    folder->is_mounted = table_mount_given(folder->path, slot);
    if (!folder->is_mounted)
        server_close(&slot, 1);
}

void view_look(void)
{
    for (uint32_t i = 0; i < view.count; i++)
        if (!view.folders[i].is_mounted)
            mount(&view.folders[i]);
}

void view_renew(void)
{
    for (uint32_t i = 0; i < view.count; i++) {
        struct mount removed;
        if (!view.folders[i].is_mounted ||
            mounts_remove(&mounts, view.folders[i].path, &removed) != 0)
            continue;
        view.folders[i].is_mounted = false;
        server_close(&removed.slot, 1);
    }
}
