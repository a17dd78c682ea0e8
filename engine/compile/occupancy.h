/* Which registers of a class are taken at which of a row of points, instructions for instance: a tree
 * of sets in which finding and adding a stretch of any length takes a bounded number of
 * steps for each level. Private to engine/compile. */
#ifndef ENGINE_COMPILE_OCCUPANCY_H
#define ENGINE_COMPILE_OCCUPANCY_H

#include "engine/compile/target.h"

enum {
    OCCUPANCY_FAN_LOG = 4, /* nodes below a node, as a power of two */
    OCCUPANCY_FAN = 1 << OCCUPANCY_FAN_LOG,
    OCCUPANCY_LEVELS_MAX = 8, /* for 2^32 points */
};

/* Of the registers of one class, from its first on. */
typedef u32 class_set;

enum { CLASS_REGISTERS_MAX = 32 };

/* The nodes of a level, lowest first. At the lowest, where a node is a point, both are the same. */
struct occupancy_level {
    class_set *some;  /* registers taken somewhere below the node */
    class_set *whole; /* added for all of the node at once, and for no more than it */
};

struct occupancy {
    const struct source *source;
    class_set *sets;
    u32 capacity;
    struct occupancy_level levels[OCCUPANCY_LEVELS_MAX];
    u32 level_count;
    u64 steps; /* nodes that were looked at, ever: what tests measure */
};

/* Nothing is taken at any of `count` points. False: no memory. */
bool occupancy_begin(struct occupancy *occupancy, u32 count);
/* Both are of the points from `start` to before `end`, at least one. */
class_set occupancy_find(struct occupancy *occupancy, u32 start, u32 end);
void occupancy_add(struct occupancy *occupancy, u32 start, u32 end, class_set registers);
void occupancy_deinit(struct occupancy *occupancy);

#endif
