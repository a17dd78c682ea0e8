#include "engine/compile/bundle.h"

#include "engine/stretch.h"

/* Looking for overlaps mostly takes no more than a step a copy, but could take as many as there are
 * values. Beyond so many on the average, bundles stay as they are. */
enum { STEPS_PER_COPY = 4, STEPS_ALWAYS = 4096 };

struct pass {
    struct bundler *bundler;
    const struct live *live;
    const struct ir *ir;
    struct interval *intervals;
    u64 steps_end;
};

static u32 bundle_of(u32 *bundles, u32 number)
{
    while (bundles[number] != number) {
        bundles[number] = bundles[bundles[number]];
        number = bundles[number];
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
            a = interval_next(&intervals[a]);
        else if (is_after(&intervals[b], &intervals[a]))
            b = interval_next(&intervals[b]);
        else
            return false;
    }
    return true;
}

/* Gives the first of both lists together. */
static u32 lists_join(struct interval *intervals, u32 a, u32 b)
{
    u32 first = 0;
    u32 last = 0;
    while (a != 0 && b != 0) {
        u32 *later = intervals[a].start > intervals[b].start ? &a : &b;
        if (last == 0)
            first = *later;
        else
            interval_follow(&intervals[last], *later);
        last = *later;
        *later = interval_next(&intervals[last]);
    }
    interval_follow(&intervals[last], a != 0 ? a : b);
    return first;
}

/* Two bundles, if they do not overlap. */
static void bundles_join(struct pass *pass, u32 a, u32 b)
{
    u32 *bundles = pass->bundler->bundles;
    if (!is_apart(pass->bundler, pass->intervals, a, b))
        return;
    u32 first = lists_join(pass->intervals, a, b);
    bundles[a] = first;
    bundles[b] = first;
}

static BASE_WITHIN void copy_join(struct pass *pass, u32 from_number, u32 to_number)
{
    struct interval *intervals = pass->intervals;
    u32 *bundles = pass->bundler->bundles;
    const struct interval *from = &intervals[from_number];
    struct interval *to = &intervals[to_number];
    if ((!is_after(from, to) && !is_after(to, from)) ||
        ir_is_float(from->type) != ir_is_float(to->type) ||
        pass->bundler->steps >= pass->steps_end)
        return;
    u32 a = bundle_of(bundles, from_number);
    u32 b = bundle_of(bundles, to_number);
    if (b == to_number && interval_next(to) == 0 && is_after(to, &intervals[a])) { /* mostly */
        pass->bundler->steps++;
        interval_follow(to, a);
        bundles[a] = b;
    } else if (a != b) {
        bundles_join(pass, a, b);
    }
}

/* ---- What becomes what ---- */

/* What stands for an operand that becomes the result, which starts where it is computed. */
static u32 operand_far(const struct pass *pass, const struct interval *interval)
{
    const struct ir_instruction *i = &pass->ir->code[interval->start];
    return live_interval(pass->live, interval->note == NOTE_FIRST ? i->a : i->b);
}

/* Arguments become parameters. */
static void edge_join(struct pass *pass, u32 edge)
{
    const struct ir *ir = pass->ir;
    const struct ir_block *to = &ir->blocks[ir->edges[edge].to];
    const u32 *arguments = ir->lists + ir->edges[edge].arguments;
    for (u32 n = 0; n < to->parameter_count; n++) {
        u32 parameter = live_interval(pass->live, to->first + 1 + n);
        u32 argument = parameter == 0 ? 0 : live_interval(pass->live, arguments[n]);
        if (argument != 0)
            copy_join(pass, argument, parameter);
    }
}

static void operands_join(struct pass *pass, u32 first, u32 end)
{
    for (u32 n = first; n < end; n++) {
        const struct interval *interval = &pass->intervals[n];
        u32 note = interval->note;
        if (note != 0)
            copy_join(pass, note < NOTE_FIRST ? n - note : operand_far(pass, interval), n);
    }
}

static void edges_join(struct pass *pass, const struct ir_instruction *last)
{
    for (u32 n = 0; n < ir_edge_count(last); n++)
        edge_join(pass, ir_edge_number(last, n));
}

static void block_join(struct pass *pass, u32 number)
{
    const struct live *live = pass->live;
    const struct ir_block *block = &pass->ir->blocks[number];
    operands_join(pass, live_first(live, block->first), live_first(live, block->end));
    if ((live->joining[number / 64] >> number % 64 & 1) != 0)
        edges_join(pass, &pass->ir->code[block->end - 1]);
}

/* The most frequent blocks first. */
bool bundle_run(struct bundler *bundler, struct live *live, const struct ir *ir)
{
    if (!stretch(bundler->source, (void **)&bundler->bundles, &bundler->bundle_capacity,
                 (usize)live->interval_count + 1, sizeof(*bundler->bundles)))
        return false;
    for (u32 n = 0; n <= live->interval_count; n++)
        bundler->bundles[n] = n;
    struct pass pass = {
        .bundler = bundler,
        .live = live,
        .ir = ir,
        .intervals = live->intervals,
        .steps_end = bundler->steps + STEPS_ALWAYS + (u64)live->copy_count * STEPS_PER_COPY,
    };
    for (u32 rank = FREQUENCY_RANKS; rank-- != 0;) {
        bool is_there = (live->ranks >> rank & 1) != 0;
        for (u32 n = 0; n < ir->block_count && is_there; n++) {
            if (live_rank(&ir->blocks[n]) == rank)
                block_join(&pass, n);
        }
    }
    return true;
}

void bundler_deinit(struct bundler *bundler)
{
    stretch_give(bundler->source, bundler->bundles, bundler->bundle_capacity,
                 sizeof(*bundler->bundles));
}
