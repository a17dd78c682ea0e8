/* All passes over one function, and the working memory that they share. Private to engine/compile. */
#ifndef ENGINE_COMPILE_PASSES_H
#define ENGINE_COMPILE_PASSES_H

#include "engine/compile/allocate.h"
#include "engine/compile/aside.h"
#include "engine/compile/build.h"
#include "engine/compile/mark.h"

enum { CODE_SPARE = 64 }; /* behind a function's code, so that its emitter can write on */

/* One function at a time, for all modules of the engine. */
struct compiler {
    u32 lock;
    const struct source *source;
    struct target target;
    /* Working memory. */
    struct builder builder;
    struct marker marker;
    struct allocator *allocator;
    struct emitter *emitter;
    struct ir ir;
    struct allocation allocation;
    struct aside aside;
};

/* Under the lock: from a function's bytes to its machine code. STATUS_NO_MEMORY; STATUS_LIMIT: it asks
 * for too much, and is interpreted. */
enum status passes_run(struct compiler *compiler, const struct module *module, u32 function,
                       struct emission *emission);
/* After a function that was much larger than most: gives back what it took. */
void passes_trim(struct compiler *compiler);
/* Gives all working memory back. */
void passes_give(struct compiler *compiler);

#endif
