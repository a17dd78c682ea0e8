/* The calls that compiled code is within, as they are seen instruction by instruction; what a
 * backtrace has to say. Private to tests/step. */
#ifndef TESTS_STEP_TRUTH_H
#define TESTS_STEP_TRUTH_H

#include "engine/execution.h"

/* The next instruction is at `pc`. */
void truth_step(const struct execution *execution, u64 pc, u64 sp);
/* Whether a record that is made now has these calls. To be asked in the hook, which is asked at a
 * call, or has `preempted` what stands in execution.stopped. Gives the number of its frames. */
bool truth_is_told(struct execution *execution, bool preempted, u32 *frames);
/* How many calls there are; forgets those beyond. */
u32 truth_depth(void);
void truth_shorten(u32 depth);

#endif
