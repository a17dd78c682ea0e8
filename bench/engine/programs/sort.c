/* Records sorted by a comparison that is given as a pointer, then put into a tree and found again:
 * calls, and memory that is jumped about in. */
#include "bench/engine/programs/program.h"

enum { RECORDS = 1 << 15, ROUNDS = 22 };

struct record {
    uint64_t key;
    uint32_t left, right; /* in the tree; 0: none */
};

static struct record records[RECORDS], scratch[RECORDS];

typedef int compare_function(const struct record *a, const struct record *b);

static int by_key(const struct record *a, const struct record *b)
{
    return (a->key > b->key) - (a->key < b->key);
}

static int by_low_bits(const struct record *a, const struct record *b)
{
    uint32_t left = (uint32_t)a->key, right = (uint32_t)b->key;
    return (left > right) - (left < right);
}

static compare_function *volatile orders[] = { by_key, by_low_bits };

/* By merging. */
static void sort(struct record *from, struct record *with, size_t count, compare_function *compare)
{
    if (count < 2)
        return;
    size_t half = count / 2, a = 0, b = half;
    sort(from, with, half, compare);
    sort(from + half, with + half, count - half, compare);
    for (size_t i = 0; i < count; i++)
        with[i] = b == count || (a < half && compare(&from[a], &from[b]) <= 0) ? from[a++] : from[b++];
    memcpy(from, with, count * sizeof(*from));
}

static void tree_add(uint32_t node)
{
    uint32_t *link = &records[0].right;
    while (*link != 0)
        link = records[node].key < records[*link].key ? &records[*link].left : &records[*link].right;
    *link = node;
}

static uint32_t tree_depth_of(uint64_t key)
{
    uint32_t depth = 0;
    for (uint32_t node = records[0].right; node != 0 && records[node].key != key; depth++)
        node = key < records[node].key ? records[node].left : records[node].right;
    return depth;
}

int main(void)
{
    uint64_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < RECORDS; i++)
            records[i] = (struct record){ random_next(), 0, 0 };
        sort(records, scratch, RECORDS, orders[round % 2]);
        sum = sum * 31 + records[RECORDS / 2].key;
        sort(records, scratch, RECORDS, by_low_bits);
        for (uint32_t i = 1; i < RECORDS; i++)
            tree_add(i);
        for (uint32_t i = 1; i < RECORDS; i++)
            sum += tree_depth_of(records[i].key);
    }
    return finish("sort", sum);
}
