/* Memory of the kernel: the machine's, counted, so that what is lost shows at the end.
 * Any thread, with or without the kernel's lock. */
#ifndef KERNEL_BLOCK_H
#define KERNEL_BLOCK_H

#include "base/base.h"

/* Zeroed, or NULL. */
void *block_take(usize size);
void block_give(void *block, usize size); /* NULL: nothing */
/* A copy of `bytes`; its data is NULL if there is no memory, or nothing to copy. */
struct bytes block_copy(struct bytes bytes);
void block_give_bytes(struct bytes bytes);

/* Bytes that are taken and not given back. */
u64 block_taken_bytes(void);

/* The same as a source for arenas and for the engine. */
extern const struct source block_source;

#endif
