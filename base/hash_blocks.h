/* What an architecture can do for SHA-256. Private to base/: hash.c calls it. */
#ifndef BASE_HASH_BLOCKS_H
#define BASE_HASH_BLOCKS_H

#include "base/types.h"

enum { HASH_BLOCK_BYTES = 64 };

/* Adds so many whole blocks to the state (words A to H); gives how many it has added: all, or none
 * where the CPU has no instructions for it. */
usize hash_blocks(u32 state[8], const u8 *data, usize count);

#endif
