#include "kernel/log_ring.h"

#include "kernel/limits.h"

void log_ring_init(struct log_ring *ring, u8 *bytes, u32 capacity)
{
    *ring = (struct log_ring){ .bytes = bytes, .capacity = capacity, .next_sequence = 1 };
}

void log_ring_move(struct log_ring *ring, u8 *bytes, u32 capacity)
{
    BASE_ASSERT(capacity >= ring->used);
    __builtin_memcpy(bytes, ring->bytes, ring->used);
    ring->bytes = bytes;
    ring->capacity = capacity;
}

static u32 *share_of(struct log_ring *ring, u64 process)
{
    return &ring->shares[process == 0 ? 0 : 1 + process % (LOG_SHARES - 1)];
}

bool log_ring_next(const struct log_ring *ring, u32 *at, struct log_ring_entry *entry,
                   struct bytes *text)
{
    if (*at >= ring->used)
        return false;
    __builtin_memcpy(entry, ring->bytes + *at, sizeof(*entry));
    *text = (struct bytes){ ring->bytes + *at + sizeof(*entry), entry->size };
    *at += (u32)sizeof(*entry) + entry->size;
    return true;
}

/* ---- Making room --------------------------------------------------------------------------- */

/* What a share may keep where others may keep `most`. */
static u32 allowance(const struct log_ring *ring, const u32 *share, u32 most)
{
    u32 kernels_own = ring->capacity / 4;
    return share == &ring->shares[0] && most < kernels_own ? kernels_own : most;
}

static u64 kept_with(const struct log_ring *ring, u32 most)
{
    u64 kept = 0;
    for (const u32 *share = ring->shares; share < ring->shares + LOG_SHARES; share++)
        kept += u64_min(*share, allowance(ring, share, most));
    return kept;
}

/* The most that each may keep so that all together keep `bytes`. */
static u32 fair_share(const struct log_ring *ring, u32 bytes)
{
    u32 fits = 0, beyond = ring->capacity;
    while (fits + 1 < beyond) {
        u32 middle = (fits + beyond) / 2;
        if (kept_with(ring, middle) <= bytes)
            fits = middle;
        else
            beyond = middle;
    }
    return fits;
}

/* A quarter at once, so that many lines pay for the one pass. */
static void make_room(struct log_ring *ring)
{
    struct log_ring_entry entry;
    struct bytes text;
    u32 most = fair_share(ring, ring->capacity / 4 * 3);
    u32 kept = 0;
    for (u32 at = 0, start = 0; log_ring_next(ring, &at, &entry, &text); start = at) {
        u32 *share = share_of(ring, entry.process);
        u32 size = at - start;
        if (*share > allowance(ring, share, most)) {
            *share -= size;
            continue;
        }
        __builtin_memmove(ring->bytes + kept, ring->bytes + start, size);
        kept += size;
    }
    ring->used = kept;
}

void log_ring_put(struct log_ring *ring, struct log_ring_entry *entry, struct bytes text)
{
    u32 size = (u32)(sizeof(*entry) + text.size);
    BASE_ASSERT(text.size <= LOG_LINE_MAX_BYTES && size <= ring->capacity / 4);
    if (ring->capacity - ring->used < size)
        make_room(ring);
    entry->sequence = ring->next_sequence++;
    entry->size = (u32)text.size;
    __builtin_memcpy(ring->bytes + ring->used, entry, sizeof(*entry));
    __builtin_memcpy(ring->bytes + ring->used + sizeof(*entry), text.data, text.size);
    ring->used += size;
    *share_of(ring, entry->process) += size;
}
