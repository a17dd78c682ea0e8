/* A volume: one tree of nodes, as the name space sees it. What is mounted is a volume of this
 * process or a directory of another handler (mount.h).
 *
 * A node is a number that only its volume understands. Functions give 0, or a failure:
 * FAILURE(NAME) for `files`' error of that name; on a failure nothing has changed. A function that
 * is NULL is one that the volume does not have: what would change something is answered with
 * READ_ONLY. Names are checked by the caller: 1 to VOLUME_NAME_MAX bytes without slashes and zeros,
 * neither `.` nor `..`. */
#ifndef PROGRAMS_FS_ROOT_VOLUME_H
#define PROGRAMS_FS_ROOT_VOLUME_H

#include "interface/files.h"

#define FAILURE(name) (1 + FILES_ERROR_##name)
/* No failure: the answer to the message that is handled comes later, as somebody else is asked. */
#define VOLUME_LATER (-1)

enum {
    VOLUME_NAME_MAX = 255,
    VOLUME_PATH_MAX = 4095, /* as on Linux; also of what a symbolic link holds */
    VOLUME_ROOT = 1,        /* the node that is mounted */
    LISTING_ENTRIES_MAX = 512,
    LISTING_NAMES_MAX = 16 << 10,
    LISTING_FIRST = 2, /* places 0 and 1 are those of `.` and `..` */
};

/* Memory that a read fills: how much there is, and then how much of it was. */
struct volume_span {
    uint8_t *data;
    uint32_t size;
};

/* Entries of a directory on their way out. */
struct listing {
    uint64_t from; /* entries before this place are not wanted */
    uint32_t room; /* bytes that they may still take */
    uint32_t count;
    uint32_t names_used;
    struct files_entry entries[LISTING_ENTRIES_MAX];
    uint8_t names[LISTING_NAMES_MAX];
};

/* The name is copied. False: there is no room, and no more need be added. */
bool listing_add(struct listing *listing, uint64_t place, const struct files_entry *entry);

/* What create makes. */
struct volume_making {
    struct weft_bytes name;
    enum files_node_kind kind;
    struct weft_bytes target; /* of a symbolic link */
};

struct volume;

struct volume_operations {
    int (*look_up)(struct volume *volume, uint64_t directory, struct weft_bytes name,
                   uint64_t *node);
    /* All but the device, which is the volume. */
    int (*status)(struct volume *volume, uint64_t node, struct files_status *status);
    int (*list)(struct volume *volume, uint64_t directory, struct listing *listing);
    int (*read)(struct volume *volume, uint64_t node, uint64_t offset, struct volume_span *span);
    /* When reading would not wait: how many bytes are there, 0 at the end. NULL: at once, by the size. */
    int (*readable)(struct volume *volume, uint64_t node, uint64_t *size);
    int (*read_link)(struct volume *volume, uint64_t node, struct volume_span *span);
    /* `*count`: how many bytes were taken; fewer than there are if there is no more space. */
    int (*write)(struct volume *volume, uint64_t node, uint64_t offset, struct weft_bytes bytes,
                 uint32_t *count);
    int (*set_size)(struct volume *volume, uint64_t node, uint64_t size);
    int (*allocate)(struct volume *volume, uint64_t node, uint64_t end);
    int (*set_times)(struct volume *volume, uint64_t node, const struct files_new_time *accessed,
                     const struct files_new_time *modified);
    int (*create)(struct volume *volume, uint64_t directory, const struct volume_making *making,
                  uint64_t *node);
    int (*link)(struct volume *volume, uint64_t node, uint64_t directory, struct weft_bytes name);
    int (*remove)(struct volume *volume, uint64_t directory, struct weft_bytes name,
                  bool is_directory);
    int (*rename)(struct volume *volume, uint64_t directory, struct weft_bytes name,
                  uint64_t to_directory, struct weft_bytes to_name);
    int (*space)(struct volume *volume, struct files_space *space);
    /* NULL: every node is opened as it is. */
    int (*open)(struct volume *volume, uint64_t node, uint32_t flags);
    /* An open node stays until it is released, also without a name. */
    void (*hold)(struct volume *volume, uint64_t node);
    void (*release)(struct volume *volume, uint64_t node);
};

struct volume {
    const struct volume_operations *operations;
    uint32_t number; /* its device number */
    uint32_t opened; /* open nodes of it */
};

struct volume_node {
    struct volume *volume;
    uint64_t node;
};

static inline bool volume_name_is(struct weft_bytes name, const char *text)
{
    uint32_t i = 0;
    while (i < name.size && text[i] != 0 && name.data[i] == (uint8_t)text[i])
        i++;
    return i == name.size && text[i] == 0;
}

#endif
