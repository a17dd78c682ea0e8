/* Lines that come again and again, as when a program starts another without end and there is no room:
 * the same line is told the first time, the tenth, the hundredth and so on, with how often it has come.
 * After a pause it is a new one. Whose it is guards it. */
#ifndef KERNEL_LOG_REPEAT_H
#define KERNEL_LOG_REPEAT_H

#include "base/base.h"

#define LOG_REPEAT_PAUSE_NS 10000000000ull

struct log_repeat {
    struct hash line; /* the last one */
    u64 last_ns;
    u64 count;
    u64 next; /* count at which it is told again */
};

/* How often it has come, this time included, if it is to be told; 0: it is not. */
u64 log_repeat_count(struct log_repeat *repeat, struct bytes line, u64 now_ns);

#endif
