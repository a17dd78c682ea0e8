#include "platform/hosted/boot_files.h"
#include "platform/hosted/command_run.h"
#include "platform/hosted/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDED_MAX = 64, TAR_BLOCK = 512 };

/* Files that are put in front of those of the boot bundle, which are found behind them. */
static struct {
    const char *name;
    const char *path;
    struct bytes contents;
} added[ADDED_MAX];
static u32 added_count;

const char *boot_files_take(const char *value)
{
    const char *sign = strchr(value, '=');
    if (added_count == ADDED_MAX - 1) /* one is kept for a manifest */
        return "there are too many of these";
    if (sign == NULL || sign == value || sign[1] == '\0' || sign - value >= BOOT_FILE_NAME_BYTES)
        return "should be NAME=FILE, with a name of less than 100 bytes";
    added[added_count].name = strndup(value, (usize)(sign - value));
    added[added_count].path = sign + 1;
    if (added[added_count].name == NULL)
        return "there is not enough memory";
    added_count++;
    return NULL;
}

void boot_files_add(const char *name, const char *path)
{
    added[added_count].name = name;
    added[added_count++].path = path;
}

/* ---- As one archive --------------------------------------------------------------------------- */

static usize blocks_of(usize size)
{
    return (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* A member's head in the ustar form: name at 0, mode, owners, size, time, sum at 148, kind at 156,
 * magic at 257. */
static void write_head(char *head, const char *name, usize size)
{
    u32 sum = 0;
    memset(head, 0, TAR_BLOCK);
    snprintf(head, BOOT_FILE_NAME_BYTES, "%s", name);
    memcpy(head + 100, "0000444\0000000000\0000000000\000", 24);
    snprintf(head + 124, 12, "%011zo", size);
    memcpy(head + 136, "00000000000", 12);
    memset(head + 148, ' ', 8);
    head[156] = '0';
    memcpy(head + 257, "ustar\00000", 8);
    for (u32 i = 0; i < TAR_BLOCK; i++)
        sum += (u8)head[i];
    snprintf(head + 148, 8, "%06o", sum);
}

static int read_added(void)
{
    int status = 0;
    for (u32 i = 0; i < added_count && status == 0; i++)
        status = program_file_read(added[i].path, LIMIT_PROGRAM_BYTES, &added[i].contents);
    return status;
}

int boot_files_bundle(struct bytes own, struct bytes *bundle)
{
    usize size = own.size, at = 0;
    int status = read_added();
    if (status != 0)
        return status;
    for (u32 i = 0; i < added_count; i++)
        size += TAR_BLOCK + blocks_of(added[i].contents.size);
    char *bytes = calloc(1, size);
    if (bytes == NULL)
        return EXIT_FAILED;
    for (u32 i = 0; i < added_count; i++) {
        struct bytes contents = added[i].contents;
        write_head(bytes + at, added[i].name, contents.size);
        if (contents.size != 0)
            memcpy(bytes + at + TAR_BLOCK, contents.data, contents.size);
        at += TAR_BLOCK + blocks_of(contents.size);
    }
    memcpy(bytes + at, own.data, own.size);
    *bundle = (struct bytes){ (const u8 *)bytes, size };
    return 0;
}
