/* The door of base/: words every room speaks. Pure, freestanding, no state of its own. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/arena.h"
#include "base/code_memory.h"
#include "base/hash.h"
#include "base/interrupted.h"
#include "base/list.h"
#include "base/reader.h"
#include "base/tar.h"
#include "base/types.h"
#include "base/writer.h"

/* For our own mistakes only: what a guest can cause is its trap or its status, never this. Kept on
 * in what ships. `base_fail` is given by the platform; it tells and stops. */
_Noreturn void base_fail(const char *what, const char *file, int line);
#define BASE_ASSERT(condition) \
    ((condition) ? (void)0 : base_fail(#condition, __FILE_NAME__, __LINE__))

#endif
