/* Arguments of the three calls, read from guest memory. */
#ifndef KERNEL_ARGUMENT_H
#define KERNEL_ARGUMENT_H

#include "kernel/process.h"
#include "kernel/slot.h"
#include "kernel/thread.h"

/* Memory of the calling instance, as it was when the call began: it never moves or shrinks. */
struct memory_view {
    u8 *start;
    u64 size;
};

static inline struct memory_view argument_memory(const struct member *member)
{
    return (struct memory_view){ member->memory.base, memory_window_size(&member->memory) };
}

static inline bool argument_is_inside(const struct memory_view *memory, u64 at, u64 size)
{
    return at + size <= memory->size; /* both are below 2^33 */
}

static inline enum weft_status argument_gifts(const struct memory_view *memory, u32 at, u32 count,
                                              struct gift_list *gifts)
{
    gifts->count = 0;
    if (!BASE_SELDOM(count != 0))
        return WEFT_OK;
    if (count > WEFT_GIFTS_MAX)
        return WEFT_INVALID;
    if (!argument_is_inside(memory, at, count * sizeof(i32)))
        return WEFT_FAULT;
    gifts->count = count;
    __builtin_memcpy(gifts->numbers, memory->start + at, count * sizeof(i32));
    return WEFT_OK;
}

static inline enum weft_status argument_body(const struct memory_view *memory, u32 at, u32 size,
                                             struct bytes *body)
{
    if (BASE_SELDOM(size > WEFT_BODY_MAX))
        return WEFT_TOO_LARGE;
    if (BASE_SELDOM(!argument_is_inside(memory, at, size)))
        return WEFT_FAULT;
    *body = (struct bytes){ memory->start + at, size };
    return WEFT_OK;
}

/* A call whose process ends while it is under way does not return to guest code. */
static inline enum trap argument_return(const struct thread *thread)
{
    return BASE_SELDOM(process_is_ending(thread->process)) ? TRAP_STOPPED : TRAP_NONE;
}

#endif
