/* Memory for machine code, for places and machines of tests. */
#ifndef TESTS_SUPPORT_CODE_H
#define TESTS_SUPPORT_CODE_H

#include "base/base.h"

bool code_map(usize size, struct code_memory *memory);
void code_unmap(struct code_memory *memory);

#endif
