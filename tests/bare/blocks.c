/* machine_allocate of the bare platforms: sizes of every kind, against what was written to them. */
#include "machine/machine.h"
#include "tests/bare/support/memory.h"
#include "tests/tap.h"

enum { STEPS = 60000, HELD_MAX = 1000 };

struct held {
    u8 *block;
    usize size;
    u8 fill;
};

static struct held held[HELD_MAX];
static u32 held_count;

static usize random_size(void)
{
    static const usize most[] = { 16, 200, 2048, 5000, 100000, 3 << 20 };
    u64 kind = memory_random() % 100;
    usize bound = most[kind < 40   ? 0
                       : kind < 70 ? 1
                       : kind < 90 ? 2
                       : kind < 97 ? 3
                       : kind < 99 ? 4
                                   : 5];
    return memory_random() % (bound + 1);
}

static bool is_all(const u8 *block, usize size, u8 value)
{
    for (usize i = 0; i < size; i++)
        if (block[i] != value)
            return false;
    return true;
}

static bool take(void)
{
    struct held new = { .size = random_size(), .fill = (u8)memory_random() };
    new.block = machine_allocate(new.size);
    if (new.block == NULL)
        return true;
    bool valid = (usize) new.block % 16 == 0 && is_all(new.block, new.size, 0);
    __builtin_memset(new.block, new.fill, new.size);
    held[held_count++] = new;
    return valid;
}

static bool give(u32 index)
{
    struct held old = held[index];
    held[index] = held[--held_count];
    bool whole = is_all(old.block, old.size, old.fill);
    machine_free(old.block, old.size);
    return whole;
}

/* Its beginning stays as it is, and what cannot be shrunk as a whole. */
static void shrink(struct held *old)
{
    usize less = old->size < 2 ? old->size : 1 + memory_random() % (old->size - 1);
    u8 *now = less < old->size ? machine_shrink(old->block, old->size, less) : NULL;
    if (now != NULL)
        *old = (struct held){ now, less, old->fill };
}

static void test_shrinking(void)
{
    u8 *pages = machine_allocate(20 * PAGE_BYTES);
    u64 free_before = pages_count().free;
    __builtin_memset(pages, 7, 20 * PAGE_BYTES);
    TAP_OK(machine_shrink(pages, 20 * PAGE_BYTES, 4 * PAGE_BYTES + 1) == pages &&
               pages_count().free == free_before + 15 && is_all(pages, 4 * PAGE_BYTES + 1, 7),
           "a block gives back the pages behind what it keeps");
    TAP_OK(machine_shrink(pages, 4 * PAGE_BYTES + 1, 2048) == NULL &&
               pages_count().free == free_before + 15,
           "  none, where small blocks are of another kind");
    machine_free(pages, 4 * PAGE_BYTES + 1);
    TAP_OK(pages_count().free == free_before + 20, "  and then the rest");
}

int main(void)
{
    enum { SLABS_KEPT_PAGES = 24 * 4 };
    memory_start((struct memory_range){ 0 });
    u64 free_before = pages_count().free;
    bool all = true;
    for (u32 i = 0; i < STEPS && all; i++) {
        if (held_count != 0 && memory_random() % 8 == 0)
            shrink(&held[memory_random() % held_count]);
        all = held_count == 0 || (held_count < HELD_MAX && memory_random() % 100 < 51)
                  ? take()
                  : give((u32)(memory_random() % held_count));
    }
    TAP_OK(all, "blocks begin as zeros, are aligned, and keep what was written to them");
    TAP_OK(pages_count().free < free_before, "they are made of pages");
    while (held_count > 0)
        all = give(0) && all;
    TAP_OK(all && pages_count().free + SLABS_KEPT_PAGES >= free_before &&
               memory_reservations() == 0,
           "all come back but for one slab of each size");
    TAP_OK(machine_allocate(SIZE_MAX) == NULL && machine_allocate((usize)1 << 62) == NULL,
           "what cannot be is refused");
    machine_free(NULL, 10);
    test_shrinking();
    void *large = machine_allocate(2 << 20);
    TAP_OK(large != NULL && memory_reservations() == 1, "a large block is mapped");
    machine_free(large, 2 << 20);
    return tap_done();
}
