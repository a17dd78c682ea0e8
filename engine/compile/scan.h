/* What must be known of a body before it is built: what is assigned where. */
#ifndef ENGINE_COMPILE_SCAN_H
#define ENGINE_COMPILE_SCAN_H

#include "base/base.h"

/* A block, loop or if, numbered as they begin; 0 is the whole body. */
struct scanned {
    u32 joined_count;
    u32 ended; /* the item that ends as the one with this number, counted by ends */
    bool is_loop;
    bool writes_memory; /* stores, grows or calls somewhere in it */
    bool writes_globals;
};

struct scan {
    const struct source *source;
    struct scanned *items;
    u32 count;
    u32 capacity;
    u64 *assigned; /* for each item `words` words: a set of locals */
    u32 assigned_capacity;
    u32 words;
    const u64 *joined; /* the same: what edges bring to the end of an item, to the beginning of a loop */
    u64 *wanted; /* what it is if that has been found out (want.h), and what else that takes */
    u32 wanted_capacity;
    u64 *marks; /* one bit for each byte: an instruction that matters for that begins there */
    u32 mark_count; /* words; 0: it is not to be found out */
    u32 mark_capacity;
    u32 instructions, edges, blocks; /* if it has been: how many there are at most of its own, */
    u32 list_values; /* and values that its edges bring */
    bool is_long; /* there is a loop, or a tail call: nothing to be built where it is called */
    u32 end_count;
    u32 *open; /* items that have begun and not ended */
    u32 open_capacity;
};

/* `code`: the instructions of a validated body. Only what is read there is `joined` if that is worth its
 * while, or else all that is assigned. STATUS_LIMIT if there is too much to know. */
enum status scan_run(struct scan *scan, struct bytes code, u32 local_count, bool is_worth);
void scan_destroy(struct scan *scan);

/* Goes over the locals in the set of an item, in rising order. */
struct members {
    const u64 *words;
    u64 left;
    u32 word;
    u32 word_count;
};

static inline struct members scan_members(const struct scan *scan, const u64 *sets, u32 item)
{
    const u64 *words = sets + (usize)item * scan->words;
    return (struct members){ words, scan->words == 0 ? 0 : words[0], 0, scan->words };
}

static inline bool members_next(struct members *members, u32 *local)
{
    while (members->left == 0) {
        if (members->word + 1 >= members->word_count)
            return false;
        members->left = members->words[++members->word];
    }
    *local = members->word * 64 + (u32)__builtin_ctzll(members->left);
    members->left &= members->left - 1;
    return true;
}

#endif
