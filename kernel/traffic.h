/* Traffic: what the processes of a silo send to each interface, counted, with how long the answers
 * take.
 *
 * A message costs a look into a table and a count. Reading the clock costs more, so after the first
 * messages only one in about 64, in uneven steps, is timed. Under the kernel's lock. */
#ifndef KERNEL_TRAFFIC_H
#define KERNEL_TRAFFIC_H

#include "base/base.h"

struct message;

enum {
    TRAFFIC_ROWS = 64,  /* interfaces that are told apart in one silo */
    TRAFFIC_TIMES = 40, /* powers of two: 2^39 ns are nine minutes, what is longer counts there */
    TRAFFIC_ALL_TIMED = 1024, /* so many messages are timed, each */
};

struct traffic {
    u64 interface; /* first 8 bytes of the hash */
    u64 left;      /* messages before the next one that is timed; never 0 */
    u64 timed_at;  /* how many there will have been then */
    u32 times[TRAFFIC_TIMES];
};

struct traffic_table {
    /* By interface, and after a collision by what is free; a free one leads to `others`. */
    struct traffic *rows[TRAFFIC_ROWS];
    struct traffic others; /* for which there is no row, or no memory */
};

void traffic_init(struct traffic_table *table);
void traffic_deinit(struct traffic_table *table);
/* The row of an interface that is not at its first place. */
struct traffic *traffic_find(struct traffic_table *table, u64 interface);
/* The message is one that is timed, if its answer is waited for. */
void traffic_time(struct traffic *traffic, struct message *message);
void traffic_answered(struct message *message);

static inline struct traffic *traffic_of(struct traffic_table *table, u64 interface)
{
    struct traffic *traffic = table->rows[interface % TRAFFIC_ROWS];
    return BASE_SELDOM(traffic->interface != interface) ? traffic_find(table, interface) : traffic;
}

/* Another message to that interface, which may be one that is timed. */
static inline void traffic_count(struct traffic *traffic, struct message *message)
{
    if (BASE_SELDOM(--traffic->left == 0))
        traffic_time(traffic, message);
}

/* How many there were. */
static inline u64 traffic_messages(const struct traffic *traffic)
{
    return traffic->timed_at - traffic->left;
}

#endif
