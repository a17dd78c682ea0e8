/* Traffic: what the processes of a silo send to each interface, counted, with how long the answers
 * take.
 *
 * A message costs a look into a table and a count. Reading the clock costs more, so after the first
 * messages only one in about 64, at random, is timed. Under the kernel's lock. */
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
    u64 count;
    u64 next_timed; /* the count at which the next message is timed */
    u32 times[TRAFFIC_TIMES];
};

struct traffic_table {
    struct traffic *rows[TRAFFIC_ROWS]; /* by interface, and after a collision by what is free */
    struct traffic others;              /* for which there is no row, or no memory */
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
    if (BASE_SELDOM(traffic == NULL || traffic->interface != interface))
        return traffic_find(table, interface);
    return traffic;
}

#endif
