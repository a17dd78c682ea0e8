#include "engine/compile/occupancy.h"

#include <string.h>

#include "tests/support/place.h"
#include "tests/tap.h"

enum { POINTS_MAX = 20000 };

static struct place place;
static struct occupancy occupancy;
static class_set points[POINTS_MAX]; /* the same, point by point */

static u32 random_below(u32 *state, u32 limit)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % limit;
}

static class_set find_slowly(u32 start, u32 end)
{
    class_set found = 0;
    for (u32 n = start; n < end; n++)
        found |= points[n];
    return found;
}

/* Adds and looks for stretches of all lengths, short ones more often. */
static bool is_right(u32 count, u32 *state)
{
    memset(points, 0, sizeof(points));
    if (!occupancy_begin(&occupancy, count))
        return false;
    for (u32 n = 0; n < 400; n++) {
        u32 start = random_below(state, count);
        u32 length = 1 + random_below(state, count - start);
        u32 end = start + (n % 3 == 0 ? length : 1 + random_below(state, length) % 40);
        if (occupancy_find(&occupancy, start, end) != find_slowly(start, end))
            return false;
        if (n % 2 == 0)
            continue;
        class_set added = (class_set)1 << random_below(state, CLASS_REGISTERS_MAX);
        occupancy_add(&occupancy, start, end, added);
        for (u32 point = start; point < end; point++)
            points[point] |= added;
    }
    return true;
}

int main(void)
{
    u32 state = 1;
    bool small = true;
    bool large = true;
    place_init(&place);
    occupancy.source = &place.engine.source;
    for (u32 count = 1; count < 300; count++)
        small = small && is_right(count, &state);
    for (u32 n = 0; n < 40; n++)
        large = large && is_right(300 + random_below(&state, POINTS_MAX - 300), &state);
    TAP_OK(small, "what is taken is found in rows of every small length");
    TAP_OK(large, "and in long ones");
    u64 before = occupancy.steps;
    TAP_OK(occupancy_begin(&occupancy, POINTS_MAX), "a row begins empty again");
    occupancy_add(&occupancy, 1, POINTS_MAX - 1, 1);
    TAP_OK(occupancy_find(&occupancy, 0, POINTS_MAX) == 1 && occupancy_find(&occupancy, 0, 1) == 0,
           "a long stretch ends where it ends");
    TAP_OK(occupancy.steps - before < 300, "a long stretch takes few steps");
    occupancy_deinit(&occupancy);
    TAP_OK(place.taken_bytes == 0, "all memory is given back");
    return tap_done();
}
