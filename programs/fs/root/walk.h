/* From a directory and a path to a node: through mounts, along symbolic links, never out of the
 * directory.
 *
 * The nodes that were passed are kept, so that `..` is the one before, whatever links led there. An
 * absolute link leads on from `/`, and out of any other directory. Where another handler's
 * directory is mounted the walk ends: what follows is that handler's, but for a `..` that leaves
 * the mount, as far as that can be read off the path. */
#ifndef PROGRAMS_FS_ROOT_WALK_H
#define PROGRAMS_FS_ROOT_WALK_H

#include "programs/fs/root/mount.h"

enum {
    WALK_DEPTH_MAX = 1024,
    WALK_LINKS_MAX = 40,
    WALK_TEXT_MAX = 2 * (VOLUME_PATH_MAX + 1), /* what is left of a path and of links in it */
};

enum walk_kind {
    WALK_NODE,    /* it is there: `node` */
    WALK_MISSING, /* only its directory is */
    WALK_FOREIGN, /* it is at `rest` in the directory of `mount` */
};

struct walk {
    /* Before. */
    const struct mounts *mounts;
    int (*permits)(const struct mount *mount); /* 0, or a failure */
    bool follows; /* if the last name is a link */
    /* And after: what stands here lives as long as this. */
    enum walk_kind kind;
    struct volume_node node;
    struct volume_node directory; /* in which `name` is, or is not */
    struct weft_bytes name; /* empty: the path ends in `.`, `..`, or is the directory itself */
    const struct mount *mount;
    struct weft_bytes rest; /* empty: the directory that is mounted itself */
    bool wants_directory;   /* the path ends in a slash */
    /* Its own. */
    bool is_from_root;
    uint32_t depth;
    uint32_t links;
    uint32_t at, end; /* what is left of the text */
    struct volume_node passed[WALK_DEPTH_MAX];
    uint8_t text[WALK_TEXT_MAX];
    uint8_t target[VOLUME_PATH_MAX + 1];
};

/* 0, or a failure. */
int walk(struct walk *walk, struct volume_node base, struct weft_bytes path);

#endif
