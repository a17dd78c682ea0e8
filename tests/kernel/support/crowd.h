/* A dozen processes that talk at random (tests/simulate/guest/chatter.c) in three silos; some of
 * them handle the three interfaces of the tests. */
#ifndef TESTS_KERNEL_SUPPORT_CROWD_H
#define TESTS_KERNEL_SUPPORT_CROWD_H

#include "tests/simulate/world.h"

enum { CROWD_SIZE = 14, CROWD_SILOS = 3 };

struct crowd {
    struct process *members[CROWD_SIZE]; /* NULL: could not be made */
    struct silo *silos[CROWD_SILOS];
    u64 killed_count;
};

/* In a world that is there. */
void crowd_start(struct crowd *crowd);
/* Kills one, chosen by the seed, and puts another in its place; now and then binds anew, or
 * destroys a silo. */
void crowd_kill_one(struct crowd *crowd);
void crowd_end(struct crowd *crowd);

#endif
