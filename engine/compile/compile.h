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
/* The stub for calls of host functions of that type. */
const void *native_host_entry(const struct function_type *type);
/* Arguments of such a function that go on the stack. */
u64 native_stack_words(const struct function_type *type);

#endif
