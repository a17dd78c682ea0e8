/* Walks the instructions of a function body that has been validated, without its meaning: for
 * questions about which functions, types or globals a body names. */
#ifndef ENGINE_WALK_H
#define ENGINE_WALK_H

#include "engine/module.h"
#include "engine/opcode.h"

struct walk {
    struct reader reader;
    u32 opcode; /* enum opcode, of the instruction at hand */
    u32 index;  /* its first immediate, if that is an index: function, type, global, table ... */
};

/* Before the first instruction of the body. */
void walk_init(struct walk *walk, const struct module_function *function);
/* To the next instruction; false after the last. */
bool walk_next(struct walk *walk);

/* Reads an opcode with its prefix; OPCODE_COUNT if there is none of that code. */
u32 walk_opcode(struct reader *reader);

#endif
