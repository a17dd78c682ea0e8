#include "engine/compile/allocate.h"

#include "engine/compile/bundle.h"
#include "engine/compile/occupancy.h"
#include "engine/compile/slot.h"
#include "engine/stretch.h"

enum {
    /* Half powers of two of weight against length, from 2^-32 to 2^32. */
    DENSITY_CLASSES = 130,
    DENSITY_MIDDLE = 64,
    /* What it costs to use a register that we have to save for our caller. */
    COST_CALLEE_SAVED = 2 * FREQUENCY_ONCE,
};

struct allocator {
    const struct source *source;
    struct live live;
    struct bundler bundler;
    struct occupancy busy;     /* of live_points */
    struct occupancy clobbers; /* of live.clobbers */
    struct slots slots;
    u8 *classes; /* of each interval that stands for a bundle, by density */
    u32 class_capacity;
    u32 *order; /* bundles as they take their turn */
    u32 bundle_count;
    u32 order_capacity;
    u8 *wishes; /* of each value */
    u32 wish_capacity;
    u64 values; /* ever */

    const struct ir *ir; /* of this run */
    const struct target *target;
    struct allocation *out;
    u8 class_order[2][REGISTER_COUNT]; /* target->order: integers, floats */
    u32 class_count[2];
};

/* ---- Whose turn it is ---- */

/* log2 of what is not 0, in halves. */
static inline u32 log2_halves(u32 number)
{
    u32 log = 31 - (u32)__builtin_clz(number);
    u32 half = log == 0 ? 0 : number >> (log - 1) & 1;
    return 2 * log + half;
}

/* Heaviest first. */
static u8 density_class(const struct interval *intervals, u32 bundle)
{
    u64 weight = 0;
    u32 length = 0;
    for (u32 n = bundle; n != 0; n = intervals[n].next) {
        weight += intervals[n].weight;
        length += intervals[n].end - intervals[n].start;
    }
    u32 most = weight < UINT32_MAX ? (u32)weight : UINT32_MAX;
    return (u8)(DENSITY_MIDDLE + log2_halves(length) - log2_halves(most));
}

static void order_bundles(struct allocator *a)
{
    const struct live *live = &a->live;
    u32 starts[DENSITY_CLASSES + 1] = { 0 };
    a->bundle_count = 0;
    for (u32 n = 1; n <= live->interval_count; n++) {
        if (live->intervals[n].bundle != n)
            continue;
        a->classes[n] = density_class(live->intervals, n);
        starts[a->classes[n] + 1]++;
        a->bundle_count++;
    }
    for (u32 n = 1; n < DENSITY_CLASSES; n++)
        starts[n] += starts[n - 1];
    for (u32 n = 1; n <= live->interval_count; n++) {
        if (live->intervals[n].bundle == n)
            a->order[starts[a->classes[n]]++] = n;
    }
}

/* ---- What would do ---- */

/* What is known of one interval, or of several together. */
struct demand {
    register_set free;   /* registers of the class that nothing holds or changes, but for calls */
    register_set called; /* what the calls on the way change */
    u64 save_cost;       /* of saving around them */
    u64 weight;
};

static struct demand demand_begin(const struct allocator *a, u8 type)
{
    return (struct demand){ .free = ir_is_float(type) ? a->target->floats : a->target->integers };
}

static void demand_add(struct allocator *a, struct demand *demand, const struct interval *interval)
{
    const struct live *live = &a->live;
    struct live_count first;
    struct live_count last;
    live_crossed(live, interval, &first, &last);
    demand->weight += interval->weight;
    struct live_points points = live_points_of(live, interval);
    demand->free &= ~occupancy_find(&a->busy, points.start, points.end);
    if (first.clobbers < last.clobbers)
        demand->free &= ~occupancy_find(&a->clobbers, first.clobbers, last.clobbers);
    if (interval->is_late_in_call)
        demand->free &= ~live->called;
    if (first.calls == last.calls)
        return;
    demand->called = live->called;
    demand->save_cost += 2 * (live->calls[last.calls].frequency_before -
                              live->calls[first.calls].frequency_before);
}

/* The cheapest of the free registers; none if a slot is cheaper. */
static register_set find_cheapest(const struct allocator *a, const struct demand *demand)
{
    register_set untouched = demand->free & ~demand->called;
    register_set saved = demand->free & demand->called;
    register_set costless = untouched & (a->out->used | ~a->target->callee_saved);
    if (costless != 0)
        return costless;
    u64 slot_cost = demand->weight * 11 / 16; /* memory operands make it less than a load */
    if (untouched != 0 && COST_CALLEE_SAVED < slot_cost &&
        (saved == 0 || COST_CALLEE_SAVED <= demand->save_cost))
        return untouched;
    return demand->save_cost < slot_cost ? saved : 0;
}

/* ---- Which register of those ---- */

static inline bool set_has(register_set set, u32 number)
{
    return number < REGISTER_COUNT && (set >> number & 1) != 0;
}

static u16 first_of(const struct allocator *a, bool is_float, register_set set)
{
    const u8 *order = a->class_order[is_float];
    for (u32 n = 0; n < a->class_count[is_float]; n++) {
        if ((set >> order[n] & 1) != 0)
            return order[n];
    }
    return PLACE_NONE;
}

/* One that some value of the bundle wishes for, or else the next in order. */
static u16 register_of_bundle(const struct allocator *a, u32 bundle, register_set set)
{
    const struct interval *intervals = a->live.intervals;
    for (u32 n = bundle; n != 0; n = intervals[n].next) {
        u8 wish = a->wishes[intervals[n].value];
        if (set_has(set, wish))
            return wish;
    }
    return first_of(a, ir_is_float(intervals[bundle].type), set);
}

/* The same for a value by itself; first one that others of its bundle are in. */
static u16 register_of_interval(const struct allocator *a, const struct interval *interval,
                                register_set set, register_set of_bundle)
{
    bool is_float = ir_is_float(interval->type);
    u8 wish = a->wishes[interval->value];
    if ((set & of_bundle) != 0)
        return first_of(a, is_float, set & of_bundle);
    return set_has(set, wish) ? wish : first_of(a, is_float, set);
}

static void put(struct allocator *a, const struct interval *interval, u16 place)
{
    BASE_ASSERT(place < REGISTER_COUNT); /* the target's order has all that it gives */
    struct live_points points = live_points_of(&a->live, interval);
    occupancy_add(&a->busy, points.start, points.end, (register_set)1 << place);
    a->out->places[interval->value] = place;
    a->out->used |= (register_set)1 << place;
}

/* ---- One bundle ---- */

/* In one register, if there is one for all. */
static bool allocate_whole(struct allocator *a, u32 bundle)
{
    const struct interval *intervals = a->live.intervals;
    struct demand demand = demand_begin(a, intervals[bundle].type);
    for (u32 n = bundle; n != 0; n = intervals[n].next)
        demand_add(a, &demand, &intervals[n]);
    register_set set = find_cheapest(a, &demand);
    if (set == 0)
        return false;
    u16 place = register_of_bundle(a, bundle, set);
    for (u32 n = bundle; n != 0; n = intervals[n].next)
        put(a, &intervals[n], place);
    return true;
}

/* Each by itself. */
static void allocate_parts(struct allocator *a, u32 bundle)
{
    const struct interval *intervals = a->live.intervals;
    register_set of_bundle = 0;
    for (u32 n = bundle; n != 0; n = intervals[n].next) {
        struct demand demand = demand_begin(a, intervals[n].type);
        demand_add(a, &demand, &intervals[n]);
        register_set set = find_cheapest(a, &demand);
        if (set == 0)
            continue;
        u16 place = register_of_interval(a, &intervals[n], set, of_bundle);
        of_bundle |= (register_set)1 << place;
        put(a, &intervals[n], place);
    }
}

/* ---- One function ---- */

/* Clobbers as a tree, in which those of any stretch are found at once. */
static bool clobbers_begin(struct allocator *a)
{
    const struct live *live = &a->live;
    if (!occupancy_begin(&a->clobbers, live->clobber_count))
        return false;
    for (u32 n = 0; n < live->clobber_count; n++)
        occupancy_add(&a->clobbers, n, n + 1, live->clobbers[n].clobbers);
    return true;
}

static void class_orders(struct allocator *a)
{
    a->class_count[false] = 0;
    a->class_count[true] = 0;
    for (u32 n = 0; n < a->target->order_count; n++) {
        u8 number = a->target->order[n];
        bool is_float = (a->target->floats >> number & 1) != 0;
        a->class_order[is_float][a->class_count[is_float]++] = number;
    }
}

/* Nobody needs them once they are in bundles. */
static void copies_give(struct allocator *a)
{
    live_copies_give(&a->live);
    bundler_deinit(&a->bundler);
    a->bundler.order = NULL;
    a->bundler.order_capacity = 0;
}

static bool run_begin(struct allocator *a)
{
    u32 count = a->ir->count;
    struct allocation *out = a->out;
    if (!stretch(a->source, (void **)&a->wishes, &a->wish_capacity, count, sizeof(*a->wishes)))
        return false;
    __builtin_memset(a->wishes, WISH_NONE, count * sizeof(*a->wishes));
    if (!live_run(&a->live, a->ir, a->target, a->wishes) || !bundle_run(&a->bundler, &a->live))
        return false;
    if (count > LIVE_LARGE)
        copies_give(a);
    if (!clobbers_begin(a) || !occupancy_begin(&a->busy, a->live.interval_count + 1) ||
        !stretch(a->source, (void **)&a->classes, &a->class_capacity,
                 (usize)a->live.interval_count + 1, sizeof(*a->classes)) ||
        !stretch(a->source, (void **)&a->order, &a->order_capacity, a->live.interval_count,
                 sizeof(*a->order)) ||
        !stretch(a->source, (void **)&out->places, &out->place_capacity, count,
                 sizeof(*out->places)))
        return false;
    __builtin_memset(out->places, 0xFF, count * sizeof(*out->places));
    out->used = 0;
    class_orders(a);
    return true;
}

enum status allocator_run(struct allocator *a, const struct ir *ir, const struct target *target,
                          struct allocation *out)
{
    a->ir = ir;
    a->target = target;
    a->out = out;
    if (!run_begin(a))
        return STATUS_NO_MEMORY;
    order_bundles(a);
    a->values += a->live.interval_count;
    for (u32 n = 0; n < a->bundle_count; n++) {
        u32 bundle = a->order[n];
        if (!allocate_whole(a, bundle) && a->live.intervals[bundle].next != 0)
            allocate_parts(a, bundle);
    }
    return slots_run(&a->slots, &a->live, out);
}

/* ---- Its life ---- */

enum status allocator_create(const struct source *source, struct allocator **allocator)
{
    struct allocator *a = source->take(source->context, sizeof(*a));
    if (a == NULL)
        return STATUS_NO_MEMORY;
    a->source = source;
    a->live.source = source;
    a->bundler.source = source;
    a->busy.source = source;
    a->clobbers.source = source;
    a->slots.source = source;
    *allocator = a;
    return STATUS_OK;
}

void allocator_destroy(struct allocator *a)
{
    const struct source *source = a->source;
    live_deinit(&a->live);
    bundler_deinit(&a->bundler);
    occupancy_deinit(&a->busy);
    occupancy_deinit(&a->clobbers);
    slots_deinit(&a->slots);
    stretch_give(source, a->classes, a->class_capacity, sizeof(*a->classes));
    stretch_give(source, a->order, a->order_capacity, sizeof(*a->order));
    stretch_give(source, a->wishes, a->wish_capacity, sizeof(*a->wishes));
    source->give(source->context, a, sizeof(*a));
}

void allocation_give(const struct source *source, struct allocation *allocation)
{
    stretch_give(source, allocation->places, allocation->place_capacity,
                 sizeof(*allocation->places));
    stretch_give(source, allocation->saved, allocation->saved_capacity,
                 sizeof(*allocation->saved));
    *allocation = (struct allocation){ 0 };
}

u64 allocator_steps(const struct allocator *a)
{
    return a->values + a->bundler.steps + a->busy.steps + a->clobbers.steps;
}
