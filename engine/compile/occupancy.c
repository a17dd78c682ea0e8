#include "engine/compile/occupancy.h"

#include "engine/stretch.h"

bool occupancy_begin(struct occupancy *occupancy, u32 count)
{
    u32 sizes[OCCUPANCY_LEVELS_MAX];
    u32 level_count = 0;
    usize total = 0;
    for (u32 size = count;; size = (size + OCCUPANCY_FAN - 1) >> OCCUPANCY_FAN_LOG) {
        sizes[level_count] = size;
        total += (usize)size * (level_count == 0 ? 1 : 2);
        level_count++;
        if (size <= 2 * OCCUPANCY_FAN)
            break;
    }
    if (!stretch(occupancy->source, (void **)&occupancy->sets, &occupancy->capacity, total + 1,
                 sizeof(*occupancy->sets)))
        return false;
    __builtin_memset(occupancy->sets, 0, total * sizeof(*occupancy->sets));
    class_set *at = occupancy->sets;
    for (u32 k = 0; k < level_count; k++) {
        occupancy->levels[k].whole = at;
        occupancy->levels[k].some = k == 0 ? at : at + sizes[k];
        at = occupancy->levels[k].some + sizes[k];
    }
    occupancy->level_count = level_count;
    return true;
}

void occupancy_deinit(struct occupancy *occupancy)
{
    stretch_give(occupancy->source, occupancy->sets, occupancy->capacity,
                 sizeof(*occupancy->sets));
}

/* The nodes that make up a stretch: going up, what sticks out of whole nodes of the next level, and
 * the rest where it is below three of those. What is above the first and the last of the rest, and
 * above the first and the last point, is all that is above any of it: whatever is between two nodes
 * that stick out is made up at a higher level. */
struct rest {
    u32 start;
    u32 end;
};

static inline bool rest_is_small(struct rest rest)
{
    return ((rest.end - 1) >> OCCUPANCY_FAN_LOG) - (rest.start >> OCCUPANCY_FAN_LOG) <= 1;
}

static inline struct rest rest_above(struct rest rest)
{
    return (struct rest){ (rest.start + OCCUPANCY_FAN - 1) >> OCCUPANCY_FAN_LOG,
                          rest.end >> OCCUPANCY_FAN_LOG };
}

/* Mostly so few that vectors would only be in the way. */
static inline class_set sweep(const class_set *sets, u32 start, u32 end)
{
    class_set found = 0;
#pragma clang loop vectorize(disable) unroll(disable)
    for (u32 n = start; n < end; n++)
        found |= sets[n];
    return found;
}

/* What is taken for all of a node above these two of `level`. */
static inline class_set find_above(const struct occupancy *occupancy, u32 level, u32 first,
                                      u32 last)
{
    class_set found = 0;
    for (u32 k = level + 1; k < occupancy->level_count; k++) {
        first >>= OCCUPANCY_FAN_LOG;
        last >>= OCCUPANCY_FAN_LOG;
        found |= occupancy->levels[k].whole[first] | occupancy->levels[k].whole[last];
    }
    return found;
}

class_set occupancy_find(struct occupancy *occupancy, u32 start, u32 end)
{
    struct rest rest = { start, end };
    class_set found = find_above(occupancy, 0, start, end - 1);
    u32 level = 0;
    for (; !rest_is_small(rest); level++) {
        const class_set *some = occupancy->levels[level].some;
        struct rest above = rest_above(rest);
        found |= sweep(some, rest.start, above.start << OCCUPANCY_FAN_LOG);
        found |= sweep(some, above.end << OCCUPANCY_FAN_LOG, rest.end);
        occupancy->steps += 2 * OCCUPANCY_FAN;
        rest = above;
    }
    occupancy->steps += rest.end - rest.start;
    found |= sweep(occupancy->levels[level].some, rest.start, rest.end);
    return level == 0 ? found : found | find_above(occupancy, level, rest.start, rest.end - 1);
}

static inline void set_add(class_set *sets, u32 start, u32 end, class_set registers)
{
#pragma clang loop vectorize(disable) unroll(disable)
    for (u32 n = start; n < end; n++)
        sets[n] |= registers;
}

static inline void take(const struct occupancy_level *level, u32 start, u32 end,
                        class_set registers)
{
    set_add(level->some, start, end, registers);
    if (level->some != level->whole)
        set_add(level->whole, start, end, registers);
}

static inline void add_above(struct occupancy *occupancy, u32 level, struct rest rest,
                             class_set registers)
{
    u32 first = rest.start;
    u32 last = rest.end - 1;
    for (u32 k = level + 1; k < occupancy->level_count; k++) {
        first >>= OCCUPANCY_FAN_LOG;
        last >>= OCCUPANCY_FAN_LOG;
        occupancy->levels[k].some[first] |= registers;
        occupancy->levels[k].some[last] |= registers;
    }
}

void occupancy_add(struct occupancy *occupancy, u32 start, u32 end, class_set registers)
{
    struct rest rest = { start, end };
    add_above(occupancy, 0, rest, registers);
    u32 level = 0;
    for (; !rest_is_small(rest); level++) {
        struct rest above = rest_above(rest);
        take(&occupancy->levels[level], rest.start, above.start << OCCUPANCY_FAN_LOG, registers);
        take(&occupancy->levels[level], above.end << OCCUPANCY_FAN_LOG, rest.end, registers);
        occupancy->steps += 2 * OCCUPANCY_FAN;
        rest = above;
    }
    occupancy->steps += rest.end - rest.start;
    take(&occupancy->levels[level], rest.start, rest.end, registers);
    if (level != 0)
        add_above(occupancy, level, rest, registers);
}
