/* A function's single assignment form as text, one instruction a line:
 *
 *     block 1 (v4 i32) from 0 2, loop
 *       v6 i32 = i32.add v4 v5
 *       branch v6 ? 1 (v6) : 2
 */
#ifndef TESTS_COMPILE_SUPPORT_PRINT_H
#define TESTS_COMPILE_SUPPORT_PRINT_H

#include "engine/compile/ir.h"

/* Into `text`, of so many bytes; cut off where that is full. Only what is needed is shown if
 * `mark_run` has been there. */
void print_ir(const struct ir *ir, char *text, usize size);

#endif
