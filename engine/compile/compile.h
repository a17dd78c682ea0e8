/* Machine code of modules. Private to engine/compile. */
#ifndef ENGINE_COMPILE_COMPILE_H
#define ENGINE_COMPILE_COMPILE_H

#include "engine/compile/target.h"
#include "engine/compiler.h"

/* A function's code. */
struct piece {
    u32 start; /* in the code memory */
    u32 size;
    u32 frame_bytes;
    u32 probe_bytes;
    u32 function;
};

enum progress {
    PROGRESS_NONE,
    PROGRESS_COMPILED,
    PROGRESS_INTERPRETED, /* there is no code for it */
    PROGRESS_LACKED,      /* there was no memory to compile it; so it is interpreted in this run */
};

struct compiled {
    struct code_memory memory;
    u32 start; /* of code; before it are pointers and lazy entries */
    u32 used;
    struct piece *pieces; /* in the order of their addresses */
    u32 piece_count;
    u32 piece_capacity;
    struct inlined_call *inlined; /* of all pieces, in the code memory */
    u32 inlined_count;
    u32 inlined_capacity;
    u32 *addresses; /* bytes of the code memory at which addresses in it stand, 8 bytes each */
    u32 address_count;
    u32 address_capacity;
    u32 kept_count; /* of the pieces, that came from an image */
    u8 *progress; /* enum progress of each function */
};

/* The lock under which an engine's modules are compiled: `compiled` changes under it only. */
u32 *compiler_lock(const struct engine *engine);
/* Has calls of a function go to its code, which starts there in the code memory. */
void compiled_set(struct compiled *compiled, u32 function, u32 start);

/* The code of an own function of a compiled module, compiled now if it has not been; NULL if it
 * cannot be. */
const void *compiled_entry(const struct module *module, u32 function);
/* A place that goes to the function, compiled or not. */
const void *compiled_lazy_entry(const struct module *module, u32 function);
/* The beginning of a walk (native_walk.pc) over the frames of code that is stopped before the
 * instruction at `pc`, with the stack pointer `*sp`, which becomes what the walk wants; 0: not
 * known. */
u64 compiled_stopped_at(const struct module *module, u64 pc, u64 *sp);
/* The stub for calls of host functions of that type. */
const void *native_host_entry(const struct function_type *type);
/* Arguments of such a function that go on the stack. */
u64 native_stack_words(const struct function_type *type);

#endif
