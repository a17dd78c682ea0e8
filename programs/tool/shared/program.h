/* Programs in files, and their CIDs. */
#ifndef PROGRAMS_TOOL_SHARED_PROGRAM_H
#define PROGRAMS_TOOL_SHARED_PROGRAM_H

#include "programs/tool/shared/system.h"

enum { PROGRAM_CID_BYTES = 64, PROGRAM_CID_TEXT = 128 };

struct program {
    uint8_t cid[PROGRAM_CID_BYTES]; /* in binary form */
    uint32_t cid_size;
    char text[PROGRAM_CID_TEXT]; /* the same as people write it */
};

/* Gives the file's bytes to the kernel, which names them and can run them then; 0, or why not is
 * told: an exit status. */
int program_add(const char *path, struct program *program);

#endif
