/* Programs that are not in the cache: `spawn` asks the silo's loader for them, and its caller gets
 * the answer when that has come. What comes is checked against the name, always. */
#ifndef KERNEL_LOADING_H
#define KERNEL_LOADING_H

#include "kernel/handlers.h"
#include "kernel/kernel.h"

/* Asks for the program of a spawn; keeps its gifts, copies its options. Gives WEFT_OK when the
 * spawn is answered, now or later. */
enum weft_status loading_begin(struct request *request, const struct cid *cid,
                               const struct spawn_options *options);
/* As `answered` in struct native: the loader has answered. */
void loading_answered(void *native, struct message *message);

#endif
