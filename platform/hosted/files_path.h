/* Paths below a directory that never leave it: the host kernel walks them with openat2 and
 * RESOLVE_BENEATH, so `..`, symbolic links, absolute paths and other processes that rename things
 * meanwhile cannot lead out. Private to the hosted platform's `files`.
 *
 * Functions give 0, an errno, or PATH_ESCAPES. */
#ifndef PLATFORM_HOSTED_FILES_PATH_H
#define PLATFORM_HOSTED_FILES_PATH_H

#include "abi/body.h"
#include "base/base.h"

#include <limits.h>

enum {
    PATH_ESCAPES = 1 << 16, /* the path leads out of its directory */
};

struct path {
    char text[PATH_MAX];
};

/* A guest's path as the host wants it: not empty, without zeros, not too long. */
int path_copy(struct weft_bytes from, struct path *path);

/* Opens `path` below `directory`, with open(2)'s flags; close-on-exec is added. */
int path_open(int directory, const char *path, u64 flags, int *fd);

/* The directory that `path` ends in, and its last component. */
struct path_end {
    int directory;
    bool owned;       /* `directory` is ours to close */
    const char *last; /* into the path: no slash, but perhaps some at its end */
};

/* For calls that name something without opening it: they follow no link in a last component.
 * Changes `path`. Trailing slashes stay: the host knows what they mean. */
int path_end_open(int directory, struct path *path, struct path_end *end);
void path_end_close(const struct path_end *end);

#endif
