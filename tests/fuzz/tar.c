/* The tar reader on any bytes. To get past the checksum, each block that says "ustar" gets a right
 * one first. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512 };

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void mend_checksum(u8 *block)
{
    unsigned sum = 0;
    memset(block + 148, ' ', 8);
    for (u32 i = 0; i < BLOCK; i++)
        sum += block[i];
    snprintf((char *)block + 148, 8, "%06o", sum);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    u8 *copy = malloc(size == 0 ? 1 : size);
    u8 name[TAR_NAME_MAX];
    memcpy(copy, data, size);
    for (usize at = 0; at + BLOCK <= size; at += BLOCK)
        if (memcmp(copy + at + 257, "ustar", 5) == 0)
            mend_checksum(copy + at);
    struct tar tar;
    struct tar_entry entry;
    usize given = 0;
    tar_init(&tar, (struct bytes){ copy, size });
    while (tar_next(&tar, &entry)) {
        given += entry.contents.size;
        if (given > size || tar_name(&entry, name).size > TAR_NAME_MAX)
            abort();
    }
    free(copy);
    return 0;
}
