/* Whether a descriptor is ready, for calls that are not to wait. */
#ifndef PROGRAMS_LIBRARY_WASI_POLLING_H
#define PROGRAMS_LIBRARY_WASI_POLLING_H

#include "programs/library/wasi/descriptor.h"

/* Whether reading or writing would not wait, be it that it would fail; how many bytes, 0: not known.
 * Nothing is lost: taking back a read that is being answered would lose bytes. Not for files and
 * directories, which always are. */
bool polling_is_ready(const struct descriptor *descriptor, bool is_read, uint64_t *size);

#endif
