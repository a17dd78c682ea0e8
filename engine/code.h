/* The joint between the decoded module and the interpreter: what validate.c/lower.c make of a
 * function body, and the calls by which decode.c has it made. */
#ifndef ENGINE_CODE_H
#define ENGINE_CODE_H

#include "engine/module.h"

/* Working memory of validation and lowering, reused from function to function of one module and
 * freed with it: created before the first body, destroyed after the last. */
struct function_builder;

enum status function_builder_create(struct module *module, struct function_builder **builder);
void function_builder_destroy(struct function_builder *builder);

/* Validates the body of `function` (an own function of the module, all sections but data decoded
 * already) and lowers it into module->code[function]. Linear in the body's size. On failure the
 * error has message, offset and function. */
enum status function_build(struct function_builder *builder, u32 function,
                           struct engine_error *error);

/* The own function of the module whose lowered code `pc` points into. */
u32 code_function(const struct module *module, const void *pc);

/* The byte offset in the module of the instruction that the cell at `pc` was lowered from. Slow
 * (traps only). */
usize code_offset(const struct module *module, u32 function, const void *pc);

#endif
