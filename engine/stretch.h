/* Arrays that grow while a module is loaded, in memory straight from a source. */
#ifndef ENGINE_STRETCH_H
#define ENGINE_STRETCH_H

#include "base/base.h"

/* For `stretch`, when there is not enough. */
BASE_RARE bool stretch_more(const struct source *source, void **items, u32 *capacity, usize need,
                            usize item_size);

/* Makes `*items` at least `need` items long, and longer than before by a share of its length; what is
 * new in it is zero. `*items` is NULL at first. False: no memory, and nothing has changed. */
static inline bool stretch(const struct source *source, void **items, u32 *capacity, usize need,
                           usize item_size)
{
    return __builtin_expect(need <= *capacity, 1) ||
           stretch_more(source, items, capacity, need, item_size);
}

/* Makes it just `count` items long, where the source can. */
void stretch_trim(const struct source *source, void **items, u32 *capacity, u32 count,
                  usize item_size);
/* Gives it back, and it is as at first. */
void stretch_clear(const struct source *source, void **items, u32 *capacity, usize item_size);
void stretch_give(const struct source *source, void *items, u32 capacity, usize item_size);

#endif
