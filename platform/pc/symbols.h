/* The names of the kernel's functions, for backtraces. Private to the PC platform. */
#ifndef PLATFORM_PC_SYMBOLS_H
#define PLATFORM_PC_SYMBOLS_H

#include "base/base.h"

/* The function that `pc` lies in, and how far; NULL: none of the kernel's. */
const char *symbol_of(u64 pc, u64 *offset);

#endif
