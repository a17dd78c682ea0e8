/* One byte for each page says whether a free block begins there, and of which order. Free blocks of
 * one order hang in a list. The links of blocks below an area of 2 MiB lie in the blocks themselves,
 * those of larger ones beside the bytes: memory that nobody has had yet is not touched, for below a
 * virtual machine it is not there yet either, and its host would bring and clear 2 MiB at a touch. */
#include "platform/bare/pages.h"

#include "platform/bare/spin.h"

enum {
    NOT_FREE = 0, /* no free block begins here; else its order + 1 */
    ORDERS = PAGES_ORDER_MAX + 1,
    FEW_PAGES = 64,
    PAGE_SHIFT = 12,
    AREA_ORDER = 9,
    AREA_PAGES = 1 << AREA_ORDER,
};

static const u64 LOW_PAGES = ((u64)4 << 30) >> PAGE_SHIFT;

struct zone {
    struct list free[ORDERS];
    u64 free_pages;
};

struct area {
    struct list_link link; /* of a free block that begins here, if it is at least as large */
    u8 records[AREA_PAGES];
};

static struct spin lock;
static struct zone low, high;
static struct area *areas;
static u64 record_count; /* pages of all areas */
static u64 total_pages;
static u64 promised_pages;

u64 pages_record_bytes(const struct memory_map *memory)
{
    u64 end = memory->count == 0 ? 0 : memory->ranges[memory->count - 1].end;
    u64 count = u64_align_up(end >> PAGE_SHIFT, AREA_PAGES) / AREA_PAGES;
    return u64_align_up(count * sizeof(struct area), PAGE_BYTES);
}

static void zone_init(struct zone *zone)
{
    for (u32 i = 0; i < ORDERS; i++)
        list_init(&zone->free[i]);
}

void pages_init(void *records, u64 record_bytes)
{
    areas = records;
    record_count = record_bytes / sizeof(struct area) * AREA_PAGES;
    zone_init(&low);
    zone_init(&high);
}

/* ---- Blocks; with the lock ---- */

static struct zone *zone_of(u64 page)
{
    return page < LOW_PAGES ? &low : &high;
}

static u8 *record_of(u64 page)
{
    return &areas[page / AREA_PAGES].records[page % AREA_PAGES];
}

static struct list_link *link_of(u64 page, u32 order)
{
    return order >= AREA_ORDER ? &areas[page / AREA_PAGES].link : physical_at(page << PAGE_SHIFT);
}

static u64 page_of(struct list_link *link, u32 order)
{
    if (order < AREA_ORDER)
        return physical_of(link) >> PAGE_SHIFT;
    return (u64)(BASE_CONTAINER_OF(link, struct area, link) - areas) * AREA_PAGES;
}

static void push(u64 page, u32 order)
{
    list_push_front(&zone_of(page)->free[order], link_of(page, order));
    *record_of(page) = (u8)(order + 1);
}

static void unlink_block(u64 page, u32 order)
{
    list_remove(link_of(page, order));
    *record_of(page) = NOT_FREE;
}

/* A block that becomes free joins its neighbour of the same order, and so on. */
static void put(u64 page, u32 order)
{
    BASE_ASSERT(page + ((u64)1 << order) <= record_count && *record_of(page) == NOT_FREE);
    zone_of(page)->free_pages += (u64)1 << order;
    for (; order < PAGES_ORDER_MAX; order++) {
        u64 buddy = page ^ (u64)1 << order;
        if (buddy >= record_count || *record_of(buddy) != order + 1)
            break;
        unlink_block(buddy, order);
        page &= ~((u64)1 << order);
    }
    push(page, order);
}

static u64 take_from(struct zone *zone, u32 order)
{
    u32 found = order;
    while (found < ORDERS && list_empty(&zone->free[found]))
        found++;
    if (found == ORDERS)
        return 0;
    struct list_link *link = list_first(&zone->free[found]);
    u64 page = page_of(link, found);
    unlink_block(page, found);
    while (found > order) {
        found--;
        push(page + ((u64)1 << found), found);
    }
    zone->free_pages -= (u64)1 << order;
    return page << PAGE_SHIFT;
}

static u64 take_any(u32 order)
{
    u64 address = take_from(&high, order);
    return address != 0 ? address : take_from(&low, order);
}

static bool may_take(u64 count)
{
    u64 free = low.free_pages + high.free_pages;
    return free - promised_pages >= count;
}

/* ---- The door ---- */

/* A fault takes it too: see spin.h. Below a holder of the lock of space.c, which has touched twice as
 * much, this touches only what is there. */
static void take_lock(void)
{
    spin_touch_stack(1);
    spin_take(&lock);
}

/* In the largest blocks that fit, so the time goes by the number of ranges. */
void pages_add(const struct memory_map *map)
{
    for (u32 i = 0; i < map->count; i++) {
        u64 page = map->ranges[i].start >> PAGE_SHIFT;
        u64 end = u64_min(map->ranges[i].end >> PAGE_SHIFT, record_count);
        while (page < end) {
            u32 order = 0;
            while (order < PAGES_ORDER_MAX && (page >> order & 1) == 0 &&
                   page + ((u64)2 << order) <= end)
                order++;
            put(page, order);
            total_pages += (u64)1 << order;
            page += (u64)1 << order;
        }
    }
}

u64 pages_take(u32 order)
{
    if (order > PAGES_ORDER_MAX)
        return 0;
    take_lock();
    u64 address = may_take((u64)1 << order) ? take_any(order) : 0;
    spin_give(&lock);
    return address;
}

u64 pages_take_low(u32 order)
{
    if (order > PAGES_ORDER_MAX)
        return 0;
    take_lock();
    u64 address = may_take((u64)1 << order) ? take_from(&low, order) : 0;
    spin_give(&lock);
    return address;
}

void pages_give(u64 address, u32 order)
{
    take_lock();
    put(address >> PAGE_SHIFT, order);
    spin_give(&lock);
}

bool pages_promise(u64 count)
{
    take_lock();
    bool there = may_take(count);
    if (there)
        promised_pages += count;
    spin_give(&lock);
    return there;
}

void pages_promise_back(u64 count)
{
    take_lock();
    BASE_ASSERT(promised_pages >= count);
    promised_pages -= count;
    spin_give(&lock);
}

u64 pages_take_promised(void)
{
    take_lock();
    BASE_ASSERT(promised_pages > 0);
    promised_pages--;
    u64 address = take_any(0);
    spin_give(&lock);
    BASE_ASSERT(address != 0);
    return address;
}

u64 pages_take_spare(void)
{
    take_lock();
    u64 address = may_take(1 + FEW_PAGES) ? take_any(0) : 0;
    spin_give(&lock);
    return address;
}

struct pages_count pages_count(void)
{
    take_lock();
    struct pages_count count = {
        .total = total_pages,
        .free = low.free_pages + high.free_pages,
        .promised = promised_pages,
    };
    spin_give(&lock);
    return count;
}
