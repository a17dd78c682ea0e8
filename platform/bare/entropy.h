/* What random numbers are made of: a key, and how much of it nobody can guess. Private to the bare
 * platforms, which bring what their machine has and guard it by a lock.
 *
 * Everything that is added is hashed with the key that was there, so no source can take away what
 * another gave. Sources count only as long as they look like sources: the repetition count and
 * adaptive proportion tests of NIST SP 800-90B, 4.4, with one false alarm in 2^20. */
#ifndef PLATFORM_BARE_ENTROPY_H
#define PLATFORM_BARE_ENTROPY_H

#include "base/base.h"

enum {
    ENTROPY_KEY_BYTES = 32,
    ENTROPY_ENOUGH_BITS = 256,
    ENTROPY_WINDOW = 512, /* measurements that are judged together */
};

struct entropy {
    u8 key[ENTROPY_KEY_BYTES];
    u32 bits; /* counted so far, up to ENTROPY_ENOUGH_BITS */
    u64 last_word;
    u64 times[ENTROPY_WINDOW];
    u32 time_count;
};

static inline bool entropy_is_enough(const struct entropy *entropy)
{
    return entropy->bits >= ENTROPY_ENOUGH_BITS;
}

/* Bytes of which somebody answers for `bits`. */
void entropy_add(struct entropy *entropy, struct bytes bytes, u32 bits);
/* Words of the CPU's own generator, taken for 32 bits each; for none if one repeats another. */
void entropy_add_words(struct entropy *entropy, const u64 *words, u32 count);
/* A point of time at which something short was done, by a counter as fine as there is. A window of
 * them counts for 8 bits, and less if some came as the ones before let expect. */
void entropy_add_time(struct entropy *entropy, u64 time);

/* A key for one stream of numbers, `own`, from which nobody finds those before and after it. */
void entropy_take_key(struct entropy *entropy, u64 time, u8 own[ENTROPY_KEY_BYTES]);
/* The stream. */
void entropy_stream(const u8 own[ENTROPY_KEY_BYTES], void *buffer, usize size);

#endif
