/* Takes something out of the name space. */
#include "programs/tool/shared/space.h"
#include "programs/tool/shared/usage.h"

#include <inttypes.h>
#include <stdio.h>

static const char help[] =
    "usage: umount PLACE...\n"
    "Takes what is mounted at the place out of the name space. What is in use stays, and who uses "
    "it\n"
    "is told; another handler's directory goes at once, and who has files of it open keeps them.\n";

static void tell_users(struct weft_bytes path)
{
    struct mounts_user_list_error_result result;
    if (mounts_users(system_client_of(mounts_slot()), path, &result) != WEFT_OK || result.failed)
        return;
    for (uint32_t i = 0; i < result.value.count; i++)
        fprintf(stderr, "  process %" PRIu64 " has %" PRIu32 " open\n",
                result.value.data[i].process, result.value.data[i].opened);
}

static int unmount(const char *place)
{
    const char *path = space_absolute(place);
    struct mounts_none_error_result result = { .failed = true, .error = MOUNTS_ERROR_INVALID };
    enum weft_status status = WEFT_OK;
    if (path != NULL)
        status = mounts_unmount(system_client_of(mounts_slot()), space_text(path), &result);
    if (status == WEFT_OK && !result.failed)
        return 0;
    int exit_status = space_tell(place, status, result.error);
    if (status == WEFT_OK && result.error == MOUNTS_ERROR_BUSY)
        tell_users(space_text(path));
    return exit_status;
}

int main(int count, char **arguments)
{
    int status = 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count == 1)
        return tell_misuse(help, count, arguments);
    for (int i = 1; i < count; i++)
        status |= unmount(arguments[i]);
    return status;
}
