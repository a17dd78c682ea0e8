#include "engine/compile/slot.h"

#include "engine/stretch.h"

enum { SLOTS_MAX = PLACE_NONE - PLACE_SLOT };

struct pass {
    struct slots *slots;
    struct live *live;
    struct allocation *out;
    enum status status; /* the first mistake */
};

/* ---- Slots ---- */

static bool room(struct pass *pass, void **items, u32 *capacity, u32 need, u32 item_size)
{
    if (pass->status == STATUS_OK &&
        !stretch(pass->slots->source, items, capacity, need, item_size))
        pass->status = STATUS_NO_MEMORY;
    return pass->status == STATUS_OK;
}

/* What has ended by `start` is free. Values come by their starts, so this goes one way. */
static void advance(struct pass *pass, u32 start)
{
    struct slots *slots = pass->slots;
    while (slots->now < start) {
        u32 slot = slots->ending[++slots->now];
        for (; slot != 0; slot = slots->next[slot - 1]) {
            if (!room(pass, (void **)&slots->free, &slots->free_capacity, slots->free_count + 1,
                      sizeof(*slots->free)))
                return;
            slots->free[slots->free_count++] = slot - 1;
        }
    }
}

static u32 slot_new(struct pass *pass)
{
    struct slots *slots = pass->slots;
    u32 slot = pass->out->slot_count;
    if (slot == SLOTS_MAX && pass->status == STATUS_OK)
        pass->status = STATUS_LIMIT;
    if (!room(pass, (void **)&slots->until, &slots->until_capacity, slot + 1,
              sizeof(*slots->until)) ||
        !room(pass, (void **)&slots->next, &slots->next_capacity, slot + 1, sizeof(*slots->next)))
        return 0;
    pass->out->slot_count++;
    return slot;
}

/* A slot of the same bundle, so that nothing needs to be moved between them; or any. */
static u32 slot_find(struct pass *pass, const struct interval *interval)
{
    struct slots *slots = pass->slots;
    u32 earlier = interval_next(interval);
    if (earlier != 0) {
        u32 place = pass->live->intervals[earlier].weight;
        if (place >= PLACE_SLOT && slots->until[place - PLACE_SLOT] <= interval->start)
            return place - PLACE_SLOT;
    }
    while (slots->free_count != 0) {
        u32 slot = slots->free[--slots->free_count];
        if (slots->until[slot] <= interval->start)
            return slot;
    }
    return slot_new(pass);
}

static u32 slot_take(struct pass *pass, const struct interval *interval)
{
    struct slots *slots = pass->slots;
    struct live_points points = live_points_of(pass->live, interval);
    advance(pass, points.start);
    u32 slot = slot_find(pass, interval);
    if (pass->status != STATUS_OK)
        return 0;
    slots->until[slot] = interval->end;
    slots->next[slot] = slots->ending[points.end];
    slots->ending[points.end] = slot + 1;
    return slot;
}

/* ---- What is saved ---- */

/* Counts in `positions` the calls that change a value's register while it lives. */
static bool count_saves(struct pass *pass, const struct interval *interval)
{
    const struct live *live = pass->live;
    register_set own = (register_set)1 << interval->note;
    if ((live->called & own) == 0)
        return false;
    struct live_count first;
    struct live_count last;
    live_crossed(live, interval, &first, &last);
    bool found = false;
    for (u32 call = first.calls; call < last.calls; call++) {
        bool is_saved = (live->calls[call].clobbers & own) != 0;
        pass->slots->positions[call] += is_saved;
        found |= is_saved;
    }
    return found;
}

static void saver_add(struct pass *pass, u32 number)
{
    struct slots *slots = pass->slots;
    if (!room(pass, (void **)&slots->savers, &slots->saver_capacity, slots->saver_count + 1,
              sizeof(*slots->savers)))
        return;
    u32 slot = slot_take(pass, &pass->live->intervals[number]);
    slots->savers[slots->saver_count++] = (struct saver){ number, slot };
}

static void save(struct pass *pass, const struct saver *saver, u32 value)
{
    const struct live *live = pass->live;
    const struct interval *interval = &live->intervals[saver->number];
    register_set own = (register_set)1 << interval->note;
    struct live_count first;
    struct live_count last;
    live_crossed(live, interval, &first, &last);
    for (u32 call = first.calls; call < last.calls; call++) {
        if ((live->calls[call].clobbers & own) == 0)
            continue;
        pass->out->saved[pass->slots->positions[call]++] = (struct saved){
            .call = live->calls[call].instruction, .value = value, .slot = (u16)saver->slot
        };
    }
}

/* Turns the counts of all calls into positions, and fills them. */
static void list_saved(struct pass *pass)
{
    struct slots *slots = pass->slots;
    u32 total = 0;
    for (u32 call = 0; call < pass->live->call_count; call++) {
        u32 count = slots->positions[call];
        slots->positions[call] = total;
        total += count;
    }
    pass->out->saved_count = total;
    if (total == 0 || !room(pass, (void **)&pass->out->saved, &pass->out->saved_capacity, total,
                            sizeof(*pass->out->saved)))
        return;
    u32 value = 0;
    for (u32 n = 0; n < slots->saver_count; n++) {
        const struct saver *saver = &slots->savers[n];
        u32 start = pass->live->intervals[saver->number].start;
        value = start > value ? start : value;
        while (live_interval(pass->live, value) != saver->number)
            value++;
        save(pass, saver, value);
    }
}

/* ---- The whole ---- */

static bool slots_begin(struct pass *pass)
{
    struct slots *slots = pass->slots;
    u32 calls = pass->live->call_count;
    u32 count = pass->live->interval_count + 2;
    if (!room(pass, (void **)&slots->positions, &slots->position_capacity, calls,
              sizeof(*slots->positions)) ||
        !room(pass, (void **)&slots->ending, &slots->ending_capacity, count,
              sizeof(*slots->ending)))
        return false;
    if (calls != 0)
        __builtin_memset(slots->positions, 0, calls * sizeof(*slots->positions));
    __builtin_memset(slots->ending, 0, count * sizeof(*slots->ending));
    slots->free_count = 0;
    slots->saver_count = 0;
    slots->now = 0;
    return true;
}

static void ending_give(struct slots *slots)
{
    stretch_clear(slots->source, (void **)&slots->ending, &slots->ending_capacity,
                  sizeof(*slots->ending));
}

enum status slots_run(struct slots *slots, struct live *live, struct allocation *out)
{
    struct pass pass = { .slots = slots, .live = live, .out = out };
    out->slot_count = 0;
    out->saved_count = 0;
    if (!slots_begin(&pass))
        return pass.status;
    for (u32 n = 1; n <= live->interval_count && pass.status == STATUS_OK; n++) {
        struct interval *interval = &live->intervals[n];
        bool has_register = interval->note != WISH_NONE;
        u32 place = has_register ? interval->note : PLACE_SLOT + slot_take(&pass, interval);
        interval->weight = (u16)place;
        if (has_register && count_saves(&pass, interval))
            saver_add(&pass, n);
    }
    if (slots->is_short)
        ending_give(slots);
    if (pass.status == STATUS_OK)
        list_saved(&pass);
    return pass.status;
}

void slots_deinit(struct slots *slots)
{
    const struct source *source = slots->source;
    stretch_give(source, slots->free, slots->free_capacity, sizeof(*slots->free));
    stretch_give(source, slots->until, slots->until_capacity, sizeof(*slots->until));
    ending_give(slots);
    stretch_give(source, slots->next, slots->next_capacity, sizeof(*slots->next));
    stretch_give(source, slots->savers, slots->saver_capacity, sizeof(*slots->savers));
    stretch_give(source, slots->positions, slots->position_capacity, sizeof(*slots->positions));
}
