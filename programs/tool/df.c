/* How much room there is in what is mounted. */
#include "interface/files_program.h"
#include "programs/tool/shared/space.h"
#include "programs/tool/shared/usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] = "usage: df [-a]\n"
                           "Shows how much room there is in what is mounted, in KiB; with -a also "
                           "what has none of its own.\n";

/* The list lives in a buffer that other calls use, so it is copied. */
static int fetch(struct mounts_mount **mounts, uint32_t *count)
{
    struct mounts_mount_list list;
    enum weft_status status = mounts_mounts(system_client_of(mounts_slot()), &list);
    if (status != WEFT_OK)
        return space_tell("df", status, MOUNTS_ERROR_NOT_FOUND);
    *count = list.count;
    *mounts = calloc(list.count + 1, sizeof(**mounts));
    for (uint32_t i = 0; *mounts != NULL && i < list.count; i++) {
        (*mounts)[i].path.data =
            (uint8_t *)strndup((const char *)list.data[i].path.data, list.data[i].path.size);
        (*mounts)[i].path.size = list.data[i].path.size;
        (*mounts)[i].what.data =
            (uint8_t *)strndup((const char *)list.data[i].what.data, list.data[i].what.size);
        (*mounts)[i].what.size = list.data[i].what.size;
    }
    return *mounts != NULL ? 0 : EXIT_FAILED;
}

static void print_mount(const struct mounts_mount *mount, bool all)
{
    struct files_space_error_result result = { .failed = true };
    int32_t node = space_open((const char *)mount->path.data);
    uint64_t total = 0, left = 0;
    if (node != WEFT_NO_SLOT && files_node_space(system_client_of(node), &result) == WEFT_OK &&
        !result.failed) {
        total = result.value.total / 1024;
        left = result.value.free / 1024;
    }
    if (total == 0 && !all)
        return;
    print_text(mount->what, 28);
    printf(" %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %3" PRIu64 "%%  ", total, total - left, left,
           total == 0 ? 0 : (100 * (total - left) + total - 1) / total);
    print_text(mount->path, 0);
    putchar('\n');
}

int main(int count, char **arguments)
{
    struct mounts_mount *mounts;
    uint32_t mount_count;
    bool all = count == 2 && strcmp(arguments[1], "-a") == 0;
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count > 2 || (count == 2 && !all))
        return tell_misuse(help, count, arguments);
    int status = fetch(&mounts, &mount_count);
    if (status != 0)
        return status;
    printf("%-28s %10s %10s %10s %4s  %s\n", "WHAT", "TOTAL", "USED", "FREE", "USE", "PLACE");
    for (uint32_t i = 0; i < mount_count; i++)
        print_mount(&mounts[i], all);
    return 0;
}
