/* What a session has besides a terminal: a silo of its own for what a person starts, in which a
 * name space (programs/fs/root) answers `files` and `mounts`, and `pipe` is answered, too. */
#ifndef PROGRAMS_SESSION_SPACE_H
#define PROGRAMS_SESSION_SPACE_H

#include "abi/body.h"

struct space {
    uint64_t silo; /* 0: the session's own */
    int32_t root;  /* a node: `/`; WEFT_NO_SLOT: there is none */
    int32_t table; /* of its mounts */
};

/* As much of it as the boot bundle has programs for. Directories of the session's start record are
 * mounted at their paths. */
void space_start(struct space *space);

#endif
