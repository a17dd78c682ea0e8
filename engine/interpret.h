/* How handlers are made of parts, and the handlers that others jump to.
 *
 * A handler gets the registers as arguments and ends in a guaranteed tail call of the next one; so
 * the machine's own registers hold them and its stack does not grow. These macros do change
 * control flow: there is no other way to say it. */
#ifndef ENGINE_INTERPRET_H
#define ENGINE_INTERPRET_H

#include "engine/part.h"

#define HANDLER(name) void handle_##name(HANDLER_PARAMETERS)

/* The registers as one variable for the parts, which the compiler takes apart again. */
#define REGISTERS                                                                                 \
    struct registers registers = { fp, memory, execution, integer, real, single };                \
    struct registers *r = &registers

/* Goes on at the instruction at `next`. */
#define GO(next)                                                                                  \
    do {                                                                                          \
        const union word *go = (next);                                                            \
        __attribute__((musttail)) return go->handler(go, r->fp, r->memory, r->execution,          \
                                                     r->integer, r->real, r->single);             \
    } while (0)

/* Ends the run with a trap of the part whose operands are at `w`. */
#define TRAP(w, reason)                                                                           \
    do {                                                                                          \
        r->integer = (reason);                                                                    \
        __attribute__((musttail)) return interpret_trap((w) - 1, r->fp, r->memory, r->execution,  \
                                                        r->integer, r->real, r->single);          \
    } while (0)

/* Runs a part whose operands are at `w`. */
#define RUN(name, w)                                                                              \
    do {                                                                                          \
        enum trap run = part_##name((w), r);                                                      \
        if (__builtin_expect(run != TRAP_NONE, 0))                                                \
            TRAP(w, run);                                                                         \
    } while (0)

/* Takes the branch whose operands are at `w`; `_back`: to a loop, where an interrupt is looked at. */
#define TAKE(w) GO((w) + (w)->jump.target)
#define TAKE_BACK(w)                                                                              \
    do {                                                                                          \
        if (__builtin_expect(__atomic_load_n(&execution->interrupt, __ATOMIC_RELAXED) != 0, 0)) { \
            execution->pc = (w) - 1;                                                              \
            __attribute__((musttail)) return interpret_poll((w) + (w)->jump.target, r->fp,        \
                                                            r->memory, r->execution, r->integer,  \
                                                            r->real, r->single);                  \
        }                                                                                         \
        TAKE(w);                                                                                  \
    } while (0)

/* The steps of a handler: what an instruction with its operands at `w` does on its way to the next.
 * By kind: S goes straight on, B may branch, K may branch back to a loop, E ends there. */
#define STEP_S(name, w) RUN(name, w)
#define STEP_B(name, w)                                                                           \
    if (test_##name((w), r))                                                                      \
    TAKE(w)
#define STEP_K(name, w)                                                                           \
    if (test_##name((w), r))                                                                      \
    TAKE_BACK(w)
#define STEP_E(name, w) END_##name(w)

/* Ends the run: `pc` is one word before the operands of the part, `integer` the trap. */
handler_function interpret_trap;
/* Calls the interrupt hook and goes on at `pc`; `execution->pc` says where the program is. */
handler_function interpret_poll;

/* Runs guest code at `pc` until its frame returns or it traps: see `execution->trap`. */
void interpret_run(struct execution *execution, const union word *pc, u64 *fp);

#endif
