/* How much room there is where a file is: asked of whoever handles it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "interface/files_program.h"
#include "lib/client.h"
#include "lib/fd_slot.h"

enum { BLOCK_BYTES = 4096, NAME_BYTES = 255 };

static int fail(int error)
{
    errno = error;
    return -1;
}

int fstatvfs(int descriptor, struct statvfs *space)
{
    uint8_t buffer[64];
    struct files_space_error_result result;
    int slot, kind, error = wasi_fd_slot(descriptor, &slot, &kind);
    if (error != 0)
        return fail(error);
    if (kind != FD_KIND_NODE)
        return fail(ENOSYS);
    struct weft_client client = { .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
    if (files_node_space(&client, &result) != WEFT_OK || result.failed)
        return fail(ENOSYS);
    *space = (struct statvfs){
        .f_bsize = BLOCK_BYTES,
        .f_frsize = BLOCK_BYTES,
        .f_blocks = result.value.total / BLOCK_BYTES,
        .f_bfree = result.value.free / BLOCK_BYTES,
        .f_bavail = result.value.free / BLOCK_BYTES,
        .f_namemax = NAME_BYTES,
    };
    return 0;
}

int statvfs(const char *path, struct statvfs *space)
{
    int descriptor = open(path, O_RDONLY);
    if (descriptor < 0)
        return -1;
    int result = fstatvfs(descriptor, space);
    int error = errno;
    close(descriptor);
    errno = error;
    return result;
}

static int as_linux_has_it(int result, const struct statvfs *space, struct statfs *same)
{
    if (result == 0)
        *same = (struct statfs){
            .f_bsize = space->f_bsize,
            .f_frsize = space->f_frsize,
            .f_blocks = space->f_blocks,
            .f_bfree = space->f_bfree,
            .f_bavail = space->f_bavail,
            .f_namelen = space->f_namemax,
        };
    return result;
}

int fstatfs(int descriptor, struct statfs *same)
{
    struct statvfs space;
    return as_linux_has_it(fstatvfs(descriptor, &space), &space, same);
}

int statfs(const char *path, struct statfs *same)
{
    struct statvfs space;
    return as_linux_has_it(statvfs(path, &space), &space, same);
}
