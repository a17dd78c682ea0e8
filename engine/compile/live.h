/* When each value has to be somewhere, how much that matters, and what it crosses. Private to
 * engine/compile: for the allocator.
 *
 * An interval is one stretch without holes. It goes from instruction `start`, which gives the
 * value, to `end`: the last that reads it, the one behind that if it is read late, or the first
 * behind a loop through which it has to stay. What an instruction gives comes to be when its
 * operands have been read, so [a, b) and [b, c) can share a place; and an interval crosses exactly
 * the instructions between `start` and `end`, neither of them included. */
#ifndef ENGINE_COMPILE_LIVE_H
#define ENGINE_COMPILE_LIVE_H

#include "engine/compile/target.h"

struct interval {
    u32 start;
    u32 end;    /* 0: it is nowhere, being folded, constant or not needed */
    u32 weight; /* frequency of all that reads or gives it */
    u32 bundle; /* bundle.h: its first value, or one that leads there */
    u32 next;   /* the value before it in its bundle, or IR_NO_VALUE */
    u8 type;    /* enum ir_type */
    bool is_late_in_call; /* saving it around calls would not do */
};

/* Frequencies, in eighths of that of the function's first block; the rank of a block is the same as
 * a small number: 0 is cold, then by depth. */
enum { FREQUENCY_ONCE = 8, FREQUENCY_DEPTH_MAX = 5, FREQUENCY_RANKS = FREQUENCY_DEPTH_MAX + 2 };

/* Two values that need no move if they share a register: an argument and its parameter, an operand
 * that is preferred and the result. */
struct live_copy {
    u32 from;
    u32 to;
    u32 rank;
};

/* A call that values can be saved around. There is one more behind the last, for the sum. */
struct live_call {
    register_set clobbers;
    u64 frequency_before; /* of all calls before it */
    u32 instruction;
    u32 frequency;
};

/* How many there are at instructions before this one. */
struct live_count {
    u32 clobbers;
    u32 calls;
};

struct live {
    const struct source *source;
    struct interval *intervals; /* of each instruction */
    u32 interval_capacity;
    u32 *values; /* those that have an interval, by start */
    u32 value_count;
    u32 value_capacity;
    struct live_count *counts; /* of each instruction, and of the end */
    u32 count_capacity;
    register_set *clobbers; /* of each instruction that has some and does not save */
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

/* Numbers of the calls and clobbers that an interval crosses, from `first` to before `last`. */
static inline void live_crossed(const struct live *live, const struct interval *interval,
                                struct live_count *first, struct live_count *last)
{
    *first = live->counts[interval->start + 1];
    *last = live->counts[interval->end];
}

#endif
