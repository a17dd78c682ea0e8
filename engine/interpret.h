/* How handlers are made of parts, and the handlers that others jump to.
 *
 * A handler gets the registers as arguments and ends in a guaranteed tail call of the next one; so
 * the machine's own registers hold them and its stack does not grow. These macros do change
 * control flow: there is no other way to say it. */
#ifndef ENGINE_INTERPRET_H
#define ENGINE_INTERPRET_H

#include "engine/interpret_handler.h"
#include "engine/part.h"

/* The registers as one variable for the parts, which the compiler takes apart again. */
#define REGISTERS                                                                                 \
    struct registers registers = { fp, memory, execution, loop, integer, real, single };          \
    struct registers *r = &registers

/* Hands over to another handler with the registers as they are now. */
#define HAND_OVER(handler, pc)                                                                    \
    __attribute__((musttail)) return handler((pc), r->fp, r->memory, r->execution, r->integer,    \
                                             r->loop, r->real, r->single)

/* Goes on at the instruction at `next`. */
#define GO(next)                                                                                  \
    do {                                                                                          \
        const union word *go = (next);                                                            \
        HAND_OVER(go->handler, go);                                                               \
    } while (0)

/* Ends the run with a trap of the part whose operands are at `w`. */
#define TRAP(w, reason)                                                                           \
    do {                                                                                          \
        r->integer = (reason);                                                                    \
        HAND_OVER(interpret_trap, (w) - 1);                                                       \
    } while (0)

/* Runs a part whose operands are at `w`. */
#define RUN(name, w)                                                                              \
    do {                                                                                          \
        enum trap run = part_##name((w), r);                                                      \
        if (__builtin_expect(run != TRAP_NONE, 0))                                                \
            TRAP(w, run);                                                                         \
    } while (0)

/* Takes the branch whose operands are at `w`. */
#define TAKE(w) GO((w) + (w)->jump.target)

/* Goes back to the loop that begins at `target`, unless somebody wants to interrupt. */
#define TAKE_LOOP(w, target)                                                                      \
    do {                                                                                          \
        r->loop = (target);                                                                       \
        if (__builtin_expect(__atomic_load_n(&execution->interrupt, __ATOMIC_RELAXED) != 0, 0)) { \
            execution->pc = (w) - 1;                                                              \
            HAND_OVER(interpret_poll, r->loop);                                                   \
        }                                                                                         \
        GO(r->loop);                                                                              \
    } while (0)

/* The steps of a handler: what an instruction with its operands at `w` does on its way to the next.
 * By kind: S goes straight on, B may branch, K may go back to a loop, N may go back to the loop in
 * the register (so that in a tight loop nothing waits for the load of the target), E ends there. */
#define STEP_S(name, w) RUN(name, w)
#define STEP_B(name, w)                                                                           \
    if (test_##name((w), r))                                                                      \
    TAKE(w)
#define STEP_K(name, w)                                                                           \
    if (test_##name((w), r))                                                                      \
    TAKE_LOOP(w, (w) + (w)->jump.target)
#define STEP_N(name, w)                                                                           \
    if (test_##name((w), r))                                                                      \
    TAKE_LOOP(w, r->loop)
#define STEP_E(name, w) END_##name(w)

/* Ends the run: `pc` is one word before the operands of the part, `integer` the trap. */
handler_function interpret_trap;
/* Calls the interrupt hook and goes on at `pc`; `execution->pc` says where the program is. */
handler_function interpret_poll;

/* Runs guest code at `pc` until its frame returns or it traps: see `execution->trap`. */
void interpret_run(struct execution *execution, const union word *pc, u64 *fp);

#endif
