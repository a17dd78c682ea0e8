/* Messages that a handler has not answered yet, in the order in which they came: readers that wait
 * for something to read, say. There is room for WAITING_MAX; (struct waiting){ 0 } has none. */
#ifndef LIB_WAITING_H
#define LIB_WAITING_H

#include <stdbool.h>
#include <stdint.h>

enum { WAITING_MAX = 64 };

struct waiting_message {
    int64_t id;
    uint64_t number; /* whatever is to be remembered of it */
};

struct waiting {
    struct waiting_message list[WAITING_MAX]; /* the oldest first */
    uint32_t count;
};

/* False: there is no room. */
bool waiting_add(struct waiting *waiting, int64_t id, uint64_t number);
/* Whether it waited here. */
bool waiting_remove(struct waiting *waiting, int64_t id);

#endif
