/* Memory for machine code that is made at run time. */
#ifndef BASE_CODE_MEMORY_H
#define BASE_CODE_MEMORY_H

#include "base/types.h"

/* The same memory twice: one mapping may be written, the other run, and none does both. */
struct code_memory {
    u8 *write;
    const u8 *run;
    usize size;
};

#endif
