/* Moves that happen at once: at the edges of blocks, at calls, where a function begins. */
#ifndef ENGINE_COMPILE_MOVES_H
#define ENGINE_COMPILE_MOVES_H

#include "engine/compile/target.h"

/* `from` and `to` are places. A constant has no place: then `from` is PLACE_NONE. */
struct move {
    u32 value; /* what is moved, for the emitter; of no matter for the order */
    u16 from;
    u16 to;
    u8 type;   /* enum ir_type */
};

/* Puts `count` moves, whose targets are all different, into an order in which doing them one after
 * the other has the same effect: a place is written only when nobody needs what is in it any more.
 * Moves from a place to itself are left out. A cycle is broken by a move to `scratch[0]` (integers)
 * or `scratch[1]` (floats) and one from there later, so `ordered` needs room for 2 * count. Returns
 * how many there are. Constants come last: they need no place but their own. A move from slot to
 * slot can come while a scratch register of its own class is in use, not while the other's is: in a
 * cycle of both classes it is given the 64-bit type of the one in use. Time is linear. */
u32 moves_order(const struct move *moves, u32 count, const u16 scratch[2], struct move *ordered);

#endif
