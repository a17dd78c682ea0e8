/* Time, as the rest of the library needs it. Private to the library. */
#ifndef PROGRAMS_LIBRARY_WASI_CLOCKS_H
#define PROGRAMS_LIBRARY_WASI_CLOCKS_H

#include "programs/library/wasi/wasi.h"

/* What a clock shows, in nanoseconds. WASI_EINVAL: no such clock. */
uint32_t clocks_now(uint32_t clock, uint64_t *time);

#endif
