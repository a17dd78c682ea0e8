/* A machine for tests: machine/machine.h answered from a seed, on one OS thread.
 *
 * The test itself runs outside of the virtual CPUs, as a thread of the platform's own does. They
 * run while it is in `simulate_run`, in turn; the clock stands still but for what the options say,
 * and jumps to the next deadline when no CPU has anything to do. A guest that computes for some
 * milliseconds without coming back is taken as busy for ever: another CPU goes on, and when all
 * are busy the clock goes to the next deadline. What has happened is a function of the options and
 * of what the test did: `simulate_trace` says so. */
#ifndef TESTS_SIMULATE_SIMULATE_H
#define TESTS_SIMULATE_SIMULATE_H

#include "machine/machine.h"

struct simulate_options {
    u64 seed;
    u32 cpu_count;     /* 0: one */
    u32 switch_one_in; /* at one in so many calls of the machine another CPU goes on; 0: never */
    u32 early_one_in;  /* one in so many sleeps of a CPU ends early; 0: none */
    u32 entropy_lacks; /* bits that must be added before there are random numbers */
    u64 call_ns;       /* the clock goes on by up to so much at each call of the machine */
};

/* One at a time. */
void simulate_start(const struct simulate_options *options);
/* After every CPU has returned. Whether all that was taken was given back; says what was not. */
bool simulate_end(void);

/* Runs the CPUs until the clock shows `until_ns`, or that is past and none has anything to do
 * without the clock going on: false; or until somebody paused it: true. */
bool simulate_run(u64 until_ns);
/* Whether a CPU was busy with a guest when simulate_run came back: running it again may help. */
bool simulate_is_busy(void);
/* Has simulate_run return as soon as it can; from within native handlers. */
void simulate_pause(void);
/* Runs the CPUs until all that were started have come back from kernel_run_cpu; false if they have
 * nothing to do and stay. */
bool simulate_run_out(void);

u64 simulate_now(void);
/* A hash of everything that was asked of the machine, in order. */
u64 simulate_trace(void);
/* The next number of the seed, for tests that want their own choices from it. */
u64 simulate_random(void);

/* Of the blocks, reservations, commitments, contexts and memories for code from now on, after
 * `after` that are given the next `count` are refused. */
void simulate_refuse(u64 after, u64 count);
/* One in so many is refused; 0: none. */
void simulate_refuse_one_in(u32 one_in);
u64 simulate_refused_count(void);

/* What is taken and not given back. */
struct simulate_taken {
    u64 blocks;
    u64 block_bytes;
    u64 reservations;
    u64 committed_bytes;
    u64 contexts;
    u64 code_memories;
};

struct simulate_taken simulate_taken(void);

/* Lines that the kernel wrote for the operator: how many, and whether one had this in it. */
u64 simulate_log_count(void);
bool simulate_logged(const char *part);

#endif
