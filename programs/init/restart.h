/* When a service that has ended is started again: soon at first, then later and later, and after so
 * many tries of which none lived for RESTART_LIVED_NS, not any more. */
#ifndef PROGRAMS_INIT_RESTART_H
#define PROGRAMS_INIT_RESTART_H

#include <stdbool.h>
#include <stdint.h>

/* Who was killed has not failed: it is started again soon, however often; but what always is killed soon
 * may do it itself. */
#define RESTART_KILLED_NS UINT64_C(5000000)
#define RESTART_SETTLED_NS UINT64_C(100000000)
enum { RESTART_KILLS_MAX = 20 };
#define RESTART_FIRST_NS UINT64_C(50000000)
#define RESTART_LAST_NS UINT64_C(5000000000)
#define RESTART_LIVED_NS UINT64_C(30000000000)

struct restart {
    uint64_t started; /* monotonic nanoseconds */
    uint32_t tries;   /* that ended soon, one behind the other */
    uint32_t kills;   /* before it had lived for RESTART_SETTLED_NS, one behind the other */
};

void restart_note_start(struct restart *restart, uint64_t now_ns);
/* At its end: how long to wait. False: it has been tried `tries_max` times. */
bool restart_after_end(struct restart *restart, uint32_t tries_max, uint64_t now_ns,
                       uint64_t *wait_ns);
/* Where it was killed. False: for the last RESTART_KILLS_MAX times it was, and soon each time. */
bool restart_after_kill(struct restart *restart, uint64_t now_ns);

#endif
