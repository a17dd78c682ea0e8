/* What is needed of a function that has been built: see ir_instruction.uses. */
#ifndef ENGINE_COMPILE_MARK_H
#define ENGINE_COMPILE_MARK_H

#include "engine/compile/ir.h"

struct marker {
    const struct source *source;
    u32 *waiting; /* values that are needed and whose operands have not been counted */
    u32 waiting_count;
    u32 capacity;
};

/* Counts uses, which are all 0 before. False: no memory. */
bool mark_run(struct marker *marker, struct ir *ir);
void mark_destroy(struct marker *marker);

#endif
