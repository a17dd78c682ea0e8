/* How much room there is in what is mounted. */
#include "interface/files_program.h"
#include "programs/tool/shared/space.h"
#include "programs/tool/shared/usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] = "usage: df [-a] [-h]\n"
                           "Shows how much room there is in what is mounted, in KiB, or with -h in "
                           "units that suit; with -a also\n"
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

struct options {
    bool all;
    bool for_people;
};

static void print_amount(uint64_t kib, const struct options *options)
{
    char text[AMOUNT_TEXT];
    write_amount(text, kib, options->for_people);
    printf(" %10s", text);
}

static void print_mount(const struct mounts_mount *mount, const struct options *options)
{
    struct files_space_error_result result = { .failed = true };
    int32_t node = space_open((const char *)mount->path.data);
    uint64_t total = 0, left = 0;
    if (node != WEFT_NO_SLOT && files_node_space(system_client_of(node), &result) == WEFT_OK &&
        !result.failed) {
        total = result.value.total / 1024;
        left = result.value.free / 1024;
    }
    if (total == 0 && !options->all)
        return;
    print_text(mount->what, 28);
    print_amount(total, options);
    print_amount(total - left, options);
    print_amount(left, options);
    printf(" %3" PRIu64 "%%  ", total == 0 ? 0 : (100 * (total - left) + total - 1) / total);
    print_text(mount->path, 0);
    putchar('\n');
}

int main(int count, char **arguments)
{
    struct mounts_mount *mounts;
    uint32_t mount_count;
    struct options options = { 0 };
    if (asks_for_help(count, arguments, help))
        return 0;
    for (int i = 1; i < count; i++) {
        if (arguments[i][0] != '-' || strspn(arguments[i] + 1, "ah") != strlen(arguments[i] + 1))
            return tell_misuse(help, count, arguments);
        options.all = options.all || strchr(arguments[i], 'a') != NULL;
        options.for_people = options.for_people || strchr(arguments[i], 'h') != NULL;
    }
    int status = fetch(&mounts, &mount_count);
    if (status != 0)
        return status;
    printf("%-28s %10s %10s %10s %4s  %s\n", "WHAT", "TOTAL", "USED", "FREE", "USE", "PLACE");
    for (uint32_t i = 0; i < mount_count; i++)
        print_mount(&mounts[i], &options);
    return 0;
}
