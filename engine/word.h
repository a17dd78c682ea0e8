/* Lowered code: what lower.c writes and the interpreter runs.
 *
 * A function is an array of words. An instruction is a word that points at its handler, followed by
 * operand words. A value lives in a slot of the frame, `fp[slot]`: first the locals, then the two
 * words of the frame's header, then one slot for each height of the operand stack. Results are
 * also left in an accumulator (one for integers, one for each kind of float), so the next
 * instruction need not go through memory; an instruction whose name ends in _w writes the slot too.
 *
 * Where a name says what kinds of operands an instruction takes, s is a slot, a the accumulator
 * and k a constant in the code. */
#ifndef ENGINE_WORD_H
#define ENGINE_WORD_H

#include "engine/engine.h"

union word;

/* The registers of the interpreter are the arguments of its handlers; each ends in a tail call. */
#define HANDLER_PARAMETERS                                                                        \
    const union word *pc, u64 *fp, u8 *memory, struct execution *execution, u64 integer,          \
        const union word *loop, f64 real, f32 single

typedef void handler_function(HANDLER_PARAMETERS);

/* One word. In instructions `a` is the first slot operand and `to` the slot of the result. */
union word {
    handler_function *handler;
    u64 bits;
    const void *pointer;
    struct {
        u16 a, to, b, c;
    } slots;
    struct {
        u16 a, to;
        i32 immediate;
    } constant;
    struct {
        u16 a, b; /* address, value; of a load `b` is `to` */
        u32 offset;
    } access;
    struct {
        u16 a, b;
        i32 target; /* in words, from this word */
    } jump;
    struct {
        u32 first, second;
    } indices;
};

_Static_assert(sizeof(union word) == 8, "offsets in lowered code count words of eight bytes");

/* A lowered function. */
struct function_code {
    const union word *words;
    u32 word_count;
    u32 frame_slots; /* from `fp` to the end of the operand stack; or CODE_NOT_LOWERED (code.h) */
    u32 own_index;   /* among its module's own functions */
    u16 parameter_count;
    u16 header; /* slot of the header: return address, then the caller's fp */
};

enum {
    HEADER_RETURN = 0,
    HEADER_CALLER = 1,
    HEADER_SLOTS = 2,
};

#endif
