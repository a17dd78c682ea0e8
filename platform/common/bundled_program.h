/* Programs of the boot bundle, by what a person calls them. Private to the platforms. */
#ifndef PLATFORM_COMMON_BUNDLED_PROGRAM_H
#define PLATFORM_COMMON_BUNDLED_PROGRAM_H

#include "base/base.h"

/* `name` as it is, with `.wasm`, or that within `example/`; false: there is none. */
bool bundled_program_find(struct bytes bundle, struct bytes name, struct tar_entry *entry);

#endif
