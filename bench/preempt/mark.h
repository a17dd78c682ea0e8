/* What bench/preempt.c and its guests have in common. */
#ifndef BENCH_PREEMPT_MARK_H
#define BENCH_PREEMPT_MARK_H

/* A message to the bench is one of these bytes. */
enum preempt_mark {
    PREEMPT_READY, /* wants an answer; when that comes, another of these */
    PREEMPT_BEGIN, /* of a loop that ends */
    PREEMPT_END,
};

#define PREEMPT_INTERFACE "1111111111111111111111111111111111111111111111111111111111111111"

/* A turn of the loop that ends is one addition and one jump. */
#define PREEMPT_TURNS 1000000000ull

#endif
