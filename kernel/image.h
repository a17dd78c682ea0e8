/* Machine code of programs between runs: what the platform keeps (struct image_store) is tied to
 * the program's CID, and authenticated.
 *
 * What is kept:
 *   offset size
 *     0    32  BLAKE3 keyed with the store's key, of the CID in binary form and all that follows
 *    32        image (engine.h)
 * A store that keeps nothing has images alone, and authenticates them itself.
 * Without the kernel's lock, all of it. */
#ifndef KERNEL_IMAGE_H
#define KERNEL_IMAGE_H

#include "kernel/kernel.h"

/* As `module_load`, with the code that is kept of the program, if there is some. */
enum status image_load(const struct cid *cid, struct bytes wasm, struct module **module,
                       struct engine_error *error);
/* Keeps the module's code, if there is more of it than is kept. */
void image_keep(const struct cid *cid, const struct module *module);

#endif
