/* Bytes to and from whatever a descriptor stands for, a message at a time. Private to the
 * library. */
#ifndef PROGRAMS_LIBRARY_WASI_TRANSFER_H
#define PROGRAMS_LIBRARY_WASI_TRANSFER_H

#include "programs/library/wasi/caller.h"
#include "programs/library/wasi/descriptor.h"

/* Reads into all vectors, or until there is no more for now, and says how many bytes. Nodes read
 * from `*offset` on and move it. A failure after some bytes is kept for the next call: those bytes
 * count. Rights are the caller's to check. */
uint32_t transfer_read(struct descriptor *descriptor, struct caller_vectors *vectors,
                       uint64_t *offset, uint32_t *size);
/* Writes all vectors, or as much as fits. */
uint32_t transfer_write(struct descriptor *descriptor, struct caller_vectors *vectors,
                        uint64_t *offset, uint32_t *size);
/* Bytes that one message read from a connection; with `peek` they stay there. They lie in the
 * client's buffer. */
uint32_t transfer_receive(struct descriptor *descriptor, uint32_t count, bool peek,
                          struct weft_bytes *bytes);
/* Where the descriptor's own reading and writing goes on. */
uint32_t transfer_offset(struct descriptor *descriptor, uint64_t *offset);

#endif
