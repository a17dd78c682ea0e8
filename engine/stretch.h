/* Arrays that grow while a module is loaded, in memory straight from a source. */
#ifndef ENGINE_STRETCH_H
#define ENGINE_STRETCH_H

#include "base/base.h"

/* Makes `*items` at least `need` items long, twice as long as before or more; what is new in it is
 * zero. `*items` is NULL at first. False: no memory, and nothing has changed. */
bool stretch(const struct source *source, void **items, u32 *capacity, usize need,
             usize item_size);
void stretch_give(const struct source *source, void *items, u32 capacity, usize item_size);

#endif
