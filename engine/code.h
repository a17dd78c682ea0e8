/* The joint between the decoded module and the interpreter: the headers of lowered functions, which
 * are there from the beginning, and their code, which is made when a function is interpreted for
 * the first time. */
#ifndef ENGINE_CODE_H
#define ENGINE_CODE_H

#include "engine/module.h"
#include "engine/word.h"

/* Makes headers for all own functions. STATUS_NO_MEMORY. */
enum status code_create(struct module *module);
void code_destroy(struct module *module);

/* Validates the bodies of all own functions (all sections decoded already). Linear in their size.
 * On failure the error has message, offset and function. */
enum status code_validate(struct module *module, struct engine_error *error);

/* Of a function that has not been lowered `frame_slots` says so: more than any stack has. */
enum { CODE_NOT_LOWERED = 1 << 30 };

static inline u32 code_frame_slots(const struct function_code *code)
{
    return __atomic_load_n(&code->frame_slots, __ATOMIC_ACQUIRE); /* the rest is read after it */
}

static inline bool code_is_lowered(const struct function_code *code)
{
    return code_frame_slots(code) != CODE_NOT_LOWERED;
}

/* Lowers the function of a valid module, unless somebody has. TRAP_NO_MEMORY: there is none. */
enum trap code_lower(const struct function_code *code);

/* The own function of the module whose lowered code `pc` points into. */
u32 code_function(const struct module *module, const void *pc);

/* The byte offset in the module of the instruction that the cell at `pc` was lowered from. Slow
 * (traps only). */
usize code_offset(const struct module *module, u32 function, const void *pc);

#endif
