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

enum { LIVE_VALUE_BITS = 24, LIVE_STRIDE = 16, LIVE_IS_VALUE = 1 };

/* With more instructions, arrays are as long as they have to be, and given back as soon as can be. */
enum { LIVE_LARGE = 1 << 13 };

struct interval {
    u32 start;
    u32 end;
    u32 weight; /* frequency of all that reads or gives it */
    u32 bundle; /* bundle.h: the number of its first, or one that leads there */
    u32 next;   /* the one before it in its bundle, or 0 */
    u32 value : LIVE_VALUE_BITS;
    u32 type : 3; /* enum ir_type */
    bool is_late_in_call : 1; /* saving it around calls would not do */
};

/* Frequencies, in eighths of that of the function's first block; the rank of a block is the same as
 * a small number: 0 is cold, then by depth. */
enum { FREQUENCY_ONCE = 8, FREQUENCY_DEPTH_MAX = 5, FREQUENCY_RANKS = FREQUENCY_DEPTH_MAX + 2 };
_Static_assert((int)FREQUENCY_RANKS <= 1 << 3, "as live_copy has it");

/* Two values that need no move if they share a register: an argument and its parameter, an operand
 * that is preferred and the result. */
struct live_copy {
    u32 from; /* interval */
    u32 to : LIVE_VALUE_BITS; /* value, whose interval may be yet to begin */
    u32 rank : 3;
};

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

/* How many there are at instructions before one. */
struct live_count {
    u32 clobbers;
    u32 calls;
};

struct live {
    const struct source *source;
    u32 *numbers; /* of each instruction, and of the end: twice the number of the first interval
                     that does not start before it; that of its own, and LIVE_IS_VALUE, if it
                     has one */
    u32 number_capacity;
    struct interval *intervals;
    u32 interval_count; /* there is one more, number 0 */
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
    struct live_copy *copies; /* in the order of the code */
    u32 copy_count;
    u32 copy_capacity;
};

/* The result stays until the next run; `wishes`, one of each instruction, is written as the target
 * says. False: no memory. */
bool live_run(struct live *live, const struct ir *ir, const struct target *target, u8 *wishes);
void live_deinit(struct live *live);
void live_copies_give(struct live *live);

static inline struct live_count live_count_before(const struct live *live, u32 instruction)
{
    struct live_count count = live->counts[instruction / LIVE_STRIDE];
    while (count.clobbers < live->clobber_count &&
           live->clobbers[count.clobbers].instruction < instruction)
        count.clobbers++;
    while (count.calls < live->call_count && live->calls[count.calls].instruction < instruction)
        count.calls++;
    return count;
}

/* Numbers of the calls and clobbers that an interval crosses, from `first` to before `last`. */
static inline void live_crossed(const struct live *live, const struct interval *interval,
                                struct live_count *first, struct live_count *last)
{
    *first = live_count_before(live, interval->start + 1);
    *last = live_count_before(live, interval->end);
}

/* Numbers of intervals as points in time: two intervals overlap where these stretches do. */
struct live_points {
    u32 start;
    u32 end;
};

static inline struct live_points live_points_of(const struct live *live,
                                                const struct interval *interval)
{
    u32 start = live->numbers[interval->start] / 2;
    u32 end = live->numbers[interval->end] / 2;
    /* Values may be there before their instructions. */
    while (end <= live->interval_count && live->intervals[end].start < interval->end)
        end++;
    return (struct live_points){ start, end };
}

#endif
