/* The pairing heap against a plain search, and the pool. */
#include "kernel/heap.h"
#include "kernel/pool.h"
#include "tests/simulate/simulate.h"
#include "tests/tap.h"

enum { NODES = 200, STEPS = 20000 };

static struct heap_node nodes[NODES];

static bool smallest_is_first(const struct heap *heap)
{
    u64 smallest = UINT64_MAX;
    u32 count = 0;
    for (u32 i = 0; i < NODES; i++) {
        if (!nodes[i].queued)
            continue;
        smallest = u64_min(smallest, nodes[i].key);
        count++;
    }
    return count == 0 ? heap->root == NULL : heap->root->key == smallest;
}

static void test_heap(void)
{
    struct heap heap = { 0 };
    bool all = true;
    for (u32 step = 0; step < STEPS && all; step++) {
        struct heap_node *node = &nodes[simulate_random() % NODES];
        bool was_queued = node->queued;
        if (was_queued || simulate_random() % 4 == 0)
            heap_remove(&heap, node);
        else
            heap_insert(&heap, node, simulate_random() % 50);
        all = smallest_is_first(&heap) && (!was_queued || !node->queued);
    }
    TAP_OK(all, "the smallest key is first, whatever is inserted and removed");
    u64 last = 0;
    while (heap.root != NULL && all) {
        all = heap.root->key >= last;
        last = heap.root->key;
        heap_remove(&heap, heap.root);
    }
    TAP_OK(all, "taken one by one, the keys come in order");
}

static void test_pool(void)
{
    enum { COUNT_MAX = 100 };
    struct pool pool;
    u32 indexes[COUNT_MAX], index;
    pool_init(&pool, 24, COUNT_MAX);
    bool all = true;
    for (u32 i = 0; i < COUNT_MAX; i++) {
        u64 *item = pool_take(&pool, &indexes[i]);
        all = all && item != NULL && item == pool_at(&pool, indexes[i]);
        for (u32 j = 0; j < i; j++)
            all = all && indexes[i] != indexes[j];
        if (item != NULL)
            item[2] = i;
    }
    TAP_OK(all, "each item of a pool has an index of its own");
    TAP_OK(pool_take(&pool, &index) == NULL, "a pool gives no more than its maximum");
    for (u32 i = 0; i < COUNT_MAX; i++)
        all = all && ((u64 *)pool_at(&pool, indexes[i]))[2] == i;
    TAP_OK(all, "items never move");
    pool_give(&pool, indexes[42]);
    TAP_OK(pool_take(&pool, &index) != NULL && index == indexes[42],
           "what is given back is given again");
    TAP_OK(pool_at(&pool, 100000) == NULL, "an index beyond is NULL");
    pool_deinit(&pool);
}

static void test_pool_without_memory(void)
{
    struct pool pool;
    u32 index;
    pool_init(&pool, 16, 1000);
    simulate_refuse(0, 1);
    TAP_OK(pool_take(&pool, &index) == NULL, "without memory a pool gives nothing");
    TAP_OK(pool_take(&pool, &index) != NULL, "and goes on when there is some");
    pool_deinit(&pool);
}

int main(void)
{
    simulate_start(&(struct simulate_options){ .seed = 7 });
    test_heap();
    test_pool();
    test_pool_without_memory();
    TAP_OK(simulate_end(), "and gives everything back");
    return tap_done();
}
