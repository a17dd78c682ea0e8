#include "engine/compile/bundle.h"

#include "engine/stretch.h"

/* Looking for overlaps mostly takes no more than a step a copy, but could take as many as there are
 * values. Beyond so many on the average, bundles stay as they are. */
enum { STEPS_PER_COPY = 4, STEPS_ALWAYS = 4096 };

static u32 bundle_of(struct interval *intervals, u32 number)
{
    while (intervals[number].bundle != number) {
        intervals[number].bundle = intervals[intervals[number].bundle].bundle;
        number = intervals[number].bundle;
    }
    return number;
}

static inline bool is_after(const struct interval *interval, const struct interval *other)
{
    return interval->start >= other->end;
}

static bool is_apart(struct bundler *bundler, const struct interval *intervals, u32 a, u32 b)
{
    while (a != 0 && b != 0) {
        bundler->steps++;
        if (is_after(&intervals[a], &intervals[b]))
            a = intervals[a].next;
        else if (is_after(&intervals[b], &intervals[a]))
            b = intervals[b].next;
        else
            return false;
    }
    return true;
}

/* Gives the first of both lists together. */
static u32 lists_join(struct interval *intervals, u32 a, u32 b)
{
    u32 first = 0;
    u32 *link = &first;
    while (a != 0 && b != 0) {
        u32 *later = intervals[a].start > intervals[b].start ? &a : &b;
        *link = *later;
        link = &intervals[*later].next;
        *later = *link;
    }
    *link = a != 0 ? a : b;
    return first;
}

static void copy_join(struct bundler *bundler, struct interval *intervals,
                      u32 from_number, u32 to_number)
{
    const struct interval *from = &intervals[from_number];
    const struct interval *to = &intervals[to_number];
    if ((!is_after(from, to) && !is_after(to, from)) ||
        ir_is_float(from->type) != ir_is_float(to->type))
        return;
    u32 a = bundle_of(intervals, from_number);
    u32 b = bundle_of(intervals, to_number);
    if (a == b || !is_apart(bundler, intervals, a, b))
        return;
    u32 first = lists_join(intervals, a, b);
    intervals[a].bundle = first;
    intervals[b].bundle = first;
}

bool bundle_run(struct bundler *bundler, struct live *live)
{
    u32 starts[FREQUENCY_RANKS + 1] = { 0 };
    if (!stretch(bundler->source, (void **)&bundler->order, &bundler->order_capacity,
                 live->copy_count, sizeof(*bundler->order)))
        return false;
    for (u32 n = 0; n < live->copy_count; n++)
        starts[FREQUENCY_RANKS - live->copies[n].rank]++;
    for (u32 n = 1; n <= FREQUENCY_RANKS; n++)
        starts[n] += starts[n - 1];
    for (u32 n = 0; n < live->copy_count; n++)
        bundler->order[starts[FREQUENCY_RANKS - 1 - live->copies[n].rank]++] = n;
    u64 end = bundler->steps + STEPS_ALWAYS + (u64)live->copy_count * STEPS_PER_COPY;
    for (u32 n = 0; n < live->copy_count && bundler->steps < end; n++) {
        const struct live_copy *copy = &live->copies[bundler->order[n]];
        copy_join(bundler, live->intervals, copy->from, live->numbers[copy->to] / 2);
    }
    return true;
}

void bundler_deinit(struct bundler *bundler)
{
    stretch_give(bundler->source, bundler->order, bundler->order_capacity,
                 sizeof(*bundler->order));
}
