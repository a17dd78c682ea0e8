/* Numeric instructions on constants, from the same rows as the interpreter's. */
#ifndef ENGINE_COMPILE_EVALUATE_H
#define ENGINE_COMPILE_EVALUATE_H

#include "engine/compile/ir.h"

/* The result of a numeric opcode on constants; of a unary one `b` is of no matter. False if it has
 * none: it traps, or is no such opcode. */
bool evaluate(u32 opcode, u64 a, u64 b, u64 *result);
/* The opcode of a comparison of integers that holds exactly when this one does not, or 0. */
u32 evaluate_negated(u32 opcode);
/* The opcode that gives for (b, a) what this one gives for (a, b), itself if it is commutative;
 * 0 if there is none. */
u32 evaluate_swapped(u32 opcode);
/* The type of a numeric opcode's result, or of what a load gives. */
enum ir_type evaluate_type(u32 opcode);

#endif
