/* The layout of addresses is in arch/x86_64/privileged/paging.h and platform/bare/space.c. */
#include "platform/pc/physical.h"

#include "arch/x86_64/privileged/paging.h"
#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/space.h"

/* Memory below stays out of the page allocator: firmware reaches into it, and CPUs start in it. */
enum { LOW_MEMORY_BYTES = 1 << 20 };

static const u64 FOUR_GIB = (u64)1 << 32;
static const u64 PHYSICAL_END = (u64)1 << 46; /* the direct map has room for 64 TiB */

extern const u8 image_start[], image_code_end[], image_constants_end[], image_end[];
extern const u8 boot_stack_guard[];

static u64 start_page;
static struct memory_map unused; /* what nobody has, until the page allocator has it */

void *physical_at(u64 address)
{
    return (void *)(usize)(DIRECT_MAP + address);
}

u64 physical_of(const void *mapped)
{
    return (usize)mapped - DIRECT_MAP;
}

bool physical_is(const void *mapped)
{
    return (usize)mapped >= DIRECT_MAP;
}

/* ---- While booting: out of the map, as is ---- */

const void *physical_early(u64 address, u64 size)
{
    bool is_mapped = address != 0 && address < FOUR_GIB && size <= FOUR_GIB - address;
    return is_mapped ? (const void *)(usize)address : NULL;
}

static u64 take_early(void)
{
    return memory_map_take(&unused, PAGE_BYTES, LOW_MEMORY_BYTES, FOUR_GIB);
}

static u64 take_later(void)
{
    return pages_take(0);
}

static void must(bool mapped)
{
    BASE_ASSERT(mapped);
}

static void map_image(const u8 *start, const u8 *end, u32 access)
{
    must(paging_map((usize)start, (usize)start, (usize)(end - start), access));
}

/* The page below the first stack is left out, so an overflow of it is a fault. */
static void map_whole_image(void)
{
    map_image(image_start, image_code_end, PAGING_EXECUTE);
    map_image(image_code_end, image_constants_end, PAGING_READ);
    map_image(image_constants_end, boot_stack_guard, PAGING_WRITE);
    map_image(boot_stack_guard + PAGE_BYTES, image_end, PAGING_WRITE);
}

/* All memory but the image, whose code must not be writable by another way. */
static void map_memory(const struct memory_map *memory)
{
    static struct memory_map map;
    map = *memory;
    memory_map_remove(&map, (usize)image_start, (usize)image_end);
    for (u32 i = 0; i < map.count; i++) {
        struct memory_range range = map.ranges[i];
        must(paging_map(DIRECT_MAP + range.start, range.start, range.end - range.start,
                        PAGING_WRITE));
    }
}

void physical_init(struct boot_info *info)
{
    memory_map_remove(&info->memory, PHYSICAL_END, UINT64_MAX);
    unused = info->memory;
    for (u32 i = 0; i < info->taken.count; i++)
        memory_map_remove(&unused, info->taken.ranges[i].start, info->taken.ranges[i].end);
    u64 record_bytes = pages_record_bytes(&info->memory);
    u64 records = memory_map_take(&unused, record_bytes, LOW_MEMORY_BYTES, FOUR_GIB);
    BASE_ASSERT(records != 0);
    __builtin_memset((void *)(usize)records, 0, record_bytes);
    paging_init(take_early);
    map_whole_image();
    map_memory(&info->memory);
    paging_switch(take_later);
    pages_init(physical_at(records), record_bytes);
    start_page = memory_map_take(&unused, PAGE_BYTES, PAGE_BYTES, LOW_MEMORY_BYTES);
    memory_map_remove(&unused, 0, LOW_MEMORY_BYTES);
    pages_add(&unused);
}

u64 physical_start_page(void)
{
    return start_page;
}

/* ---- Later ---- */

void *physical_map(u64 address, u64 size, enum physical_kind kind)
{
    if (address >= PHYSICAL_END || size > PHYSICAL_END - address)
        return NULL;
    u64 start = DIRECT_MAP + (address & ~(u64)(PAGE_BYTES - 1));
    u64 end = u64_align_up(DIRECT_MAP + address + size, PAGE_BYTES);
    static const u32 accesses[] = {
        [PHYSICAL_TABLES] = PAGING_READ,
        [PHYSICAL_DEVICE] = PAGING_WRITE | PAGING_DEVICE,
        [PHYSICAL_PICTURE] = PAGING_WRITE | PAGING_COMBINE,
    };
    bool mapped = space_map_kernel(start, start - DIRECT_MAP, end - start, accesses[kind]);
    return mapped ? physical_at(address) : NULL;
}
