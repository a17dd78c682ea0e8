/* Nodes that somebody has open: each is a slot with a badge of its own. */
#ifndef PROGRAMS_FS_ROOT_OPEN_H
#define PROGRAMS_FS_ROOT_OPEN_H

#include "abi/weft.h"
#include "programs/fs/root/volume.h"

enum {
    OPEN_MAX = 1 << 16,
    OPEN_PER_SILO_MAX = 1 << 14,
    OPEN_RIGHTS = FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE | FILES_OPEN_FLAGS_APPEND,
    OPEN_MODES = FILES_OPEN_FLAGS_APPEND | FILES_OPEN_FLAGS_DATA_SYNC | FILES_OPEN_FLAGS_SYNC |
                 FILES_OPEN_FLAGS_READ_SYNC | FILES_OPEN_FLAGS_NON_BLOCKING,
};

struct open_node {
    struct volume_node at; /* volume NULL: not in use */
    uint32_t rights;       /* of FILES_OPEN_FLAGS_... */
    uint32_t mode;
    bool may_change; /* the tree below it */
    uint32_t generation;
    uint64_t process, silo; /* who opened it */
};

/* NULL: the badge is of no open node. */
struct open_node *open_find(uint64_t badge);
/* Enters it, holds it in its volume and gives a slot for it; WEFT_NO_SLOT: there are too many. */
int32_t open_add(const struct open_node *node);
/* Nobody has the slot any more. */
void open_close(uint64_t badge);

struct open_user {
    uint64_t process;
    uint32_t opened;
};

/* Who has nodes of the volume open: how many rows were filled. */
uint32_t open_users(const struct volume *volume, struct open_user *users, uint32_t capacity);

#endif
