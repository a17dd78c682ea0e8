/* Who writes a place is found by hashing. The tables are in the part of `ordered` that no order can
 * reach: of `count` moves at most half are one each of a cycle, so a quarter of it is free. */
#include "engine/compile/moves.h"

typedef u16 __attribute__((may_alias)) table_entry;

enum { ENTRY_NONE = UINT16_MAX, READERS_DONE = UINT16_MAX };

struct ordering {
    const struct move *moves;
    u32 count;
    u32 mask;             /* of buckets */
    table_entry *buckets; /* a move that writes a place of the bucket, or ENTRY_NONE */
    table_entry *next;    /* of each move: another in its bucket */
    table_entry *readers; /* of each move: how many have still to read what it writes over */
    struct move *ordered;
    u32 ordered_count;
};

static u32 find_writer(const struct ordering *o, u16 place)
{
    u32 n = o->buckets[place & o->mask];
    while (n != ENTRY_NONE && o->moves[n].to != place)
        n = o->next[n];
    return n;
}

/* A constant reads no place, and comes last. */
static bool is_ordered(const struct move *move)
{
    return move->from != PLACE_NONE && move->from != move->to;
}

static void tables_fill(struct ordering *o)
{
    for (u32 n = 0; n <= o->mask; n++)
        o->buckets[n] = ENTRY_NONE;
    for (u32 n = 0; n < o->count; n++) {
        o->readers[n] = is_ordered(&o->moves[n]) ? 0 : READERS_DONE;
        if (o->readers[n] == READERS_DONE)
            continue;
        o->next[n] = o->buckets[o->moves[n].to & o->mask];
        o->buckets[o->moves[n].to & o->mask] = (table_entry)n;
    }
    for (u32 n = 0; n < o->count; n++) {
        if (!is_ordered(&o->moves[n]))
            continue;
        u32 writer = find_writer(o, o->moves[n].from);
        if (writer != ENTRY_NONE)
            o->readers[writer]++;
    }
}

static void tables_begin(struct ordering *o)
{
    u32 bucket_count = 1;
    while (bucket_count * 2 <= o->count)
        bucket_count *= 2;
    o->mask = bucket_count - 1;
    table_entry *end = (table_entry *)(o->ordered + 2 * (usize)o->count);
    o->buckets = end - o->count;
    o->next = o->buckets - o->count;
    o->readers = o->next - o->count;
}

static void put(struct ordering *o, struct move move)
{
    o->ordered[o->ordered_count++] = move;
}

/* A move whose target nobody has to read any more, and what can be done after it. */
static void chain_order(struct ordering *o, u32 n)
{
    while (n != ENTRY_NONE && o->readers[n] == 0) {
        put(o, o->moves[n]);
        o->readers[n] = READERS_DONE;
        n = find_writer(o, o->moves[n].from);
        if (n != ENTRY_NONE)
            o->readers[n]--;
    }
}

/* From slot to slot the other scratch register is needed, which is of the other class. */
static struct move typed_beside(struct move move, bool is_float_scratch)
{
    bool is_between_slots = move.from >= PLACE_SLOT && move.to >= PLACE_SLOT;
    if (is_between_slots && ir_is_float(move.type) != is_float_scratch)
        move.type = is_float_scratch ? IR_F64 : IR_I64;
    return move;
}

/* What is left when no chain can begin is in cycles, in which each place is read once. */
static void cycle_order(struct ordering *o, u32 n, const u16 scratch[2])
{
    struct move first = o->moves[n];
    bool is_float = ir_is_float(first.type);
    put(o, (struct move){ first.value, first.from, scratch[is_float], first.type });
    o->readers[n] = READERS_DONE;
    for (u32 at = find_writer(o, first.from); at != n;
         at = find_writer(o, o->moves[at].from)) {
        put(o, typed_beside(o->moves[at], is_float));
        o->readers[at] = READERS_DONE;
    }
    put(o, (struct move){ first.value, scratch[is_float], first.to, first.type });
}

/* One or two, as most are; false: they are a cycle. */
static bool few_order(struct ordering *o)
{
    const struct move *moves = o->moves;
    bool is_turned = false;
    if (o->count == 2 && is_ordered(&moves[0]) && is_ordered(&moves[1])) {
        is_turned = moves[1].from == moves[0].to;
        if (is_turned && moves[0].from == moves[1].to)
            return false;
    }
    for (u32 n = 0; n < o->count; n++) {
        const struct move *move = &moves[is_turned ? 1 - n : n];
        if (is_ordered(move))
            put(o, *move);
    }
    return true;
}

static void many_order(struct ordering *o, const u16 scratch[2])
{
    tables_begin(o);
    tables_fill(o);
    for (u32 n = 0; n < o->count; n++)
        chain_order(o, n);
    for (u32 n = 0; n < o->count; n++) {
        if (o->readers[n] != READERS_DONE)
            cycle_order(o, n, scratch);
    }
}

u32 moves_order(const struct move *moves, u32 count, const u16 scratch[2], struct move *ordered)
{
    struct ordering o = { .moves = moves, .count = count, .ordered = ordered };
    if (count > 2 || !few_order(&o))
        many_order(&o, scratch);
    for (u32 n = 0; n < count; n++) {
        if (moves[n].from == PLACE_NONE)
            put(&o, moves[n]);
    }
    return o.ordered_count;
}
