/* The boot bundle: the tar archive that is linked into the executable. Private to the hosted
 * platform. */
#ifndef PLATFORM_HOSTED_BUNDLE_H
#define PLATFORM_HOSTED_BUNDLE_H

#include "kernel/kernel.h"

struct bytes bundle_archive(void);
/* A file of the bundle; false if there is none of that name. */
bool bundle_find(struct bytes name, struct bytes *contents);

#endif
