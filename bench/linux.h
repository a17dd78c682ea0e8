/* What Linux itself takes, beside which Weft's figures stand. Private to bench/. */
#ifndef BENCH_LINUX_H
#define BENCH_LINUX_H

#include <stdbool.h>
#include <stdint.h>

/* Ends the program with `what` and the reason unless the condition holds. */
void linux_must(bool condition, const char *what);

uint64_t linux_nanoseconds(void);

/* A second process at the other end of a pair of pipes, or of eventfds. */
struct linux_peer {
    int to, from;  /* this side's descriptors */
    uint32_t size; /* of a body */
    int child;
};

struct linux_peer linux_pipe_peer(uint32_t size);
struct linux_peer linux_eventfd_peer(void);
/* Nanoseconds of so many round trips. */
uint64_t linux_round_trips(struct linux_peer *peer, uint32_t count);
void linux_peer_end(struct linux_peer *peer);

/* Nanoseconds of posix_spawn of `path` and the wait for its end. */
uint64_t linux_spawn(const char *path);

/* A field of /proc/self/status in KB: "VmRSS:". */
uint64_t linux_kilobytes(const char *field);
/* Resident KB of this process's mappings of just that size: memories of idle guests, for one. */
uint64_t linux_resident_of_size(uint64_t mapping_kilobytes);

#endif
