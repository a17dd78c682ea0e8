/* Machine code of programs that was made ahead, when the kernel was built, and lies in the boot
 * bundle beside them: code/CID, an image (engine/image.h). The bundle need not be believed: the
 * kernel has the hashes of all that was made with it, and takes no other. Private to the bare
 * platforms. */
#ifndef PLATFORM_BARE_BUNDLED_CODE_H
#define PLATFORM_BARE_BUNDLED_CODE_H

#include "kernel/kernel.h"

/* Valid as long as the bundle is. */
const struct image_store *bundled_code(struct bytes bundle);

#endif
