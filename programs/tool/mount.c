/* Shows what is mounted where in the name space, and mounts. */
#include "interface/files_program.h"
#include "interface/system_program.h"
#include "programs/tool/shared/space.h"
#include "programs/tool/shared/usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] = "usage: mount\n"
                           "       mount DIRECTORY PLACE\n"
                           "       mount tag:NAME PLACE\n"
                           "       mount own:WHAT PLACE\n"
                           "Lists what is mounted, where, and how much of it is open as far as "
                           "that is known. Or mounts a\n"
                           "directory, or the first directory of the handler of `files` with this "
                           "tag, at a place that is\n"
                           "not there yet, and not within another mount: /mnt/NAME, say. Or, again "
                           "or at a second place, what\n"
                           "the name space has itself: own:memory, own:devices, as the list calls "
                           "them. What is mounted is\n"
                           "seen by all programs of the session.\n";

static int list_mounts(void)
{
    struct mounts_mount_list list;
    enum weft_status status = mounts_mounts(system_client_of(mounts_slot()), &list);
    if (status != WEFT_OK)
        return space_tell("mount", status, MOUNTS_ERROR_NOT_FOUND);
    printf("%-20s %6s  %s\n", "PLACE", "OPEN", "WHAT");
    for (uint32_t i = 0; i < list.count; i++) {
        print_text(list.data[i].path, 20);
        if (list.data[i].foreign)
            printf(" %6s  ", "-");
        else
            printf(" %6" PRIu32 "  ", list.data[i].opened);
        print_text(list.data[i].what, 0);
        putchar('\n');
    }
    return 0;
}

/* The handler's first directory. */
static int32_t open_tag(const char *tag)
{
    static const char hash_text[] = FILES_INTERFACE_HASH;
    uint8_t hash[32];
    struct system_any_error_result handler = { .failed = true };
    struct files_string_node_tuple_list list;
    for (size_t i = 0; i < sizeof(hash); i++) {
        unsigned byte;
        sscanf(hash_text + 2 * i, "%2x", &byte);
        hash[i] = (uint8_t)byte;
    }
    struct weft_bytes interface = { hash, sizeof(hash) };
    enum weft_status status = system_resolve(system_client(), interface, space_text(tag), &handler);
    if (status == WEFT_OK && !handler.failed &&
        files_directories(system_client_of(handler.value), &list) == WEFT_OK && list.count != 0)
        return list.data[0].f1;
    fprintf(stderr, "tag:%s: no handler of `files` has this tag here, or it has no directory\n",
            tag);
    return WEFT_NO_SLOT;
}

static int mount_own(const char *what, const char *place)
{
    struct mounts_none_error_result result;
    const char *path = space_absolute(place);
    if (path == NULL)
        return EXIT_FAILED;
    enum weft_status status = mounts_mount_own(system_client_of(mounts_slot()), space_text(path),
                                               space_text(what), &result);
    if (status == WEFT_OK && !result.failed)
        return 0;
    if (status == WEFT_OK && result.error == MOUNTS_ERROR_NOT_FOUND)
        fprintf(stderr, "own:%s: the name space has no such thing; `mount` lists what it has\n",
                what);
    else
        space_tell(place, status, result.error);
    return EXIT_FAILED;
}

static int mount(const char *what, const char *place)
{
    struct mounts_none_error_result result;
    bool is_tag = strncmp(what, "tag:", 4) == 0;
    const char *told = is_tag ? what : space_absolute(what);
    char name[64] = "";
    if (told != NULL)
        snprintf(name, sizeof(name), "%s", told);
    int32_t directory = is_tag ? open_tag(what + 4) : space_open(what);
    const char *path = space_absolute(place);
    if (directory == WEFT_NO_SLOT || path == NULL)
        return EXIT_FAILED;
    enum weft_status status = mounts_mount(system_client_of(mounts_slot()), space_text(path),
                                           space_text(name), directory, &result);
    return status == WEFT_OK && !result.failed ? 0 : space_tell(place, status, result.error);
}

int main(int count, char **arguments)
{
    if (asks_for_help(count, arguments, help))
        return 0;
    if (count == 1)
        return list_mounts();
    if (count == 3 && strncmp(arguments[1], "own:", 4) == 0)
        return mount_own(arguments[1] + 4, arguments[2]);
    if (count == 3)
        return mount(arguments[1], arguments[2]);
    return tell_misuse(help, count, arguments);
}
