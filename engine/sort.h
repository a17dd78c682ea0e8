/* Sorting of indices, in place, without recursion and never slower than n log n: hostile input
 * chooses what is sorted. */
#ifndef ENGINE_SORT_H
#define ENGINE_SORT_H

#include "base/base.h"

/* Less than, equal to or greater than zero, as `a` comes before, with or after `b`. */
typedef int sort_order(const void *context, u32 a, u32 b);

void sort_indices(u32 *indices, usize count, sort_order *order, const void *context);

#endif
