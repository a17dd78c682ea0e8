#include "engine/compile/allocate.h"

#include "engine/compile/bundle.h"
#include "engine/compile/occupancy.h"
#include "engine/compile/slot.h"
#include "engine/stretch.h"

enum {
    /* Half powers of two of weight against length, from 2^-32 to 2^32. */
    DENSITY_CLASSES = 130,
    DENSITY_MIDDLE = 64,
    DENSITY_NONE = UINT8_MAX,
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
    u32 *order; /* bundles as they take their turn: where the bundler has had them */
    u32 bundle_count;
    u8 *wishes; /* of each value, then of each interval; while bundles take their turn, an interval's
                   note is its register */
    u32 wish_capacity;
    u64 values; /* ever */

    const struct ir *ir; /* of this run */
    const struct target *target;
    struct allocation *out;
    register_set class; /* of the registers at hand: integers or floats, */
    u32 class_first;    /* the lowest of them, */
    u8 class_order[CLASS_REGISTERS_MAX]; /* and all as target->order has them */
    u32 class_count;
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
    for (u32 n = bundle; n != 0; n = interval_next(&intervals[n])) {
        weight += interval_weight(&intervals[n]);
        length += intervals[n].end - intervals[n].start;
    }
    u32 most = weight < UINT32_MAX ? (u32)weight : UINT32_MAX;
    return (u8)(DENSITY_MIDDLE + log2_halves(length) - log2_halves(most));
}

/* Notes the density of each interval that stands for a bundle. Then the order takes the place of what
 * the bundler knows. */
static void order_bundles(struct allocator *a)
{
    struct interval *intervals = a->live.intervals;
    u32 count = a->live.interval_count;
    u32 starts[DENSITY_CLASSES + 1] = { 0 };
    for (u32 n = 1; n <= count; n++) {
        bool is_first = a->bundler.bundles[n] == n;
        intervals[n].note = is_first ? density_class(intervals, n) : DENSITY_NONE;
        starts[is_first ? intervals[n].note + 1u : 0]++;
    }
    a->bundle_count = count - starts[0];
    starts[0] = 0;
    for (u32 n = 1; n < DENSITY_CLASSES; n++)
        starts[n] += starts[n - 1];
    for (u32 n = 1; n <= count; n++) {
        if (intervals[n].note != DENSITY_NONE)
            a->bundler.bundles[starts[intervals[n].note]++] = n;
        intervals[n].note = WISH_NONE;
    }
    if (a->ir->is_large)
        stretch_trim(a->source, (void **)&a->bundler.bundles, &a->bundler.bundle_capacity,
                     a->bundle_count, sizeof(*a->bundler.bundles));
    a->order = a->bundler.bundles;
}

/* ---- What would do ---- */

/* What is known of one interval, or of several together. */
struct demand {
    register_set free;   /* registers of the class that nothing holds or changes, but for calls */
    register_set called; /* what the calls on the way change */
    u64 save_cost;       /* of saving around them */
    u64 weight;
};

/* Of the class at hand. */
static register_set found(const struct allocator *a, class_set set)
{
    return (register_set)set << a->class_first;
}

static void demand_add(struct allocator *a, struct demand *demand, const struct interval *interval)
{
    const struct live *live = &a->live;
    struct live_count first;
    struct live_count last;
    live_crossed(live, interval, &first, &last);
    demand->weight += interval_weight(interval);
    struct live_points points = live_points_of(live, interval);
    demand->free &= ~found(a, occupancy_find(&a->busy, points.start, points.end));
    if (first.clobbers < last.clobbers)
        demand->free &= ~found(a, occupancy_find(&a->clobbers, first.clobbers, last.clobbers));
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

static u8 first_of(const struct allocator *a, register_set set)
{
    for (u32 n = 0; n < a->class_count; n++) {
        if ((set >> a->class_order[n] & 1) != 0)
            return a->class_order[n];
    }
    return WISH_NONE;
}

/* One that some value of the bundle wishes for, or else the next in order. */
static u8 register_of_bundle(const struct allocator *a, u32 bundle, register_set set)
{
    const struct interval *intervals = a->live.intervals;
    for (u32 n = bundle; n != 0; n = interval_next(&intervals[n])) {
        u8 wish = a->wishes[n];
        if (set_has(set, wish))
            return wish;
    }
    return first_of(a, set);
}

/* The same for a value by itself; first one that others of its bundle are in. */
static u8 register_of_interval(const struct allocator *a, u32 interval, register_set set,
                               register_set of_bundle)
{
    u8 wish = a->wishes[interval];
    if ((set & of_bundle) != 0)
        return first_of(a, set & of_bundle);
    return set_has(set, wish) ? wish : first_of(a, set);
}

static void put(struct allocator *a, struct interval *interval, u8 place)
{
    BASE_ASSERT(place < REGISTER_COUNT); /* the target's order has all that it gives */
    struct live_points points = live_points_of(&a->live, interval);
    occupancy_add(&a->busy, points.start, points.end, (class_set)1 << (place - a->class_first));
    interval->note = place;
    a->out->used |= (register_set)1 << place;
}

/* ---- One bundle ---- */

/* In one register, if there is one for all. */
static bool allocate_whole(struct allocator *a, u32 bundle)
{
    struct interval *intervals = a->live.intervals;
    struct demand demand = { .free = a->class };
    for (u32 n = bundle; n != 0 && demand.free != 0; n = interval_next(&intervals[n]))
        demand_add(a, &demand, &intervals[n]);
    register_set set = find_cheapest(a, &demand);
    if (set == 0)
        return false;
    u8 place = register_of_bundle(a, bundle, set);
    for (u32 n = bundle; n != 0; n = interval_next(&intervals[n]))
        put(a, &intervals[n], place);
    return true;
}

/* Each by itself. */
static void allocate_parts(struct allocator *a, u32 bundle)
{
    struct interval *intervals = a->live.intervals;
    register_set of_bundle = 0;
    for (u32 n = bundle; n != 0; n = interval_next(&intervals[n])) {
        struct demand demand = { .free = a->class };
        demand_add(a, &demand, &intervals[n]);
        register_set set = find_cheapest(a, &demand);
        if (set == 0)
            continue;
        u8 place = register_of_interval(a, n, set, of_bundle);
        of_bundle |= (register_set)1 << place;
        put(a, &intervals[n], place);
    }
}

/* ---- All of a class ---- */

/* Clobbers as a tree, in which those of any stretch are found at once. */
static bool clobbers_begin(struct allocator *a)
{
    const struct live *live = &a->live;
    if (!occupancy_begin(&a->clobbers, live->clobber_count))
        return false;
    for (u32 n = 0; n < live->clobber_count; n++)
        occupancy_add(&a->clobbers, n, n + 1,
                      (class_set)((live->clobbers[n].clobbers & a->class) >> a->class_first));
    return true;
}

/* Integers and floats do not get into each other's way. */
static void class_take(struct allocator *a, register_set class)
{
    a->class = class;
    a->class_first = class == 0 ? 0 : (u32)__builtin_ctzll(class);
    BASE_ASSERT(class >> a->class_first <= UINT32_MAX);
    a->class_count = 0;
    for (u32 n = 0; n < a->target->order_count; n++) {
        if ((class >> a->target->order[n] & 1) != 0)
            a->class_order[a->class_count++] = a->target->order[n];
    }
}

/* Gives registers of a class to values of that class. False: no memory. */
static bool allocate_class(struct allocator *a, bool is_float)
{
    const struct interval *intervals = a->live.intervals;
    class_take(a, is_float ? a->target->floats : a->target->integers);
    if (!clobbers_begin(a) || !occupancy_begin(&a->busy, a->live.interval_count + 1))
        return false;
    for (u32 n = 0; n < a->bundle_count; n++) {
        u32 bundle = a->order[n];
        if (ir_is_float(intervals[bundle].type) == is_float && !allocate_whole(a, bundle) &&
            interval_next(&intervals[bundle]) != 0)
            allocate_parts(a, bundle);
    }
    return true;
}

/* ---- One function ---- */

/* What values wish for is asked of their intervals: these are in the same order, and fewer. Whether a value has
 * one would be guessed wrong, so it is only added. */
static void wishes_gather(struct allocator *a)
{
    u8 *wishes = a->wishes;
    const u8 *numbers = a->live.numbers;
    u32 next = 1;
    for (u32 value = 1, count = a->ir->count; value < count; value++) {
        wishes[next] = wishes[value];
        next += numbers[value] & LIVE_IS_VALUE;
    }
    if (a->ir->is_large)
        stretch_trim(a->source, (void **)&a->wishes, &a->wish_capacity, a->live.interval_count + 1,
                     sizeof(*a->wishes));
}

/* Before there is a register for anything. */
static bool run_begin(struct allocator *a)
{
    u32 count = a->ir->count;
    a->out->used = 0;
    if (!stretch(a->source, (void **)&a->wishes, &a->wish_capacity, count, sizeof(*a->wishes)))
        return false;
    __builtin_memset(a->wishes, WISH_NONE, count * sizeof(*a->wishes));
    if (!live_run(&a->live, a->ir, a->target, a->wishes))
        return false;
    wishes_gather(a);
    if (!bundle_run(&a->bundler, &a->live, a->ir))
        return false;
    order_bundles(a);
    return true;
}

/* Nobody needs it once there are registers. */
static void working_give(struct allocator *a)
{
    bundler_deinit(&a->bundler);
    occupancy_deinit(&a->busy);
    occupancy_deinit(&a->clobbers);
    stretch_give(a->source, a->wishes, a->wish_capacity, sizeof(*a->wishes));
    a->bundler = (struct bundler){ .source = a->source, .steps = a->bundler.steps };
    a->busy = (struct occupancy){ .source = a->source, .steps = a->busy.steps };
    a->clobbers = (struct occupancy){ .source = a->source, .steps = a->clobbers.steps };
    a->wishes = NULL;
    a->wish_capacity = 0;
}

/* Places become known by value. */
static bool places_tell(struct allocator *a)
{
    const struct live *live = &a->live;
    struct allocation *out = a->out;
    u32 count = a->ir->count;
    if (!stretch(a->source, (void **)&out->places, &out->place_capacity, count,
                 sizeof(*out->places)))
        return false;
    u32 next = 1;
    out->places[0] = PLACE_NONE;
    for (u32 value = 1; value < count; value++) {
        u32 is_somewhere = live_is_somewhere(live, value);
        out->places[value] = (u16)(live->intervals[next].weight | (is_somewhere - 1));
        next += is_somewhere;
    }
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
    a->values += a->live.interval_count;
    bool has_floats = a->live.types >= 1u << IR_F32;
    if (!allocate_class(a, false) || (has_floats && !allocate_class(a, true)))
        return STATUS_NO_MEMORY;
    if (ir->is_large)
        working_give(a);
    a->slots.is_short = ir->is_large;
    enum status status = slots_run(&a->slots, &a->live, out);
    return status == STATUS_OK && !places_tell(a) ? STATUS_NO_MEMORY : status;
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
    working_give(a);
    slots_deinit(&a->slots);
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
