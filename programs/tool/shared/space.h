/* What tools for the name space share. */
#ifndef PROGRAMS_TOOL_SHARED_SPACE_H
#define PROGRAMS_TOOL_SHARED_SPACE_H

#include "interface/mounts_program.h"
#include "programs/tool/shared/system.h"

/* The absolute path, from the current directory if it is relative; static until the next call.
 * NULL: it is too long. */
const char *space_absolute(const char *path);
/* Opens a directory of the name space; WEFT_NO_SLOT: why is told. */
int32_t space_open(const char *path);
struct weft_bytes space_text(const char *text);
/* Why a call of `mounts` gave nothing; the exit status. */
int space_tell(const char *what, enum weft_status status, enum mounts_error error);

#endif
