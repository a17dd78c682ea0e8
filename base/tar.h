/* Reads tar archives in the ustar form (POSIX.1-2017, pax: "ustar Interchange Format") in place.
 *
 * Only regular files are given; directories, links and other members are passed over. The archive
 * may come from anywhere: every size is checked, and the first mistake ends the walk and stays in
 * the reader. Names and contents are borrowed from the archive. */
#ifndef BASE_TAR_H
#define BASE_TAR_H

#include "base/reader.h"
#include "base/writer.h"

struct tar {
    struct reader reader; /* its mistake is the archive's */
};

struct tar_entry {
    struct bytes prefix; /* the name's first part, before a '/'; mostly empty */
    struct bytes name;
    struct bytes contents;
};

void tar_init(struct tar *tar, struct bytes archive);
/* The next regular file; false at the end, or at a mistake. */
bool tar_next(struct tar *tar, struct tar_entry *entry);
/* The file of that name, without a leading "./"; false if there is none. */
bool tar_find(struct bytes archive, struct bytes name, struct tar_entry *entry);
/* The whole name: at most TAR_NAME_MAX bytes are written. */
struct bytes tar_name(const struct tar_entry *entry, u8 *buffer);

enum { TAR_NAME_MAX = 256 };

#endif
