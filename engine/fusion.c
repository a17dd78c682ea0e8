#include "engine/fusion.h"

enum {
    LENGTH_MAX = 4, /* instructions of a row */
    TABLE_BITS = 12,
    TABLE_SIZE = 1 << TABLE_BITS,
    PAIR_BITS = 15,
};

#define FUSE2(ka, a, kb, b) handler_function handle_##a##__##b;
#define FUSE3(ka, a, kb, b, kc, c) handler_function handle_##a##__##b##__##c;
#define FUSE4(ka, a, kb, b, kc, c, kd, d) handler_function handle_##a##__##b##__##c##__##d;
#include "engine/fusion.def"
#undef FUSE2
#undef FUSE3
#undef FUSE4

struct fusion_row {
    handler_function *handler;
    u16 ids[LENGTH_MAX];
};

/* The last one is empty: it ends the list. */
static const struct fusion_row rows[] = {
#define FUSE2(ka, a, kb, b) { handle_##a##__##b, { I_##a, I_##b } },
#define FUSE3(ka, a, kb, b, kc, c) { handle_##a##__##b##__##c, { I_##a, I_##b, I_##c } },
#define FUSE4(ka, a, kb, b, kc, c, kd, d)                                                         \
    { handle_##a##__##b##__##c##__##d, { I_##a, I_##b, I_##c, I_##d } },
#include "engine/fusion.def"
    { 0 },
};

_Static_assert(BASE_ARRAY_COUNT(rows) * (LENGTH_MAX - 1) < TABLE_SIZE / 2,
               "the table of beginnings stays at most half full");

/* Rows as a tree: a node is a sequence of instructions with which some row begins. Sequences of one
 * are numbered by their instruction, longer ones by their place in `table`, beyond those. */
struct fusion_node {
    u16 before; /* the node without its last instruction; 0: this place is free */
    u16 id;     /* its last instruction */
    u16 row;    /* that ends here; NO_ROW: none does */
};

enum { NO_ROW = UINT16_MAX };

struct fusions {
    u64 pairs[(1 << PAIR_BITS) / 64]; /* hashes of two instructions with which a row begins */
    bool ends[INSTRUCTION_COUNT];   /* what follows is not reached from here */
    struct fusion_node table[TABLE_SIZE];
};

_Static_assert(INSTRUCTION_COUNT + TABLE_SIZE < UINT16_MAX, "nodes have 16-bit numbers");

/* The place of the sequence `before` and `id`, or the free one where it belongs. */
static u32 node_place(const struct fusions *fusions, u32 before, u32 id)
{
    u32 place = ((before << 16 | id) * 2654435769u) >> (32 - TABLE_BITS);
    for (;; place = (place + 1) % TABLE_SIZE) {
        const struct fusion_node *node = &fusions->table[place];
        if (node->before == 0 || (node->before == before && node->id == id))
            return place;
    }
}

static u32 pair_hash(u32 first, u32 second)
{
    return ((first << 16 | second) * 2654435769u) >> (32 - PAIR_BITS);
}

static bool pair_begins(const struct fusions *fusions, u32 first, u32 second)
{
    u32 pair = pair_hash(first, second);
    return (fusions->pairs[pair / 64] >> pair % 64 & 1) != 0;
}

static void row_add(struct fusions *fusions, u32 row)
{
    const u16 *ids = rows[row].ids;
    struct fusion_node *node = NULL;
    u32 pair = pair_hash(ids[0], ids[1]);
    fusions->pairs[pair / 64] |= (u64)1 << pair % 64;
    u32 before = ids[0];
    for (u32 i = 1; i < LENGTH_MAX && ids[i] != I_NONE; i++) {
        u32 place = node_place(fusions, before, ids[i]);
        node = &fusions->table[place];
        if (node->before == 0)
            *node = (struct fusion_node){ (u16)before, ids[i], NO_ROW };
        before = INSTRUCTION_COUNT + place;
    }
    if (node != NULL)
        node->row = (u16)row;
}

static void ends_fill(struct fusions *fusions)
{
#define STRAIGHT(name, words)
#define BRANCH(name, words)
#define BRANCH_BACK(name, words)
#define BRANCH_NEAR(name, words)
#define SPECIAL(name, words) fusions->ends[I_##name] = true;
#include "engine/instruction_list.def"
}

struct fusions *fusions_create(const struct source *source)
{
    struct fusions *fusions = source->take(source->context, sizeof(*fusions));
    if (fusions == NULL)
        return NULL;
    for (u32 i = 0; rows[i].handler != NULL; i++)
        row_add(fusions, i);
    ends_fill(fusions);
    return fusions;
}

void fusions_destroy(struct fusions *fusions, const struct source *source)
{
    if (fusions != NULL)
        source->give(source->context, fusions, sizeof(*fusions));
}

/* The row for the instructions from `written[0]` on, of which `count` are left, after which the
 * fewest handlers run; NO_ROW if that is not fewer than `*cost`. */
static u32 row_best(const struct fusions *fusions, const struct written *written, u32 count,
                    u32 *cost)
{
    u32 best = NO_ROW;
    u32 before = written[0].id;
    for (u32 i = 1; i < count; i++) {
        u32 place = node_place(fusions, before, written[i].id);
        const struct fusion_node *node = &fusions->table[place];
        if (node->before == 0)
            break;
        bool is_last = fusions->ends[written[i].id] || i + 1 == count;
        u32 with = 1 + (is_last ? 0 : written[i + 1].cost);
        if (node->row != NO_ROW && with < *cost) {
            *cost = with;
            best = node->row;
        }
        before = INSTRUCTION_COUNT + place;
    }
    return best;
}

/* From the end, so that what is best from each instruction on is known when it is asked for. */
void fusions_apply(const struct fusions *fusions, union word *words, struct written *written,
                   u32 count)
{
    u32 next = I_NONE;
    u32 next_cost = 0;
    for (u32 i = count; i-- != 0;) {
        u32 id = written[i].id;
        u32 cost = 1 + (fusions->ends[id] ? 0 : next_cost);
        if (pair_begins(fusions, id, next)) {
            u32 row = row_best(fusions, written + i, count - i, &cost);
            if (row != NO_ROW)
                words[written[i].word].handler = rows[row].handler;
        }
        written[i].cost = cost;
        next = id;
        next_cost = cost;
    }
}
