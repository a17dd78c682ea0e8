#include "programs/tool/shared/space.h"

#include "interface/files_program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct weft_bytes space_text(const char *text)
{
    return (struct weft_bytes){ (const uint8_t *)text, (uint32_t)strlen(text) };
}

/* Drops `.` and empty names, and with `..` the name before. */
static void add_names(char *whole, size_t *size, const char *path)
{
    while (*path != '\0') {
        size_t name = strcspn(path, "/");
        if (name == 2 && path[0] == '.' && path[1] == '.') {
            while (*size > 0 && whole[--*size] != '/')
                ;
        } else if (name != 0 && !(name == 1 && path[0] == '.')) {
            whole[(*size)++] = '/';
            memcpy(whole + *size, path, name);
            *size += name;
        }
        path += name + (path[name] == '/');
    }
}

const char *space_absolute(const char *path)
{
    static char whole[8192];
    const char *here = getenv("PWD");
    size_t size = 0;
    here = path[0] == '/' || here == NULL ? "" : here;
    if (strlen(here) + strlen(path) + 2 > sizeof(whole))
        return NULL;
    add_names(whole, &size, here);
    add_names(whole, &size, path);
    if (size == 0)
        whole[size++] = '/';
    whole[size] = '\0';
    return whole;
}

static int32_t root(void)
{
    struct files_string_node_tuple_list list;
    enum weft_status status = files_directories(system_client_of(files_slot()), &list);
    if (status == WEFT_OK && list.count != 0)
        return list.data[0].f1;
    fputs("there is no name space here: this is for programs of a session\n", stderr);
    return WEFT_NO_SLOT;
}

int32_t space_open(const char *path)
{
    struct files_node_error_result result = { .failed = true };
    const char *absolute = space_absolute(path);
    int32_t directory = absolute == NULL ? WEFT_NO_SLOT : root();
    if (directory == WEFT_NO_SLOT)
        return WEFT_NO_SLOT;
    struct weft_bytes below = space_text(absolute[1] == '\0' ? "." : absolute + 1);
    uint32_t flags = FILES_OPEN_FLAGS_DIRECTORY | FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_FOLLOW;
    enum weft_status status = files_node_open(system_client_of(directory), below, flags, &result);
    if (status == WEFT_OK && !result.failed)
        return result.value;
    fprintf(stderr, "%s: it is no directory that can be opened\n", path);
    return WEFT_NO_SLOT;
}

int space_tell(const char *what, enum weft_status status, enum mounts_error error)
{
    static const char *const reasons[] = {
        [MOUNTS_ERROR_NOT_FOUND] = "nothing is mounted there",
        [MOUNTS_ERROR_EXISTS] = "something is mounted there already, or below",
        [MOUNTS_ERROR_NOT_DIRECTORY] = "it is within another mount",
        [MOUNTS_ERROR_BUSY] = "it is in use",
        [MOUNTS_ERROR_INVALID] = "that is no place in the name space",
        [MOUNTS_ERROR_LIMIT] = "there are as many mounts as there can be",
    };
    const char *why = status == WEFT_OK       ? reasons[error]
                      : status == WEFT_DENIED ? "this program may not use `mounts`"
                                              : "nobody answers `mounts` here: this is for "
                                                "programs of a session";
    fprintf(stderr, "%s: %s\n", what, why);
    return EXIT_FAILED;
}
