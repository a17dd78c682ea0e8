/* The page allocator: no page twice, all of them back, promises kept. */
#include "platform/bare/pages.h"
#include "tests/bare/support/memory.h"
#include "tests/tap.h"

enum { STEPS = 100000, HELD_MAX = 500, ALL_PAGES = MEMORY_BYTES / PAGE_BYTES, HOLE_PAGES = 3 };

static const u64 FOUR_GIB = (u64)4 << 30;

struct held {
    u64 address;
    u32 order;
};

static struct held held[HELD_MAX];
static u32 held_count;
static bool used[ALL_PAGES];

/* Marks a block; false if part of it was so already, or is none of ours. */
static bool mark(struct held block, bool value)
{
    for (u64 i = 0; i < (u64)1 << block.order; i++) {
        u64 page = (block.address - MEMORY_START) / PAGE_BYTES + i;
        if (page >= ALL_PAGES || used[page] == value)
            return false;
        used[page] = value;
    }
    return true;
}

static bool take(void)
{
    u32 order = (u32)(memory_random() % 6);
    bool low = memory_random() % 3 == 0;
    u64 address = low ? pages_take_low(order) : pages_take(order);
    if (address == 0)
        return true;
    held[held_count] = (struct held){ address, order };
    return address % ((u64)PAGE_BYTES << order) == 0 && (!low || address < FOUR_GIB) &&
           mark(held[held_count++], true);
}

static bool give(u32 index)
{
    struct held block = held[index];
    held[index] = held[--held_count];
    bool marked = mark(block, false);
    pages_give(block.address, block.order);
    return marked;
}

static void test_random(void)
{
    bool all = true;
    u64 free_before = pages_count().free;
    for (u32 i = 0; i < STEPS && all; i++)
        all = held_count == 0 || (held_count < HELD_MAX && memory_random() % 2 == 0)
                  ? take()
                  : give((u32)(memory_random() % held_count));
    TAP_OK(all, "blocks are aligned, in their zone, and nobody else's");
    while (held_count > 0)
        all = give(0) && all;
    TAP_OK(all && pages_count().free == free_before, "all of them come back");
}

static void test_join(void)
{
    u32 largest = 0;
    u64 address = 0;
    for (u32 order = PAGES_ORDER_MAX + 1; order-- > 0 && address == 0;) {
        address = pages_take(order);
        largest = order;
    }
    TAP_OK(largest >= 12, "pages that were given back one by one lie together again");
    for (u64 i = 0; i < (u64)1 << largest; i++)
        pages_give(address + i * PAGE_BYTES, 0);
    TAP_OK(pages_take(PAGES_ORDER_MAX + 1) == 0, "a block larger than the largest is not there");
    u64 again = pages_take(largest);
    TAP_OK(again == address, "also in pieces");
    pages_give(again, largest);
}

static void test_promises(void)
{
    struct pages_count count = pages_count();
    TAP_OK(!pages_promise(count.free + 1), "more than there is cannot be promised");
    TAP_OK(pages_promise(count.free - 1), "all but one can");
    u64 last = pages_take(0);
    TAP_OK(last != 0 && pages_take(0) == 0 && pages_take_low(0) == 0,
           "nobody else gets what is promised");
    bool all = true;
    u64 first = 0;
    for (u64 i = 0; i < count.free - 1; i++) {
        u64 page = pages_take_promised();
        all = all && page != 0;
        *(u64 *)physical_at(page) = first;
        first = page;
    }
    TAP_OK(all && pages_count().free == 0, "every promise is kept");
    while (first != 0) {
        u64 next = *(u64 *)physical_at(first);
        pages_give(first, 0);
        first = next;
    }
    pages_give(last, 0);
    TAP_OK(pages_promise(10), "and can be made anew");
    pages_promise_back(10);
    TAP_OK(pages_count().free == count.free && pages_count().promised == 0, "or taken back");
}

int main(void)
{
    u64 hole = MEMORY_START + 5 * PAGE_BYTES;
    memory_start((struct memory_range){ hole, hole + HOLE_PAGES * PAGE_BYTES });
    TAP_OK(pages_count().total == ALL_PAGES - HOLE_PAGES, "all memory but the hole is there");
    test_random();
    test_join();
    test_promises();
    return tap_done();
}
