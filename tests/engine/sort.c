#include "engine/sort.h"

#include "tests/tap.h"

static int value_order(const void *context, u32 a, u32 b)
{
    const u32 *values = context;
    return values[a] < values[b] ? -1 : values[a] > values[b];
}

static u32 random_next(u32 *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Whether `count` values below `range` come out in order, each exactly once. */
static bool sorts(u32 count, u32 range)
{
    static u32 values[1000];
    static u32 indices[1000];
    static bool seen[1000];
    u32 state = count + range;
    for (u32 i = 0; i < count; i++) {
        values[i] = random_next(&state) % range;
        indices[i] = i;
        seen[i] = false;
    }
    sort_indices(indices, count, value_order, values);
    for (u32 i = 0; i < count; i++) {
        if (seen[indices[i]] || (i > 0 && values[indices[i - 1]] > values[indices[i]]))
            return false;
        seen[indices[i]] = true;
    }
    return true;
}

int main(void)
{
    bool small = true;
    for (u32 count = 0; count < 40; count++)
        small = small && sorts(count, 1) && sorts(count, 3) && sorts(count, 1000);
    TAP_OK(small, "every small count sorts, with many equals and with few");
    TAP_OK(sorts(1000, 1000000), "a thousand sort");
    return tap_done();
}
