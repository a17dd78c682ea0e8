/* What the pipes of one silo hold together, so that none takes all of the memory. */
#ifndef PROGRAMS_PIPE_ACCOUNT_H
#define PROGRAMS_PIPE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    ACCOUNT_PIPES_MAX = 4096,     /* of one silo: more than any tree of processes has open */
    ACCOUNT_BYTES_MAX = 64 << 20, /* in its pipes, with what waits for room in them */
};

struct account {
    uint64_t silo;
    uint32_t pipes;
    uint32_t bytes;
};

/* The silo's account, for one more pipe; NULL: it has too many, or there are too many silos. */
struct account *account_open(uint64_t silo);
void account_close(struct account *account);
bool account_charge(struct account *account, uint32_t bytes);

#endif
