/* How a run of straight instructions ends: with a jump, a call within the instance, or a return.
 * The END macros are steps (interpret.h) with which handlers end, alone or joined to others.
 *
 * Arguments are in the slots where the callee's frame begins, and results are left there. The
 * callee's header, behind its locals, keeps where to go on and the caller's `fp`. */
#ifndef ENGINE_INTERPRET_END_H
#define ENGINE_INTERPRET_END_H

#include "engine/code.h"
#include "engine/interpret.h"
#include "engine/part_numeric.h"

/* ---- Jumps ---- */

#define END_br(w) TAKE(w)
#define END_br_back(w) TAKE_LOOP(w, (w) + (w)->jump.target)
#define END_br_near(w) TAKE_LOOP(w, r->loop)

/* One word with a target for each index, and a last one for all that are larger. */
PART const union word *table_target(const union word *w, u32 index)
{
    u32 count = w->access.offset;
    const union word *target = w + 1 + (index < count ? index : count);
    return target + target->jump.target;
}

#define END_br_table_s(w) GO(table_target((w), slot_u32(r, (w)->access.a)))
#define END_br_table_a(w) GO(table_target((w), accumulator_u32(r)))

/* ---- Calls ---- */

typedef u64 slot_pair __attribute__((vector_size(16), aligned(8)));

/* Zeroes the locals of a new frame, and up to three slots more, and writes its header. (Volatile, or
 * the loop becomes a call of memset, which costs more than most frames have to zero.) */
PART void frame_begin(u64 *frame, const struct function_code *callee, const union word *back,
                      u64 *caller)
{
    u64 *header = frame + callee->header;
    for (u64 *slot = frame + callee->parameter_count; slot < header; slot += 4) {
        *(volatile slot_pair *)slot = (slot_pair){ 0, 0 };
        *(volatile slot_pair *)(slot + 2) = (slot_pair){ 0, 0 };
    }
    header[HEADER_RETURN] = (u64)(uintptr_t)back;
    header[HEADER_CALLER] = (u64)(uintptr_t)caller;
}

/* Enters `callee` with the frame at `frame`, to return to `back` and `caller`. */
#define ENTER(callee, frame, back, caller)                                                        \
    do {                                                                                          \
        u64 *enter = (frame);                                                                     \
        frame_begin(enter, (callee), (back), (caller));                                           \
        r->fp = enter;                                                                            \
        execution->fp = enter;                                                                    \
        GO((callee)->words);                                                                      \
    } while (0)

/* A frame does not fit: the callee has yet to be lowered, somebody wants to interrupt, or the stack
 * is full. `pc` is at the call, which is tried again; `execution->refused` is where its frame would
 * end. */
handler_function interpret_refused;

/* At the call whose operands are at `w`: goes on if a frame of so many slots fits. `callee` is
 * NULL if it has no code. */
#define ADMIT_SLOTS(w, frame, slots, callee)                                                      \
    do {                                                                                          \
        u64 *admit = (frame) + (slots);                                                           \
        if (__builtin_expect(admit > execution->limit, 0)) {                                      \
            execution->refused = admit;                                                           \
            execution->refused_code = (callee);                                                   \
            HAND_OVER(interpret_refused, (w) - 1);                                                \
        }                                                                                         \
    } while (0)
#define ADMIT(w, frame, callee) ADMIT_SLOTS(w, frame, code_frame_slots(callee), callee)

/* All calls have two operand words, of which the first says where the arguments are. */
#define CALL_BASE(w) ((w)[0].slots.a)
#define CALL_RETURN(w) ((w) + 2)

#define END_call(w)                                                                               \
    do {                                                                                          \
        const struct function_code *callee = (w)[1].pointer;                                      \
        u64 *frame = r->fp + CALL_BASE(w);                                                        \
        ADMIT(w, frame, callee);                                                                  \
        ENTER(callee, frame, CALL_RETURN(w), r->fp);                                              \
    } while (0)

/* ---- Returns: operands are the result's slot and the header, which is behind all results ---- */

#define END_return_none(w)                                                                        \
    do {                                                                                          \
        const u64 *header = r->fp + (w)->slots.to;                                                \
        const union word *back = (const union word *)(uintptr_t)header[HEADER_RETURN];            \
        r->fp = (u64 *)(uintptr_t)header[HEADER_CALLER];                                          \
        r->execution->fp = r->fp;                                                                 \
        GO(back);                                                                                 \
    } while (0)
#define RETURN(w, type, value)                                                                    \
    do {                                                                                          \
        give_##type(r, (value));                                                                  \
        keep_##type(r, 0, accumulator_##type(r));                                                 \
        END_return_none(w);                                                                       \
    } while (0)
#define END_return_u64_s(w) RETURN(w, u64, slot_u64(r, (w)->slots.a))
#define END_return_u64_a(w) RETURN(w, u64, r->integer)
#define END_return_u64_k(w) RETURN(w, u64, (w)[1].bits)
#define END_return_f64_s(w) RETURN(w, f64, slot_f64(r, (w)->slots.a))
#define END_return_f64_a(w) RETURN(w, f64, r->real)
#define END_return_f32_s(w) RETURN(w, f32, slot_f32(r, (w)->slots.a))
#define END_return_f32_a(w) RETURN(w, f32, r->single)

#endif
