/* Blocks of memory, for machine_allocate. Small ones are cut from slabs of one size each; those of
 * some pages are taken from the page allocator as they are; larger ones are mapped, so that they
 * need no pages that lie together. A block has no head: who frees it says its size. */
#include "platform/bare/pages.h"
#include "platform/bare/spin.h"

enum {
    GRAIN = 16,
    SMALL_MAX = 2048,
    FINE_MAX = 128, /* classes up to here are GRAIN apart; beyond, four to each doubling */
    CLASSES = FINE_MAX / GRAIN + 4 * 4,
    SLAB_ORDER = 2,
    SLAB_BYTES = PAGE_BYTES << SLAB_ORDER,
    TOGETHER_MAX = 1 << 20,
};

/* At the start of its pages; slabs are aligned to their size. */
struct slab {
    struct list_link link; /* in its class's list while it has room */
    struct free_block *free;
    u32 class;
    u32 used;
    u32 fresh; /* offset of what was never given out */
    u32 unused[3];
};

struct free_block {
    struct free_block *next;
};

_Static_assert(sizeof(struct slab) % GRAIN == 0, "blocks are aligned");

static struct spin lock;
static struct list rooms[CLASSES]; /* slabs with room */
static bool is_ready;

/* ---- Classes ---- */

static u32 class_of(usize size)
{
    if (size <= FINE_MAX)
        return size == 0 ? 0 : (u32)((size - 1) / GRAIN);
    u32 doubling = 63 - (u32)__builtin_clzll(size - 1); /* 7 for sizes up to 256 */
    return FINE_MAX / GRAIN + (doubling - 7) * 4 + (u32)((size - 1) >> (doubling - 2) & 3);
}

static u32 class_bytes(u32 class)
{
    if (class < FINE_MAX / GRAIN)
        return (class + 1) * GRAIN;
    u32 step = class - FINE_MAX / GRAIN;
    return (step % 4 + 5) << (step / 4 + 5);
}

/* ---- Slabs; with the lock ---- */

static struct slab *slab_of(const void *block)
{
    return (struct slab *)((usize)block & ~(usize)(SLAB_BYTES - 1));
}

static bool is_full(const struct slab *slab)
{
    return slab->free == NULL && slab->fresh + class_bytes(slab->class) > SLAB_BYTES;
}

static struct slab *slab_with_room(u32 class)
{
    struct list_link *link = list_first(&rooms[class]);
    if (link != NULL)
        return BASE_CONTAINER_OF(link, struct slab, link);
    u64 pages = pages_take(SLAB_ORDER);
    if (pages == 0)
        return NULL;
    struct slab *slab = physical_at(pages);
    *slab = (struct slab){ .class = class, .fresh = sizeof(*slab) };
    list_push_front(&rooms[class], &slab->link);
    return slab;
}

static void *take_from(struct slab *slab)
{
    void *block = slab->free;
    if (block != NULL) {
        slab->free = slab->free->next;
    } else {
        block = (u8 *)slab + slab->fresh;
        slab->fresh += class_bytes(slab->class);
    }
    slab->used++;
    if (is_full(slab))
        list_remove(&slab->link);
    return block;
}

static void *small_allocate(usize size)
{
    spin_take(&lock);
    struct slab *slab = slab_with_room(class_of(size));
    void *block = slab == NULL ? NULL : take_from(slab);
    spin_give(&lock);
    return block;
}

/* An empty slab is kept if it is the only one of its class with room. */
static bool is_dispensable(const struct slab *slab)
{
    const struct list *room = &rooms[slab->class];
    return slab->used == 0 && list_next(room, list_first(room)) != NULL;
}

static void small_free(void *block, usize size)
{
    struct free_block *free = block;
    struct slab *slab = slab_of(block);
    spin_take(&lock);
    BASE_ASSERT(slab->class == class_of(size) && slab->used > 0);
    if (is_full(slab))
        list_push_front(&rooms[slab->class], &slab->link);
    free->next = slab->free;
    slab->free = free;
    slab->used--;
    bool dispensable = is_dispensable(slab);
    if (dispensable)
        list_remove(&slab->link);
    spin_give(&lock);
    if (dispensable)
        pages_give(physical_of(slab), SLAB_ORDER);
}

/* ---- Pages that lie together ---- */

/* The pages from `first` on, up to `end`, of what begins at `address`: in the largest blocks. */
static void give_part(u64 address, u64 first, u64 end)
{
    while (first < end) {
        u32 order = 0;
        while ((first >> order & 1) == 0 && first + ((u64)2 << order) <= end)
            order++;
        pages_give(address + first * PAGE_BYTES, order);
        first += (u64)1 << order;
    }
}

static u64 page_count(usize size)
{
    return (size + PAGE_BYTES - 1) / PAGE_BYTES;
}

/* A block of pages is a power of two of them: what is too much goes back at once. */
static void *together_allocate(usize size)
{
    u64 count = page_count(size);
    u32 order = count == 1 ? 0 : 64 - (u32)__builtin_clzll(count - 1);
    u64 address = pages_take(order);
    if (address == 0)
        return NULL;
    give_part(address, count, (u64)1 << order);
    return physical_at(address);
}

static void *mapped_allocate(usize size)
{
    usize whole = (usize)u64_align_up(size, PAGE_BYTES);
    void *block = machine_reserve(whole);
    if (block == NULL || machine_commit(block, whole))
        return block;
    machine_release(block, whole);
    return NULL;
}

/* ---- The seam ---- */

static void init(void)
{
    for (u32 i = 0; i < CLASSES; i++)
        list_init(&rooms[i]);
    is_ready = true; /* the first block is allocated while there is one CPU */
}

void *machine_allocate(usize size)
{
    if (!is_ready)
        init();
    void *block = NULL;
    if (size > SIZE_MAX / 2)
        return NULL;
    if (size <= SMALL_MAX)
        block = small_allocate(size);
    else if (size <= TOGETHER_MAX)
        block = together_allocate(size);
    if (block != NULL)
        return __builtin_memset(block, 0, size);
    return size <= SMALL_MAX ? NULL : mapped_allocate(size);
}

void machine_free(void *block, usize size)
{
    if (block == NULL)
        return;
    if (!physical_is(block))
        machine_release(block, (usize)u64_align_up(size, PAGE_BYTES));
    else if (size <= SMALL_MAX)
        small_free(block, size);
    else
        give_part(physical_of(block), 0, page_count(size));
}

/* Whole pages of those that lie together; a small block is as large as all of its class. */
void *machine_shrink(void *block, usize size, usize less)
{
    if (!physical_is(block) || less <= SMALL_MAX)
        return NULL;
    give_part(physical_of(block), page_count(less), page_count(size));
    return block;
}
