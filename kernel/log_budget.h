/* How much programs may have shown to the operator: a console takes a line's time for each line,
 * which is a tenth of a second on a serial port. What is beyond is only in the ring. Private to
 * log.c, which guards it. */
#ifndef KERNEL_LOG_BUDGET_H
#define KERNEL_LOG_BUDGET_H

#include "base/base.h"

enum {
    LOG_BUDGETS = 32,
    LOG_BUDGET_BYTES = 4096,            /* at once */
    LOG_BUDGET_BYTES_PER_SECOND = 512, /* all together more than enough for a person to read */
};

/* One for all processes of which the ids fall together. */
struct log_budget {
    u64 full_at_ns; /* when all of it can be spent again */
    u64 hidden;     /* lines since the last one that was shown */
};

enum log_shown {
    LOG_SHOWN,
    LOG_FIRST_HIDDEN,
    LOG_HIDDEN,
};

/* Whether a line of so many bytes is to be shown. `*hidden` is how many before it were not, when it
 * is the first again. */
enum log_shown log_budget_take(struct log_budget *budget, u64 now_ns, u64 bytes, u64 *hidden);

#endif
