/* What bench/calls.c and its guests have in common. */
#ifndef BENCH_CALLS_CALLS_H
#define BENCH_CALLS_CALLS_H

enum { CALLS_A_BATCH = 1000000 };

/* What is called. A message to the bench begins and ends a batch of each, in this order and for ever;
 * its body is one of these bytes. */
enum calls_question {
    CALLS_POINTER,  /* a function of the program, through a table */
    CALLS_LIBRARY,  /* one of a library in the same process */
    CALLS_TRIVIAL,  /* one of the kernel that returns at once: what slot an interface is */
    CALLS_POLL,     /* `wait` that finds nothing and does not block */
    CALLS_QUESTIONS
};

#endif
