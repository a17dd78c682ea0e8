/* Backwards over the marked instructions, with the set of the locals that are wanted there. What a loop
 * wants at its beginning is known at the end of the walk over it, and so is what the branches back to it
 * want: walks follow each other until nothing is new, which takes one for each depth of loops. */
#include "engine/compile/want.h"

#include "engine/compile/body.h"
#include "engine/stretch.h"

enum { WALKS_MAX = 8 };

struct walk {
    struct scan *scan;
    const u8 *code;
    u32 words;     /* of a set */
    u64 *set;      /* wanted here */
    u32 depth;     /* of the item at hand in scan->open */
    u32 ends_left; /* items whose ends are before this */
    u32 tables;    /* br_tables so far; the last that leads to an item is its joined_count */
    bool is_changed;
};

static BASE_WITHIN u64 *joined_of(const struct walk *walk, u32 item)
{
    return walk->scan->wanted + (usize)item * walk->words;
}

/* What an else wants at its beginning; of an if without one, what is wanted behind it. */
static BASE_WITHIN u64 *otherwise_of(const struct walk *walk, u32 item)
{
    return joined_of(walk, walk->scan->count + item);
}

static BASE_WITHIN void set_copy(const struct walk *walk, u64 *to, const u64 *from)
{
    for (u32 n = 0; n < walk->words; n++)
        to[n] = from[n];
}

static BASE_WITHIN void set_add(const struct walk *walk, const u64 *from)
{
    for (u32 n = 0; n < walk->words; n++)
        walk->set[n] |= from[n];
}

static BASE_WITHIN void set_clear(const struct walk *walk)
{
    for (u32 n = 0; n < walk->words; n++)
        walk->set[n] = 0;
}

static BASE_WITHIN void count(const struct walk *walk, u32 edges, u32 blocks)
{
    walk->scan->edges += edges;
    walk->scan->blocks += blocks;
}

/* What an edge there brings. */
static BASE_WITHIN void lists_count(const struct walk *walk, u32 item)
{
    const u64 *assigned = walk->scan->assigned + (usize)item * walk->words;
    const u64 *joined = joined_of(walk, item);
    for (u32 n = 0; n < walk->words; n++)
        walk->scan->list_values += (u32)__builtin_popcountll(joined[n] & assigned[n]);
}

/* ---- Constructs, from their ends to their beginnings ---- */

static BASE_WITHIN void end_pass(struct walk *walk)
{
    const struct scan *scan = walk->scan;
    u32 item = scan->items[--walk->ends_left].ended;
    count(walk, 1, 1);
    scan->open[++walk->depth] = item;
    if (scan->items[item].is_loop)
        return;
    set_copy(walk, joined_of(walk, item), walk->set);
    lists_count(walk, item);
    set_copy(walk, otherwise_of(walk, item), walk->set);
}

static BASE_WITHIN void else_pass(struct walk *walk)
{
    u32 item = walk->scan->open[walk->depth];
    count(walk, 1, 1);
    set_copy(walk, otherwise_of(walk, item), walk->set);
    set_copy(walk, walk->set, joined_of(walk, item));
    lists_count(walk, item);
}

static BASE_WITHIN void loop_pass(struct walk *walk, u32 item)
{
    u64 *joined = joined_of(walk, item);
    for (u32 n = 0; n < walk->words; n++)
        walk->is_changed |= joined[n] != walk->set[n];
    set_copy(walk, joined, walk->set);
    lists_count(walk, item);
}

static BASE_WITHIN void begin_pass(struct walk *walk, u32 opcode)
{
    u32 item = walk->scan->open[walk->depth--];
    if (opcode == OPCODE_LOOP) {
        count(walk, 1, 1);
        loop_pass(walk, item);
    } else if (opcode == OPCODE_IF) {
        count(walk, 2, 1);
        set_add(walk, otherwise_of(walk, item));
        lists_count(walk, item);
    }
}

/* ---- Branches ---- */

/* The item that a label leads to. */
static BASE_WITHIN u32 label_item(const struct walk *walk, const u8 **at)
{
    u32 depth = (u32)body_unsigned(at);
    return walk->scan->open[walk->depth - depth];
}

/* Targets that are alike share what they bring. */
static BASE_WITHIN void table_pass(struct walk *walk, const u8 *at)
{
    u32 targets = (u32)body_unsigned(&at) + 1;
    count(walk, targets, 0);
    set_clear(walk);
    walk->tables++;
    for (; targets != 0; targets--) {
        u32 item = label_item(walk, &at);
        set_add(walk, joined_of(walk, item));
        if (walk->scan->items[item].joined_count != walk->tables)
            lists_count(walk, item);
        walk->scan->items[item].joined_count = walk->tables;
    }
}

static BASE_WITHIN void branch_pass(struct walk *walk, u32 opcode, const u8 *at)
{
    if (opcode == OPCODE_BR_TABLE) {
        table_pass(walk, at);
        return;
    }
    if (opcode == OPCODE_BR || opcode == OPCODE_BR_IF) {
        count(walk, 1 + (opcode == OPCODE_BR_IF), opcode == OPCODE_BR_IF);
        u32 item = label_item(walk, &at);
        lists_count(walk, item);
        if (opcode == OPCODE_BR)
            set_copy(walk, walk->set, joined_of(walk, item));
        else
            set_add(walk, joined_of(walk, item));
    } else { /* return, unreachable, tail calls */
        set_clear(walk);
    }
}

/* ---- The whole ---- */

static BASE_WITHIN void instruction_pass(struct walk *walk, const u8 *at)
{
    u32 opcode = *at++;
    if (opcode >= OPCODE_LOCAL_GET) {
        u32 local = (u32)body_unsigned(&at);
        u64 bit = (u64)1 << local % 64;
        u64 *word = &walk->set[local / 64];
        *word = opcode == OPCODE_LOCAL_GET ? *word | bit : *word & ~bit;
    } else if (opcode >= OPCODE_BLOCK && opcode <= OPCODE_IF) {
        begin_pass(walk, opcode);
    } else if (opcode == OPCODE_ELSE) {
        else_pass(walk);
    } else if (opcode == OPCODE_END) {
        end_pass(walk);
    } else {
        branch_pass(walk, opcode, at);
    }
}

static BASE_WITHIN void walk_run(struct walk *walk, u32 words)
{
    struct scan *scan = walk->scan;
    walk->words = words;
    scan->edges = scan->list_values = 0;
    scan->blocks = 1;
    walk->ends_left = scan->count;
    walk->depth = UINT32_MAX;
    walk->is_changed = false;
    set_clear(walk);
    for (u32 word = scan->mark_count; word-- != 0;) {
        for (u64 marks = scan->marks[word]; marks != 0;) {
            u32 bit = 63 - (u32)__builtin_clzll(marks);
            marks ^= (u64)1 << bit;
            instruction_pass(walk, walk->code + (usize)word * 64 + bit);
        }
    }
}

enum status want_run(struct scan *scan, const u8 *code)
{
    usize words = (2 * (usize)scan->count + 1) * scan->words;
    struct walk walk = { .scan = scan, .code = code, .words = scan->words };
    if (!stretch(scan->source, (void **)&scan->wanted, &scan->wanted_capacity, words,
                 sizeof(*scan->wanted)))
        return STATUS_NO_MEMORY;
    __builtin_memset(scan->wanted, 0, words * sizeof(*scan->wanted));
    walk.set = joined_of(&walk, 2 * scan->count);
    for (u32 walks = 0; walks == 0 || walk.is_changed; walks++) {
        if (walks == WALKS_MAX)
            break;
        if (scan->words == 1) /* mostly */
            walk_run(&walk, 1);
        else
            walk_run(&walk, scan->words);
    }
    for (u32 n = 0; n < scan->count; n++)
        scan->items[n].joined_count = 0;
    for (usize n = 0; n < (usize)scan->count * scan->words; n++)
        scan->wanted[n] &= scan->assigned[n];
    stretch_trim(scan->source, (void **)&scan->wanted, &scan->wanted_capacity,
                 scan->count * scan->words, sizeof(*scan->wanted));
    if (!walk.is_changed)
        scan->joined = scan->wanted;
    return STATUS_OK;
}
