/* How long answers took, as the kernel counts them (interface `statistics`): by powers of two of nanoseconds. */
#ifndef PROGRAMS_TOOL_SHARED_TIMES_H
#define PROGRAMS_TOOL_SHARED_TIMES_H

#include <stddef.h>

#include "interface/statistics.h"

enum { TIMES_MAX = 64 };

/* How many answers took how long, as in interface-figures. */
struct times {
    uint64_t total;
    uint32_t counts[TIMES_MAX];
};

/* Those of `now` that are not in `before`, which may be NULL. */
struct times times_between(const struct statistics_interface_figures *now,
                           const struct statistics_interface_figures *before);
/* The time in nanoseconds that `percent` of the answers did not take longer than: between the
 * powers of two that were counted, as if they were evenly spread. 0 if there was none. */
double times_percentile(const struct times *times, unsigned percent);

/* "12us", as far as there is room; below eleven days, in no more than 7 characters. */
void time_write(char *text, size_t capacity, double nanoseconds);

#endif
