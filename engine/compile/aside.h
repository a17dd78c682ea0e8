/* Where machine code is written before it goes to its place. Private to engine/compile. */
#ifndef ENGINE_COMPILE_ASIDE_H
#define ENGINE_COMPILE_ASIDE_H

#include "engine/compile/target.h"

struct aside {
    const struct source *source;
    u8 *bytes; /* taken when first needed */
};

/* Emits a function to where the emission says, by way of memory aside if there is some and it is large
 * enough: code of the same page may run meanwhile, and to write beside code that runs, byte by byte,
 * is slow, on an emulated CPU most of all. */
enum status aside_emit(struct aside *aside, struct emitter *emitter, const struct ir *ir,
                       const struct allocation *allocation, struct emission *emission);
void aside_destroy(struct aside *aside);

#endif
