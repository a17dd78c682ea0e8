/* Flags and paths on their way to `files`. Private to the library. */
#ifndef PROGRAMS_LIBRARY_WASI_OPENING_H
#define PROGRAMS_LIBRARY_WASI_OPENING_H

#include "interface/files.h"
#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/descriptor.h"

/* FILES_OPEN_FLAGS_... of WASI_FDFLAG_... */
uint32_t opening_flags(uint32_t fdflags);

/* WASI_FILETYPE_... of a node. */
uint8_t opening_filetype(enum files_node_kind kind);

/* A directory and a path in it, checked. */
struct place {
    struct descriptor *directory;
    struct weft_bytes path;
    uint8_t buffer[CALLER_PATH_MAX];
};

/* A path in the program's memory. */
struct path_argument {
    uint32_t address;
    uint32_t size;
};

/* Finds the directory and loads the path. WASI_EPERM: the path is absolute or begins with `..`;
 * one that leads out of its directory on the way is refused by whoever handles the directory. */
uint32_t place_find(struct place *place, uint32_t fd, uint64_t rights,
                    struct path_argument argument);

#endif
