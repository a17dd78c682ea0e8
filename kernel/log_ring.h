/* The lines of the log in memory: a ring that is fair. Private to log.c, which guards it.
 *
 * Room that is wanted is taken from whoever has most: when the ring is full, the oldest lines of
 * those go who have more than an equal share, and the kernel's own keep a quarter in any case. So
 * a process that writes without end drives out its own lines, and nobody else's. */
#ifndef KERNEL_LOG_RING_H
#define KERNEL_LOG_RING_H

#include "kernel/kernel.h"

enum {
    /* Processes share by their ids, number 0 is the kernel: more than write at one time, and few
     * enough to look at each. */
    LOG_SHARES = 256,
};

/* An entry in the ring, followed by its text. */
struct log_ring_entry {
    u64 sequence;
    u64 time_ns;
    u64 process; /* 0: the kernel */
    u32 level;
    u32 size; /* of the text */
};

struct log_ring {
    u8 *bytes; /* the oldest entry first */
    u32 capacity; /* several times LOG_LINE_MAX_BYTES */
    u32 used;
    u64 next_sequence;
    u32 shares[LOG_SHARES]; /* bytes of `used` */
};

/* Numbers count from 1. */
void log_ring_init(struct log_ring *ring, u8 *bytes, u32 capacity);
/* Goes on in other memory, that is no smaller, with all entries. */
void log_ring_move(struct log_ring *ring, u8 *bytes, u32 capacity);
/* The text has at most LOG_LINE_MAX_BYTES. Sets the entry's number. */
void log_ring_put(struct log_ring *ring, struct log_ring_entry *entry, struct bytes text);
/* The entry at `*at`, which goes on to the one behind; false at the end. From 0 on. `text` points
 * into the ring. */
bool log_ring_next(const struct log_ring *ring, u32 *at, struct log_ring_entry *entry,
                   struct bytes *text);

#endif
