/* Machine code of modules. Private to engine/compile. */
#ifndef ENGINE_COMPILE_COMPILE_H
#define ENGINE_COMPILE_COMPILE_H

#include "engine/compile/target.h"
#include "engine/compiler.h"

/* The code of an own function of a compiled module, compiled now if it has not been; NULL if it
 * cannot be. */
const void *compiled_entry(const struct module *module, u32 function);
/* A place that goes to the function, compiled or not. */
const void *compiled_lazy_entry(const struct module *module, u32 function);
/* The beginning of a walk (native_walk.pc) over the frames of code that is stopped before the
 * instruction at `pc`, with the stack pointer `*sp`, which becomes what the walk wants; 0: not
 * known. */
u64 compiled_stopped_at(const struct module *module, u64 pc, u64 *sp);
/* Whether nothing but integers travel, and in registers: as in most calls of the host. */
bool native_is_plain(const struct function_type *type);
/* Arguments of such a function that go on the stack. */
u64 native_stack_words(const struct function_type *type);

#endif
