/* The interface `statistics`, answered in the kernel: statistics.c has the figures, happening.c the
 * events. A caller sees its own silo and those below. */
#ifndef KERNEL_STATISTICS_H
#define KERNEL_STATISTICS_H

#include "interface/statistics.h"
#include "kernel/handlers.h"

enum weft_status statistics_take_events(void *request, const struct weft_event *event,
                                        const struct statistics_events_arguments *arguments);
enum weft_status statistics_take_links(void *request, const struct weft_event *event,
                                       const struct statistics_links_arguments *arguments);
/* The system begins. */
void statistics_init(void);

#endif
