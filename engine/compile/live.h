/* When each value has to be somewhere, how much that matters, and what it crosses. Private to
 * engine/compile: for the allocator.
 *
 * An interval is one stretch without holes. It goes from instruction `start`, which gives the
 * value, to `end`: the last that reads it, the one behind that if it is read late, or the first
 * behind a loop through which it has to stay. What an instruction gives comes to be when its
 * operands have been read, so [a, b) and [b, c) can share a place; and an interval crosses exactly
 * the instructions between `start` and `end`, neither of them included.
 *
 * Most instructions give nothing that has to be anywhere. So intervals have numbers of their own, from
 * 1 on, in the order in which they start; 0 is none. */
#ifndef ENGINE_COMPILE_LIVE_H
#define ENGINE_COMPILE_LIVE_H

#include "engine/compile/target.h"

enum { LIVE_STRIDE = 32, LIVE_IS_VALUE = 1 };

struct interval {
    u32 start : IR_COUNT_BITS;
    u32 next_low : 11; /* interval_next */
    u32 end : IR_COUNT_BITS;
    u32 next_high : 10;
    u32 is_late_in_call : 1;  /* saving it around calls would not do */
    u16 weight; /* frequency of all that reads or gives it, as interval_weight has it; once there are
                   registers, its place */
    u8 type;    /* enum ir_type */
    u8 note;    /* what the next pass has to know: at first what it would best share a register with,
                   0: nothing, NOTE_FIRST and NOTE_SECOND: that operand, else the interval that
                   began so many before it; then as allocate.c says */
};

enum { NOTE_FIRST = UINT8_MAX - 1, NOTE_SECOND };

_Static_assert(sizeof(struct interval) == 12, "there are many");

/* The one before it in its bundle, or 0. */
static inline u32 interval_next(const struct interval *interval)
{
    u32 high = interval->next_high;
    return interval->next_low | high << 11;
}

static inline void interval_follow(struct interval *interval, u32 next)
{
    interval->next_low = next & 0x7FF;
    interval->next_high = next >> 11 & 0x3FF;
}

/* A weight is a number and, in its lowest bits, how often it is to be taken eight times, as frequencies
 * are powers of eight. */
enum { WEIGHT_SCALE_BITS = 3, WEIGHT_SCALE_MAX = (1 << WEIGHT_SCALE_BITS) - 1 };

/* What does not fit into the number as it is. */
BASE_RARE u16 weight_add_scaled(u32 weight, u32 frequency);

static inline u16 weight_add(u32 weight, u32 frequency)
{
    u32 sum = weight + (frequency << WEIGHT_SCALE_BITS);
    bool is_plain = (weight & WEIGHT_SCALE_MAX) == 0 && sum <= UINT16_MAX;
    return __builtin_expect(is_plain, 1) ? (u16)sum : weight_add_scaled(weight, frequency);
}

static inline u64 interval_weight(const struct interval *interval)
{
    u32 weight = interval->weight;
    return (u64)(weight >> WEIGHT_SCALE_BITS) << 3 * (weight & WEIGHT_SCALE_MAX);
}

/* Frequencies, in eighths of that of the function's first block; the rank of a block is the same as
 * a small number: 0 is cold, then by depth. */
enum { FREQUENCY_ONCE = 8, FREQUENCY_DEPTH_MAX = 5, FREQUENCY_RANKS = FREQUENCY_DEPTH_MAX + 2 };

static inline u32 live_rank(const struct ir_block *block)
{
    u32 depth = block->depth < FREQUENCY_DEPTH_MAX ? block->depth : (u32)FREQUENCY_DEPTH_MAX;
    return block->is_cold ? 0 : depth + 1;
}

/* A call that values can be saved around. There is one more behind the last, for the sum. */
struct live_call {
    register_set clobbers;
    u64 frequency_before; /* of all calls before it */
    u32 instruction;
};

/* What an instruction that does not save changes. */
struct live_clobber {
    register_set clobbers;
    u32 instruction;
};

/* How many there are at instructions before one, and the number of the first interval that does not
 * start before it. */
struct live_count {
    u32 clobbers;
    u32 calls;
    u32 first;
};

struct live {
    const struct source *source;
    u8 *numbers; /* of each instruction, and of the end: twice the number of the first interval
                    that does not start before it, and LIVE_IS_VALUE, if that is its own; counted
                    from that of the last multiple of LIVE_STRIDE on */
    u32 number_capacity;
    struct interval *intervals;
    u32 interval_count; /* there is number 0 besides, and room for one behind the last */
    u32 interval_capacity;
    struct live_count *counts; /* of every instruction whose number is a multiple of LIVE_STRIDE */
    u32 count_capacity;
    struct live_clobber *clobbers;
    u32 clobber_count;
    u32 clobber_capacity;
    struct live_call *calls;
    u32 call_count;
    u32 call_capacity;
    register_set called; /* clobbers of all calls */
    u64 *joining; /* a set: blocks of whose edges arguments would best share registers with parameters */
    u32 joining_capacity;
    u32 copy_count; /* times that two values would best share a register */
    u32 ranks;      /* a set: of blocks */
    u32 types;      /* a set: of intervals */
};

/* The result stays until the next run; `wishes`, one of each instruction, is written as the target
 * says. False: no memory. */
bool live_run(struct live *live, const struct ir *ir, const struct target *target, u8 *wishes);
void live_deinit(struct live *live);

/* The number of the first interval that does not start before an instruction. */
static inline u32 live_first(const struct live *live, u32 instruction)
{
    return live->counts[instruction / LIVE_STRIDE].first + live->numbers[instruction] / 2u;
}

/* The interval of a value that is somewhere itself, or 0: of a constant; or of what is folded, and so
 * computed by its user. */
static inline u32 live_interval(const struct live *live, u32 value)
{
    u32 number = live->numbers[value];
    u32 mask = 0 - (number & LIVE_IS_VALUE);
    return (live->counts[value / LIVE_STRIDE].first + number / 2u) & mask;
}

/* Whether the value has one: 0 or 1. The n-th that has is the n-th interval's. */
static inline u32 live_is_somewhere(const struct live *live, u32 value)
{
    return live->numbers[value] & LIVE_IS_VALUE;
}

static inline void live_count_on(const struct live *live, struct live_count *count, u32 instruction)
{
    while (count->clobbers < live->clobber_count &&
           live->clobbers[count->clobbers].instruction < instruction)
        count->clobbers++;
    while (count->calls < live->call_count &&
           live->calls[count->calls].instruction < instruction)
        count->calls++;
}

/* Numbers of the calls and clobbers that an interval crosses, from `first` to before `last`. */
static inline void live_crossed(const struct live *live, const struct interval *interval,
                                struct live_count *first, struct live_count *last)
{
    u32 start = interval->start + 1;
    *first = live->counts[start / LIVE_STRIDE];
    live_count_on(live, first, start);
    bool is_short = interval->end / LIVE_STRIDE == start / LIVE_STRIDE;
    *last = is_short ? *first : live->counts[interval->end / LIVE_STRIDE];
    live_count_on(live, last, interval->end);
}

/* Numbers of intervals as points in time, from an interval's own to before the first that starts when it
 * has ended: two intervals overlap where these stretches do. */
struct live_points {
    u32 start;
    u32 end;
};

static inline struct live_points live_points_of(const struct live *live,
                                                const struct interval *interval)
{
    u32 start = (u32)(interval - live->intervals);
    u32 end = live_first(live, interval->end);
    /* Values may be there before their instructions. */
    while (end <= live->interval_count && live->intervals[end].start < interval->end)
        end++;
    return (struct live_points){ start, end };
}

#endif
