/* What the programs of this folder share: the same numbers each time, and a checksum at the end. */
#ifndef BENCH_ENGINE_PROGRAMS_PROGRAM_H
#define BENCH_ENGINE_PROGRAMS_PROGRAM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 0x2545F4914F6CDD1D;

static inline uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static inline int finish(const char *name, uint64_t checksum)
{
    printf("%s %016llx\n", name, (unsigned long long)checksum);
    return 0;
}

#endif
