#include "platform/bare/entropy.h"

#include <bearssl.h>

static void stir(struct entropy *entropy, const void *bytes, usize size, u64 bits)
{
    br_sha256_context hash;
    br_sha256_init(&hash);
    br_sha256_update(&hash, entropy->key, ENTROPY_KEY_BYTES);
    br_sha256_update(&hash, bytes, size);
    br_sha256_out(&hash, entropy->key);
    entropy->bits = (u32)u64_min(entropy->bits + bits, ENTROPY_ENOUGH_BITS);
}

/* ---- Health tests ---- */

/* SP 800-90B, 4.4.1: the longest run of equal samples stays below 1 + 20 / (bits of a sample). */
static bool runs_are_short(struct bytes bytes, u32 bits)
{
    u64 cutoff = 1 + (20 * bytes.size + bits - 1) / bits;
    u64 run = 0;
    for (usize i = 0; i < bytes.size; i++) {
        run = i > 0 && bytes.data[i] == bytes.data[i - 1] ? run + 1 : 1;
        if (run >= cutoff)
            return false;
    }
    return true;
}

/* 4.4.1 and 4.4.2 over one window of differences, as if each had a quarter of a bit. */
struct health {
    u64 first;
    u32 as_first;
    u64 last;
    u32 run;
    bool failed;
};

static void health_take(struct health *health, u64 sample, bool is_first)
{
    enum { RUN_CUTOFF = 81, PROPORTION_CUTOFF = 468 };
    if (is_first)
        *health = (struct health){ .first = sample };
    health->run = health->last == sample ? health->run + 1 : 1;
    health->last = sample;
    health->as_first += sample == health->first;
    health->failed |= health->run >= RUN_CUTOFF || health->as_first >= PROPORTION_CUTOFF;
}

/* ---- Sources ---- */

void entropy_add(struct entropy *entropy, struct bytes bytes, u32 bits)
{
    u64 most = u64_min(bits, bytes.size * 8);
    bool counts = most != 0 && runs_are_short(bytes, (u32)most);
    stir(entropy, bytes.data, bytes.size, counts ? most : 0);
}

void entropy_add_words(struct entropy *entropy, const u64 *words, u32 count)
{
    enum { WORD_BITS = 32 };
    bool counts = true;
    for (u32 i = 0; i < count; i++) {
        counts = counts && words[i] != entropy->last_word;
        for (u32 before = 0; before < i; before++)
            counts = counts && words[i] != words[before];
    }
    if (count > 0)
        entropy->last_word = words[count - 1];
    stir(entropy, words, count * sizeof(*words), counts ? (u64)count * WORD_BITS : 0);
}

/* How many times could not be told from those before: by a difference, and the difference of
 * differences, and that of those, all other than zero. 0 if the window looks broken. */
static u32 surprises(const u64 times[ENTROPY_WINDOW])
{
    struct health health;
    u64 before = 0, change_before = 0;
    u32 count = 0;
    for (u32 i = 1; i < ENTROPY_WINDOW; i++) {
        u64 difference = times[i] - times[i - 1];
        u64 change = difference - before;
        bool surprising = difference != 0 && change != 0 && change != change_before;
        health_take(&health, difference, i == 1);
        count += i > 3 && surprising;
        before = difference;
        change_before = change;
    }
    return health.failed ? 0 : count;
}

void entropy_add_time(struct entropy *entropy, u64 time)
{
    enum { TIMES_FOR_A_BIT = 60 };
    entropy->times[entropy->time_count++] = time;
    if (entropy->time_count < ENTROPY_WINDOW)
        return;
    entropy->time_count = 0;
    stir(entropy, entropy->times, sizeof(entropy->times),
         surprises(entropy->times) / TIMES_FOR_A_BIT);
}

/* ---- Numbers ---- */

static const u8 nonce[12];

/* The stream's first block is the next key, the others go out. */
void entropy_take_key(struct entropy *entropy, u64 time, u8 own[ENTROPY_KEY_BYTES])
{
    __builtin_memcpy(own, entropy->key, ENTROPY_KEY_BYTES);
    for (u32 i = 0; i < sizeof(time); i++)
        own[i] ^= (u8)(time >> 8 * i);
    __builtin_memset(entropy->key, 0, ENTROPY_KEY_BYTES);
    br_chacha20_ct_run(own, nonce, 0, entropy->key, ENTROPY_KEY_BYTES);
}

void entropy_stream(const u8 own[ENTROPY_KEY_BYTES], void *buffer, usize size)
{
    __builtin_memset(buffer, 0, size);
    br_chacha20_ct_run(own, nonce, 1, buffer, size);
}
