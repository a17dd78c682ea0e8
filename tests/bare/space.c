/* Reservations, over page tables that are a plain list of what was asked of them. */
#include "platform/bare/space.h"

#include "arch/x86_64/privileged/paging.h"
#include "machine/machine.h"
#include "tests/bare/support/memory.h"
#include "tests/tap.h"

#include <stdlib.h>

enum {
    STEPS = 4000,
    HELD_MAX = 40,
    PAGES_MAX = 1 << 16,
    UNIT = 64 << 10, /* that reservations are asked for in */
};

/* ---- The tables ---- */

struct entry {
    u64 at;
    u64 physical; /* 0: only promised */
    u32 access;
    bool is_lent;
};

static struct entry entries[PAGES_MAX];
static u32 entry_count;
static bool lacks_tables;
static u32 forgotten;

static struct entry *find(u64 at)
{
    for (u32 i = 0; i < entry_count; i++)
        if (entries[i].at == at)
            return &entries[i];
    return NULL;
}

u64 paging_lower_half(void)
{
    return (u64)1 << 47;
}

bool paging_prepare(u64 at, u64 size)
{
    (void)at;
    (void)size;
    return !lacks_tables;
}

void paging_promise(u64 at, u64 size, u32 access)
{
    for (u64 end = at + size; at < end; at += PAGE_BYTES) {
        BASE_ASSERT(find(at) == NULL && entry_count < PAGES_MAX);
        entries[entry_count++] = (struct entry){ at, 0, access, false };
    }
}

enum paging_state paging_state_of(u64 at)
{
    const struct entry *entry = find(at);
    if (entry == NULL)
        return PAGING_NOTHING;
    if (entry->physical != 0)
        return PAGING_PRESENT;
    return (entry->access & PAGING_LAZY) != 0 ? PAGING_HOPED_FOR : PAGING_PROMISED;
}

void paging_fill(u64 at, u64 physical)
{
    find(at)->physical = physical;
}

void paging_clear(u64 at, u64 size, struct paging_remains *remains)
{
    for (u32 i = entry_count; i-- > 0;) {
        struct entry entry = entries[i];
        if (entry.at < at || entry.at - at >= size)
            continue;
        entries[i] = entries[--entry_count];
        if ((entry.access & PAGING_ALIAS) != 0)
            continue;
        remains->promised +=
            (entry.physical == 0 && (entry.access & PAGING_LAZY) == 0) || entry.is_lent;
        if (entry.physical != 0 && !entry.is_lent) {
            *(u64 *)physical_at(entry.physical) = remains->first;
            remains->first = entry.physical;
        }
    }
}

bool paging_lend(u64 at, u64 physical, u32 access, struct paging_remains *remains)
{
    struct entry *entry = find(at);
    bool was_there = entry->physical != 0 && !entry->is_lent;
    if (was_there) {
        *(u64 *)physical_at(entry->physical) = remains->first;
        remains->first = entry->physical;
    }
    *entry = (struct entry){ at, physical, access, true };
    return was_there;
}

void paging_unlend(u64 at, u64 physical, u32 access)
{
    struct entry *entry = find(at);
    if (entry != NULL && entry->is_lent && entry->physical == physical)
        *entry = (struct entry){ at, 0, access, false };
}

bool paging_map(u64 at, u64 physical, u64 size, u32 access)
{
    BASE_ASSERT(entry_count < PAGES_MAX && size == PAGE_BYTES);
    if (!lacks_tables)
        entries[entry_count++] = (struct entry){ at, physical, access, true };
    return !lacks_tables;
}

void space_forget_everywhere(void)
{
    forgotten++;
}

/* ---- The test ---- */

struct held {
    u64 start;
    u64 size;
    u64 committed;
    bool is_code;
    struct code_memory code;
};

static struct held held[HELD_MAX];
static u32 held_count;

static bool overlaps(u64 start, u64 size)
{
    for (u32 i = 0; i < held_count; i++)
        if (start < held[i].start + held[i].size && held[i].start < start + size)
            return true;
    return false;
}

static bool take(void)
{
    struct held new = { .size = (1 + memory_random() % 60) * UNIT };
    if (memory_random() % 4 == 0)
        new.size = ((u64)8 << 30) + UNIT;
    new.is_code = new.size < ((u64)1 << 30) && memory_random() % 4 == 0;
    if (new.is_code) {
        if (!machine_code_reserve(new.size, &new.code))
            return true;
        new.start = (usize) new.code.write;
        new.committed = new.size;
    } else {
        new.start = (usize)machine_reserve(new.size);
    }
    bool valid =
        new.start != 0 && new.start % PAGING_TABLE_REACH == 0 && !overlaps(new.start, new.size);
    held[held_count++] = new;
    return valid;
}

static void commit(struct held *some)
{
    u64 size = (1 + memory_random() % 4) * UNIT;
    if (some->committed + size <= some->size &&
        machine_commit((void *)(usize)(some->start + some->committed), size))
        some->committed += size;
}

/* A touch anywhere in it: there is a page exactly where one was committed. */
static bool touch(const struct held *some)
{
    u64 at = memory_random() % (some->committed + UNIT);
    if (at >= some->size)
        return true;
    bool there = space_fault(some->start + at);
    if (there && some->is_code) {
        const struct entry *write = find((some->start + at) & ~(u64)(PAGE_BYTES - 1));
        const struct entry *run = find(((usize)some->code.run + at) & ~(u64)(PAGE_BYTES - 1));
        return write != NULL && run != NULL && write->physical == run->physical &&
               (write->access & PAGING_EXECUTE) == 0 && (run->access & PAGING_WRITE) == 0;
    }
    return there == (at < some->committed);
}

/* Addresses of a device, a page each for all that may be mapped at once. */
#define DEVICE_START ((u64)0xFE << 32)

/* Pages of a device in the place of some, which stay there or are taken back at once. */
static bool lend(const struct held *some)
{
    static u64 next = DEVICE_START;
    u64 pages = some->committed / PAGE_BYTES;
    if (pages == 0)
        return true;
    u64 first = memory_random() % pages;
    u64 size = (1 + memory_random() % u64_min(pages - first, 8)) * PAGE_BYTES;
    u64 at = some->start + first * PAGE_BYTES;
    u64 physical = next;
    if (!space_map_device(at, physical, size, SPACE_UNCACHED))
        return true;
    next += size;
    bool mapped = space_fault(at) && find(at)->physical == physical &&
                  find(at + size - PAGE_BYTES)->physical == physical + size - PAGE_BYTES;
    if (memory_random() % 2 == 0)
        return mapped;
    space_unmap_device(at, physical + PAGE_BYTES, size); /* not what is there */
    mapped = mapped && find(at)->physical == physical;
    space_unmap_device(at, physical, size);
    return mapped && paging_state_of(at) == PAGING_PROMISED && space_fault(at);
}

static void give(u32 index)
{
    struct held old = held[index];
    held[index] = held[--held_count];
    if (old.is_code)
        machine_code_release(&old.code);
    else
        machine_release((void *)(usize)old.start, old.size);
}

static void test_random(void)
{
    bool all = true;
    struct pages_count before = pages_count();
    for (u32 i = 0; i < STEPS && all; i++) {
        u64 what = memory_random() % 10;
        u32 index = held_count == 0 ? 0 : (u32)(memory_random() % held_count);
        if (held_count == 0 || (what == 0 && held_count < HELD_MAX))
            all = take();
        else if (what == 1)
            give(index);
        else if (what == 2 && !held[index].is_code)
            all = lend(&held[index]);
        else if (what < 5 && !held[index].is_code)
            commit(&held[index]);
        else
            all = touch(&held[index]);
    }
    TAP_OK(all, "reservations are apart, and pages come where they were committed");
    while (held_count > 0)
        give(0);
    struct pages_count after = pages_count();
    TAP_OK(entry_count == 0 && after.promised == 0 && after.free + 4 >= before.free,
           "all pages and promises come back");
    TAP_OK(forgotten > 0, "and every CPU has forgotten them first");
}

static void test_whole(void)
{
    enum { WHOLE_TIB = 63 };
    u64 size = (u64)WHOLE_TIB << 40;
    void *whole = machine_reserve(size);
    TAP_OK(whole != NULL, "free ranges lie together again");
    TAP_OK(machine_reserve(UNIT) == NULL, "when all is reserved there is no more");
    machine_release(whole, size);
    TAP_OK(machine_reserve(0) == NULL && machine_reserve(SIZE_MAX) == NULL,
           "nothing is not reserved");
}

static void test_want(void)
{
    struct pages_count count = pages_count();
    u8 *start = machine_reserve((count.free + 1) * PAGE_BYTES);
    TAP_OK(!machine_commit(start, (count.free + 1) * PAGE_BYTES),
           "more than there is cannot be committed");
    TAP_OK(pages_count().promised == count.promised && !space_fault((usize)start),
           "and then nothing is");
    lacks_tables = true;
    struct code_memory code;
    TAP_OK(!machine_commit(start, UNIT) && !machine_code_reserve(UNIT, &code) &&
               space_create_stack(UNIT) == NULL,
           "nor without memory for tables");
    lacks_tables = false;
    machine_release(start, (count.free + 1) * PAGE_BYTES);
    TAP_OK(!space_fault(0) && !space_fault(8) && !space_fault(UINT64_MAX) &&
               !space_fault((u64)1 << 46),
           "nothing is promised outside of reservations");
    u8 *stack = space_create_stack(UNIT);
    TAP_OK(stack != NULL && paging_state_of((usize)stack) == PAGING_PRESENT &&
               paging_state_of((usize)stack + UNIT - PAGE_BYTES) == PAGING_PRESENT &&
               paging_state_of((usize)stack - PAGE_BYTES) == PAGING_NOTHING,
           "a stack is there from the start, and below it nothing");
}

static void test_lend(void)
{
    struct pages_count before = pages_count();
    u8 *start = machine_reserve(UNIT);
    u64 at = (usize)start;
    TAP_OK(machine_commit(start, UNIT) && space_fault(at), "two pages, one of which has come");
    TAP_OK(space_map_device(at, DEVICE_START, 2 * PAGE_BYTES, SPACE_CACHED) &&
               pages_count().promised == before.promised + UNIT / PAGE_BYTES,
           "those of a device come in their place, and theirs stay promised");
    u64 more = DEVICE_START + UNIT;
    TAP_OK(space_map_device(at, more, PAGE_BYTES, SPACE_CACHED) && find(at)->physical == more,
           "others come in the place of these");
    space_unmap_device(at, DEVICE_START, 2 * PAGE_BYTES);
    TAP_OK(find(at)->physical == more && find(at + PAGE_BYTES)->physical == 0,
           "and are not taken back with them");
    machine_release(start, UNIT);
    space_unmap_device(at, more, PAGE_BYTES);
    TAP_OK(find(at) == NULL && pages_count().promised == before.promised,
           "nor by who comes too late");
    struct pages_count count = pages_count();
    start = machine_reserve(UNIT);
    machine_commit(start, UNIT);
    bool rest = pages_promise(count.free - count.promised - UNIT / PAGE_BYTES);
    TAP_OK(rest && !space_map_device((usize)start, DEVICE_START, PAGE_BYTES, SPACE_CACHED) &&
               paging_state_of((usize)start) == PAGING_PROMISED,
           "without memory, what was there stays");
    pages_promise_back(count.free - count.promised - UNIT / PAGE_BYTES);
    machine_release(start, UNIT);
    TAP_OK(space_map_kernel(DEVICE_START, DEVICE_START, 2 * PAGE_BYTES, PAGING_DEVICE) &&
               space_map_kernel(DEVICE_START, DEVICE_START, 3 * PAGE_BYTES, PAGING_DEVICE) &&
               find(DEVICE_START + 2 * PAGE_BYTES) != NULL,
           "the kernel's own are mapped once");
    lacks_tables = true;
    TAP_OK(!space_map_kernel(DEVICE_START, DEVICE_START, 4 * PAGE_BYTES, PAGING_DEVICE),
           "if there are tables for them");
    lacks_tables = false;
}

static void test_lazily(void)
{
    struct pages_count before = pages_count();
    u64 pages = before.free - before.promised;
    u64 size = (pages + 16) * PAGE_BYTES;
    u8 *kept = machine_reserve(UNIT);
    u8 *start = machine_reserve(size);
    TAP_OK(machine_commit(kept, UNIT) && machine_commit_lazily(start, size) &&
               pages_count().promised == before.promised + UNIT / PAGE_BYTES,
           "more than there is can be committed lazily, and no page is kept for it");
    u64 came = 0;
    while (came < pages + 16 && space_fault((usize)start + came * PAGE_BYTES))
        came++;
    u64 left = pages_count().free - pages_count().promised;
    TAP_OK(came > 0 && left > 0 && left < 100 && !space_fault((usize)start + came * PAGE_BYTES),
           "its pages come until there are but few and promised ones");
    TAP_OK(space_fault((usize)kept) && space_fault((usize)kept + UNIT - 1) &&
               space_fault((usize)start),
           "which come still, and what is there is there");
    machine_release(start, size);
    machine_release(kept, UNIT);
    TAP_OK(entry_count == 0 && pages_count().promised == before.promised &&
               pages_count().free + 4 >= before.free,
           "and all come back");
}

int main(void)
{
    memory_start((struct memory_range){ 0 });
    space_init();
    test_random();
    test_whole();
    test_lazily();
    test_want();
    test_lend();
    return tap_done();
}
