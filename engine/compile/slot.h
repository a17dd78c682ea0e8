/* Slots on the stack for values without a register, and for those saved around calls. Private to
 * engine/compile: the allocator's second half. */
#ifndef ENGINE_COMPILE_SLOT_H
#define ENGINE_COMPILE_SLOT_H

#include "engine/compile/live.h"

/* A value in a register that some calls that it crosses change. */
struct saver {
    u32 number; /* of its interval */
    u32 slot;
};

struct slots {
    const struct source *source;
    bool is_short; /* of memory: what is not needed any more is given back */
    u32 *free; /* slots to be used again; some may have been taken since */
    u32 free_count;
    u32 free_capacity;
    u32 *until; /* of each slot: where its last holder ends */
    u32 until_capacity;
    u32 *ending; /* of each of live_points: a list of slots whose holders end there, plus one */
    u32 ending_capacity;
    u32 *next; /* of each slot: the next in that list, plus one */
    u32 next_capacity;
    u32 now; /* what ends before this is free */
    struct saver *savers;
    u32 saver_count;
    u32 saver_capacity;
    u32 *positions; /* of each call: where its part of `saved` begins */
    u32 position_capacity;
};

/* Gives every interval a place: the register that it notes, or a slot if that is WISH_NONE; and lists what
 * has to be saved. On an error `out` is half written. */
enum status slots_run(struct slots *slots, struct live *live, struct allocation *out);
void slots_deinit(struct slots *slots);

#endif
