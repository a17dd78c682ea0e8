/* Compiled code one instruction at a time: before each, what stands there is stopped as a timer
 * would stop it, another context uses all registers, and it goes on. C that it calls runs as usual;
 * now and then a request comes meanwhile.
 *
 * The processor's trap flag brings a signal after each instruction. It is in the flags of the code
 * that is stopped, and so comes back with them. */
#ifndef TESTS_STEP_STEP_H
#define TESTS_STEP_STEP_H

#include "tests/support/place.h"

struct step {
    u64 stops;    /* instructions before which the code was stopped */
    u64 restarts; /* of native_preempt, by an interrupt of its own */
    u64 requests; /* while C ran */
    u64 hooks;    /* calls of the hook */
    u64 records;  /* backtraces that were compared */
    u64 wrong;    /* ... and were not what the calls and returns that were seen say */
    u32 frames;   /* of the one that the run was ended with */
    u64 stop_at;  /* the stop of this number ends the run; 0: none */
    u32 stops_each;  /* in a call from the test, which runs on undisturbed then; 0: all */
    u32 record_each; /* stops of which one has its backtrace compared; 0: none */
};

extern struct step step;

/* From now on, calls of compiled code in that place are stepped through; their execution has
 * `step_hook` and is the one that is watched. */
void step_take(struct place *place);
enum trap step_hook(struct execution *execution, void *context);

#endif
