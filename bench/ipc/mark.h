/* What bench/ipc.c and its guests have in common. */
#ifndef BENCH_IPC_MARK_H
#define BENCH_IPC_MARK_H

enum {
    BENCH_BODY_BYTES = 64,
    BENCH_ROUNDS = 10000, /* of a batch */
};

/* A message to the bench itself marks a point in time; its body is one of these bytes. */
enum bench_mark {
    BENCH_MARK_READY, /* ping asks what to do: a BENCH_MARK_..._BEGIN is the answer */
    BENCH_MARK_ROUNDS_BEGIN,
    BENCH_MARK_ROUNDS_END,
    BENCH_MARK_ONE_WAY_BEGIN,
    BENCH_MARK_ONE_WAY_END,
    BENCH_MARK_STARTED, /* an idle process, or one that is about to end */
    BENCH_MARK_COUNT
};

#define BENCH_INTERFACE "1111111111111111111111111111111111111111111111111111111111111111"
#define BALL_INTERFACE "2222222222222222222222222222222222222222222222222222222222222222"

#endif
