/* The mount table: a tree of places that are directories and nothing else, and what is mounted at
 * some of them: a volume of this process, or a directory of another handler. It is the volume at
 * `/` itself: its nodes are places. A place below a mount there cannot be, for that is the mount's
 * own.
 *
 * It calls nobody outside. */
#ifndef PROGRAMS_FS_ROOT_MOUNT_H
#define PROGRAMS_FS_ROOT_MOUNT_H

#include "programs/fs/root/volume.h"

enum {
    MOUNTS_MAX = 64,
    PLACES_MAX = 256,
    MOUNT_WHAT_MAX = 64,
};

struct mount {
    struct volume *volume; /* NULL: another handler's */
    int32_t slot;          /* of its directory */
    const char *needs;     /* hash of the interface that who comes here must be allowed; or NULL */
    uint32_t what_size;
    uint8_t what[MOUNT_WHAT_MAX]; /* for a person: cut off if it is longer */
};

struct place {
    bool is_used;
    uint8_t name_size;
    uint32_t parent; /* index; of the first, which is `/`, itself */
    uint32_t mount;  /* index and 1; 0: only a directory */
    uint8_t name[VOLUME_NAME_MAX];
};

struct mounts {
    struct volume volume;
    struct place places[PLACES_MAX];
    struct mount mounts[MOUNTS_MAX];
    bool taken[MOUNTS_MAX];
};

void mounts_init(struct mounts *mounts);
/* At an absolute path without `.` and `..`, which begins to be there. On success the mount's slot
 * is the table's. EXISTS: something is mounted there, or is below; NOT_DIRECTORY: it is below a
 * mount; NO_SPACE: there are too many; INVALID: no such path. */
int mounts_add(struct mounts *mounts, struct weft_bytes path, const struct mount *mount);
/* Takes it away, and places that lead to no mount any more; `removed` is what it was. BUSY: it is a
 * volume with open nodes; NOT_FOUND. */
int mounts_remove(struct mounts *mounts, struct weft_bytes path, struct mount *removed);
/* What is mounted at the path; NULL: nothing. */
const struct mount *mounts_find(const struct mounts *mounts, struct weft_bytes path);
/* What is mounted at a node of the table; NULL: nothing. */
const struct mount *mounts_at(const struct mounts *mounts, uint64_t node);
/* The path of mount `index`, into `text` of VOLUME_PATH_MAX + 1 bytes; false: there is none. */
bool mounts_path(const struct mounts *mounts, uint32_t index, struct volume_span *text);

#endif
