/* Which files of the cache folder stay. Private to image_cache.c. */
#ifndef PLATFORM_HOSTED_IMAGE_FOLDER_H
#define PLATFORM_HOSTED_IMAGE_FOLDER_H

#include "base/base.h"

#define IMAGE_SUFFIX ".image"
#define IMAGE_DRAFT "draft." /* with which names of files begin that are being written */

/* Removes images, those used longest ago first, until the rest takes no more than that; and drafts
 * that a run has left that did not end well. */
void image_folder_trim(int folder, u64 allowed_bytes);

#endif
