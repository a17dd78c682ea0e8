/* Looks for mistakes of the compiler's own stages, for tests and fuzzers: slow, clear, and sharing
 * nothing with what it checks but the forms themselves. */
#ifndef ENGINE_COMPILE_VERIFY_H
#define ENGINE_COMPILE_VERIFY_H

#include "engine/compile/target.h"

/* Where memory comes from, and the first mistake: running out of memory is one too. */
struct verifier {
    const struct source *source;
    const char *mistake; /* a literal; NULL: none so far */
    u32 where;           /* instruction, block or edge, whichever the mistake is in */
};

/* Whether a function that has been built is well formed: bounds, types, the order of blocks, counts
 * of parameters, and each operand defined on all paths to where it is read. */
bool verify_ir(struct verifier *verifier, const struct ir *ir);

/* Whether each value is where the allocation says whenever it is read: runs the function on places
 * that hold the names of values, over all paths. `ir` is marked, folded and well formed. */
bool verify_allocation(struct verifier *verifier, const struct ir *ir, const struct target *target,
                       const struct allocation *allocation);

#endif
