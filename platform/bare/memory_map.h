/* Sets of physical addresses, while the system boots: which memory there is, and which of it nobody
 * uses. Private to the bare platforms. */
#ifndef PLATFORM_BARE_MEMORY_MAP_H
#define PLATFORM_BARE_MEMORY_MAP_H

#include "base/base.h"

enum {
    MEMORY_PAGE = 4096,
    /* Firmware gives some dozens; beyond this many pieces the smallest are lost. */
    MEMORY_RANGES_MAX = 256,
};

struct memory_range {
    u64 start;
    u64 end;
};

/* In order of addresses; the ranges neither touch nor overlap, and are whole pages. */
struct memory_map {
    struct memory_range ranges[MEMORY_RANGES_MAX];
    u32 count;
};

/* The whole pages inside [start, end); whatever of it was in the map already is in it once. */
void memory_map_add(struct memory_map *map, u64 start, u64 end);
/* Every page that [start, end) touches. */
void memory_map_remove(struct memory_map *map, u64 start, u64 end);
/* Takes `size` bytes, whole pages, from the lowest range that has them between `from` and `below`;
 * 0: there is none. */
u64 memory_map_take(struct memory_map *map, u64 size, u64 from, u64 below);
u64 memory_map_bytes(const struct memory_map *map);

#endif
