/* Between the parts of the evaluator that run code. */
#ifndef TESTS_FUZZ_ENGINE_REFERENCE_CONTROL_H
#define TESTS_FUZZ_ENGINE_REFERENCE_CONTROL_H

#include "tests/fuzz/engine/reference.h"

/* Fills `ends` and `elses` (reference_map.c). */
void reference_map(struct reference_instance *instance);
/* Calls a function with arguments from the top of the stack, which results take the place of. It is
 * recursive, as deep as fuel and the host's depth allow. */
enum trap reference_call(struct reference *reference, u32 module, u32 function);

#endif
