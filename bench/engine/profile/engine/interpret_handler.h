/* A handler that counts its run first. */
#ifndef ENGINE_INTERPRET_HANDLER_H
#define ENGINE_INTERPRET_HANDLER_H

#include "engine/instruction.h"

void profile_note(u32 id, const union word *pc);

#define HANDLER(name)                                                                             \
    static void run_##name(HANDLER_PARAMETERS);                                                   \
    void handle_##name(HANDLER_PARAMETERS)                                                        \
    {                                                                                             \
        profile_note(I_##name, pc);                                                               \
        __attribute__((musttail)) return run_##name(pc, fp, memory, execution, integer, loop,     \
                                                    real, single);                                \
    }                                                                                             \
    static void run_##name(HANDLER_PARAMETERS)

#endif
