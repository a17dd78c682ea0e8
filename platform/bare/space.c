/* The address space is one list of ranges in the order of addresses, each free or reserved. Whoever
 * reserves takes the first free range that is large enough; whoever releases joins it with its
 * neighbours, so releasing needs no memory. */
#include "platform/bare/space.h"

#include "arch/x86_64/privileged/paging.h"
#include "platform/bare/spin.h"

#define SPACE_START 0x10000000000ull

enum {
    BUCKETS = 1024,
    PIECE_BYTES = 64 << 20, /* of page tables at a time under the lock */
};

struct range {
    struct list_link link;   /* in `ranges` */
    struct list_link member; /* in `free_ranges`, or in a bucket */
    u64 start;
    u64 size; /* in multiples of PAGING_TABLE_REACH */
    bool is_free;
};

/* Memory for machine code is mapped twice, so much apart; so the upper half is for code only. */
static u64 code_distance;
static struct spin lock; /* the page tables and all here */
static struct list ranges;
static struct list free_ranges;
static struct list buckets[BUCKETS]; /* reserved ranges by their start */

/* A fault takes it too, and within it that of pages.c: see spin.h. */
static void take_lock(void)
{
    spin_touch_stack(2);
    spin_take(&lock);
}

/* ---- Ranges; with the lock ---- */

static struct list *bucket_of(u64 start)
{
    return &buckets[(start / PAGING_TABLE_REACH * 0x9E3779B97F4A7C15u) >> 54];
}

static struct range *range_of(struct list_link *link)
{
    return link == NULL ? NULL : BASE_CONTAINER_OF(link, struct range, link);
}

static void set_free(struct range *range)
{
    range->is_free = true;
    list_push_front(&free_ranges, &range->member);
}

static void set_reserved(struct range *range)
{
    range->is_free = false;
    list_push_front(bucket_of(range->start), &range->member);
}

static struct range *find_free(u64 size)
{
    struct list_link *at = list_first(&free_ranges);
    for (; at != NULL; at = list_next(&free_ranges, at)) {
        struct range *range = BASE_CONTAINER_OF(at, struct range, member);
        if (range->size >= size)
            return range;
    }
    return NULL;
}

static struct range *find_reserved(u64 start)
{
    struct list *bucket = bucket_of(start);
    struct list_link *at = list_first(bucket);
    for (; at != NULL; at = list_next(bucket, at)) {
        struct range *range = BASE_CONTAINER_OF(at, struct range, member);
        if (range->start == start)
            return range;
    }
    return NULL;
}

/* `spare` becomes the free rest, if there is one; it is given back otherwise. */
static struct range *split(struct range *range, u64 size, struct range *spare)
{
    list_remove(&range->member);
    if (range->size > size) {
        *spare = (struct range){ .start = range->start + size, .size = range->size - size };
        list_insert_after(&range->link, &spare->link);
        set_free(spare);
        range->size = size;
        spare = NULL;
    }
    set_reserved(range);
    return spare;
}

/* `next` is the range's neighbour above; gone if both are free. */
static struct range *join(struct range *range, struct range *next)
{
    if (range == NULL || next == NULL || !range->is_free || !next->is_free)
        return NULL;
    range->size += next->size;
    list_remove(&next->link);
    list_remove(&next->member);
    return next;
}

void space_init(void)
{
    list_init(&ranges);
    list_init(&free_ranges);
    for (u32 i = 0; i < BUCKETS; i++)
        list_init(&buckets[i]);
    code_distance = paging_lower_half() / 2;
    struct range *whole = machine_allocate(sizeof(*whole));
    BASE_ASSERT(whole != NULL);
    whole->start = SPACE_START;
    whole->size = code_distance - SPACE_START;
    list_push_back(&ranges, &whole->link);
    set_free(whole);
}

static u64 reserve(u64 size)
{
    size = u64_align_up(size, PAGING_TABLE_REACH);
    struct range *spare = machine_allocate(sizeof(*spare));
    if (spare == NULL || size == 0 || size > code_distance - SPACE_START) {
        machine_free(spare, sizeof(*spare));
        return 0;
    }
    take_lock();
    struct range *range = find_free(size);
    u64 start = range == NULL ? 0 : range->start;
    if (range != NULL)
        spare = split(range, size, spare);
    spin_give(&lock);
    machine_free(spare, sizeof(*spare));
    return start;
}

/* ---- Giving back ---- */

static void give_pages(u64 first)
{
    while (first != 0) {
        u64 next = *(const u64 *)physical_at(first);
        pages_give(first, 0);
        first = next;
    }
}

/* In pieces, so that the lock is not held for long. */
static void clear(u64 start, u64 size, struct paging_remains *remains)
{
    for (u64 end = start + size; start < end; start += u64_min(PIECE_BYTES, end - start)) {
        take_lock();
        paging_clear(start, u64_min(PIECE_BYTES, end - start), remains);
        spin_give(&lock);
    }
}

/* The range is not free, and so nobody else's, until all of it is gone everywhere. */
static void give_range(u64 start)
{
    take_lock();
    struct range *range = find_reserved(start);
    BASE_ASSERT(range != NULL);
    list_remove(&range->member);
    set_free(range);
    struct range *above = join(range, range_of(list_next(&ranges, &range->link)));
    struct list_link *before = range->link.previous;
    struct range *below = before == &ranges.head ? NULL : range_of(before);
    struct range *self = join(below, range);
    spin_give(&lock);
    machine_free(above, sizeof(*above));
    machine_free(self, sizeof(*self));
}

static u64 reserved_size(u64 start)
{
    take_lock();
    struct range *range = find_reserved(start);
    u64 size = range == NULL ? 0 : range->size;
    spin_give(&lock);
    return size;
}

static void release(u64 start, u64 size, bool is_code)
{
    u64 whole = reserved_size(start);
    BASE_ASSERT(whole != 0 && whole == u64_align_up(size, PAGING_TABLE_REACH));
    struct paging_remains remains = { 0 };
    if (is_code)
        clear(start + code_distance, whole, &remains);
    clear(start, whole, &remains);
    space_forget_everywhere();
    give_pages(remains.first);
    pages_promise_back(remains.promised);
    give_range(start);
}

/* ---- Coming and going of pages ---- */

static bool prepare(u64 start, u64 size)
{
    bool prepared = true;
    for (u64 end = start + size; start < end && prepared;
         start += u64_min(PIECE_BYTES, end - start)) {
        take_lock();
        prepared = paging_prepare(start, u64_min(PIECE_BYTES, end - start));
        spin_give(&lock);
    }
    return prepared;
}

static void promise(u64 start, u64 size, u32 access)
{
    for (u64 end = start + size; start < end; start += u64_min(PIECE_BYTES, end - start)) {
        take_lock();
        paging_promise(start, u64_min(PIECE_BYTES, end - start), access);
        spin_give(&lock);
    }
}

/* With the lock. False: none was promised, and there is none. */
static bool bring(u64 at, enum paging_state state)
{
    u64 page = state == PAGING_PROMISED ? pages_take_promised() : pages_take_spare();
    if (page == 0)
        return false;
    __builtin_memset(physical_at(page), 0, PAGE_BYTES);
    paging_fill(at, page);
    if (paging_state_of(at + code_distance) == PAGING_PROMISED)
        paging_fill(at + code_distance, page);
    return true;
}

bool space_fault(u64 address)
{
    u64 at = address & ~(u64)(PAGE_BYTES - 1);
    if (at >= SPACE_START + code_distance && at < 2 * code_distance)
        at -= code_distance;
    if (at < SPACE_START || at >= code_distance)
        return false;
    take_lock();
    enum paging_state state = paging_state_of(at);
    bool is_there = state == PAGING_PRESENT || (state != PAGING_NOTHING && bring(at, state));
    spin_give(&lock);
    return is_there;
}

void *space_create_stack(u64 size)
{
    u64 start = reserve(size + PAGE_BYTES);
    if (start == 0)
        return NULL;
    u64 stack = start + PAGE_BYTES;
    if (!machine_commit((void *)(usize)stack, size)) {
        release(start, size + PAGE_BYTES, false);
        return NULL;
    }
    for (u64 at = stack; at < stack + size; at += PAGE_BYTES)
        (void)space_fault(at);
    return (void *)(usize)stack;
}

/* ---- Pages that are lent ---- */

static u32 access_of(enum space_caching caching)
{
    static const u32 access[] = { PAGING_WRITE, PAGING_WRITE | PAGING_DEVICE,
                                  PAGING_WRITE | PAGING_COMBINE };
    return access[caching];
}

/* Pages that go take their promises with them, so there is a new one for each until it is known
 * which were there. */
bool space_map_device(u64 at, u64 physical, u64 size, enum space_caching caching)
{
    struct paging_remains remains = { 0 };
    u64 count = size / PAGE_BYTES;
    u64 were_there = 0;
    if (!pages_promise(count))
        return false;
    for (u64 done = 0; done < size; done += PAGE_BYTES) {
        take_lock();
        were_there += paging_lend(at + done, physical + done, access_of(caching), &remains);
        spin_give(&lock);
    }
    space_forget_everywhere();
    give_pages(remains.first);
    pages_promise_back(count - were_there);
    return true;
}

void space_unmap_device(u64 at, u64 physical, u64 size)
{
    for (u64 done = 0; done < size; done += PAGE_BYTES) {
        take_lock();
        paging_unlend(at + done, physical + done, PAGING_WRITE);
        spin_give(&lock);
    }
    space_forget_everywhere();
}

bool space_map_kernel(u64 at, u64 physical, u64 size, u32 access)
{
    bool mapped = true;
    for (u64 done = 0; done < size && mapped; done += PAGE_BYTES) {
        take_lock();
        mapped = paging_state_of(at + done) == PAGING_PRESENT ||
                 paging_map(at + done, physical + done, PAGE_BYTES, access);
        spin_give(&lock);
    }
    return mapped;
}

/* ---- The seam ---- */

void *machine_reserve(usize size)
{
    return (void *)(usize)reserve(size);
}

bool machine_commit(void *start, usize size)
{
    u64 at = (usize)start;
    if (!prepare(at, size) || !pages_promise(size / PAGE_BYTES))
        return false;
    promise(at, size, PAGING_WRITE);
    return true;
}

/* Tables are made now, so that what comes later is a page and nothing else. */
bool machine_commit_lazily(void *start, usize size)
{
    u64 at = (usize)start;
    if (!prepare(at, size))
        return false;
    promise(at, size, PAGING_WRITE | PAGING_LAZY);
    return true;
}

void machine_release(void *start, usize size)
{
    release((usize)start, size, false);
}

bool machine_code_reserve(usize size, struct code_memory *memory)
{
    u64 start = reserve(size);
    if (start == 0)
        return false;
    if (!prepare(start, size) || !prepare(start + code_distance, size) ||
        !pages_promise(size / PAGE_BYTES)) {
        release(start, size, true);
        return false;
    }
    promise(start, size, PAGING_WRITE);
    promise(start + code_distance, size, PAGING_EXECUTE | PAGING_ALIAS);
    *memory = (struct code_memory){
        .write = (u8 *)(usize)start,
        .run = (const u8 *)(usize)(start + code_distance),
        .size = size,
    };
    return true;
}

void machine_code_release(struct code_memory *memory)
{
    release((usize)memory->write, memory->size, true);
    *memory = (struct code_memory){ 0 };
}
