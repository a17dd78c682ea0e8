#include "engine/sort.h"

struct heap {
    u32 *indices;
    usize count;
    sort_order *order;
    const void *context;
};

/* Lets the item at `at` sink until no child comes after it. */
static void heap_sink(const struct heap *heap, usize at)
{
    u32 item = heap->indices[at];
    for (usize child; (child = 2 * at + 1) < heap->count; at = child) {
        const u32 *children = &heap->indices[child];
        if (child + 1 < heap->count && heap->order(heap->context, children[0], children[1]) < 0)
            child++;
        if (heap->order(heap->context, item, heap->indices[child]) >= 0)
            break;
        heap->indices[at] = heap->indices[child];
    }
    heap->indices[at] = item;
}

void sort_indices(u32 *indices, usize count, sort_order *order, const void *context)
{
    struct heap heap = { indices, count, order, context };
    for (usize i = count / 2; i-- > 0;)
        heap_sink(&heap, i);
    while (heap.count > 1) {
        u32 last = indices[--heap.count];
        indices[heap.count] = indices[0];
        indices[0] = last;
        heap_sink(&heap, 0);
    }
}
