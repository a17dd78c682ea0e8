/* What is computed where it is used, and what instructions ask of the allocator. Private to
 * engine/x86_64. */
#ifndef ENGINE_X86_64_FOLD_H
#define ENGINE_X86_64_FOLD_H

#include "engine/compile/target.h"

void fold_function(struct ir *ir);
void constrain_instruction(const struct ir *ir, u32 instruction, struct constraint *constraint,
                           u8 *wishes);

#endif
