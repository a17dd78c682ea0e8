/* The seam between the engine and its compiler of machine code: engine/compile answers it where
 * there is one, engine/interpret_only elsewhere. A place that gives no memory for code
 * (engine_place.code_reserve) has everything interpreted. Private to engine/. */
#ifndef ENGINE_COMPILER_H
#define ENGINE_COMPILER_H

#include "engine/execution.h"
#include "engine/image.h"

/* Of an engine: what compiles, one function at a time. NULL: nothing does. */
struct compiler;
/* Of a module: its machine code. NULL: its functions are interpreted. */
struct compiled;

enum status compiler_create(struct engine *engine, struct compiler **compiler);
void compiler_destroy(struct engine *engine, struct compiler *compiler);

/* Makes a loaded module ready to have each function compiled when it is called first. Without
 * memory for it, it stays interpreted. */
void compiled_create(struct module *module);
/* Compiles all there is to compile, if the place wants that. */
void compiled_at_load(struct module *module);
void compiled_destroy(struct module *module);

/* Images, as engine.h says. A module takes one before anything of it is compiled; false: it is none
 * for this module, compiler or CPU, and nothing has changed. */
bool compiled_image_take(struct module *module, struct bytes image);
usize compiled_image_size(const struct module *module);
bool compiled_image_write(const struct module *module, void *image, usize size);
struct module_code compiled_count(const struct module *module);

/* Fills in what compiled code looks at. */
void compiled_function_prepare(struct function *function);
enum status compiled_execution_prepare(struct execution *execution);
void compiled_execution_end(struct execution *execution);

/* Calls a function of a compiled module from C, with arguments from `slots` and results there. */
enum trap compiled_call(struct execution *execution, struct function *function, u64 *slots);

/* For execution_preempt. */
bool compiled_preempt(struct execution *execution, struct interrupted *interrupted);

/* A frame of compiled code, for walks outwards after a trap. */
struct native_walk {
    u64 pc; /* behind the first byte of an instruction in it, or at its end, as a return address is;
               0: beyond the outermost of this call from C */
    u64 sp;
    const struct instance *instance;
    u64 far; /* execution.far there */
    u32 function;
    u32 inlined; /* calls around `pc` that have no frames of their own */
};

/* Where compiled code stands, in the terms of the module. */
struct compiled_position {
    u32 function;
    usize offset;
};

enum { COMPILED_POSITIONS_MAX = 4 };

/* The frame that is at (pc, sp) or, if that is between two instances, the next. */
void native_walk_begin(struct native_walk *walk);
void native_walk_outwards(struct native_walk *walk);
/* What the instruction at `pc` in the code of `function` comes from: the instruction itself, then the
 * calls around it that have no frames of their own, outwards. How many; slow (traps only). */
u32 compiled_positions(const struct module *module, u32 function, u64 pc,
                       struct compiled_position positions[COMPILED_POSITIONS_MAX]);
/* Whether a fault at `pc` is of compiled code of the running instance. */
bool compiled_has(const struct execution *execution, u64 pc);

#endif
