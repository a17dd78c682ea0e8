/* Machine code of programs between runs: files in the user's cache folder, $XDG_CACHE_HOME/weft or
 * ~/.cache/weft, one for each program, and the secret key by which the kernel knows its own.
 * Private to the hosted platform.
 *
 * Folder and key have to be the user's alone: where others could write the one or read the other,
 * nothing is kept. Files are written as a whole or not at all; of two that write the same one, the
 * last wins. What was used longest ago goes when all together take more than
 * LIMIT_IMAGE_CACHE_BYTES. */
#ifndef PLATFORM_HOSTED_IMAGE_CACHE_H
#define PLATFORM_HOSTED_IMAGE_CACHE_H

#include "kernel/kernel.h"

/* Opens the cache, and makes it the first time. NULL: there is none to be had; why is in the log. */
const struct image_store *image_cache_open(void);

#endif
