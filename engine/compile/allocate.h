/* Gives every value of a marked and folded function a register or a slot.
 *
 * Values come by what they weigh against how long they last, heaviest first, and each takes a
 * register that is free over its whole interval (live.h), or else a slot. There is no splitting: a
 * value is in one place all its life, but for being saved around calls. Time is linear in the
 * function's size; memory is kept for the next function. Not for two threads at once. */
#ifndef ENGINE_COMPILE_ALLOCATE_H
#define ENGINE_COMPILE_ALLOCATE_H

#include "engine/compile/target.h"

struct allocator;

/* `source` is borrowed. STATUS_NO_MEMORY */
enum status allocator_create(const struct source *source, struct allocator **allocator);
void allocator_destroy(struct allocator *allocator);

/* Writes `out`, which is empty at first and is used again: its arrays grow from the allocator's
 * source. STATUS_NO_MEMORY, or STATUS_LIMIT if the function needs more slots than places have
 * numbers; what is in `out` has no meaning then. */
enum status allocator_run(struct allocator *allocator, const struct ir *ir,
                          const struct target *target, struct allocation *out);
/* Gives the arrays back to the source that they came from. */
void allocation_give(const struct source *source, struct allocation *allocation);

/* Steps of all runs so far, in which time is linear: what tests hold against a bound. */
u64 allocator_steps(const struct allocator *allocator);

#endif
