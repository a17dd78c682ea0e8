#include "platform/bare/memory_map.h"

static void insert(struct memory_map *map, u32 index, struct memory_range range)
{
    for (u32 i = map->count; i > index; i--)
        map->ranges[i] = map->ranges[i - 1];
    map->ranges[index] = range;
    map->count++;
}

static void erase(struct memory_map *map, u32 index, u32 count)
{
    for (u32 i = index; i + count < map->count; i++)
        map->ranges[i] = map->ranges[i + count];
    map->count -= count;
}

/* The first range that ends at or above `start`. */
static u32 find(const struct memory_map *map, u64 start)
{
    u32 index = 0;
    while (index < map->count && map->ranges[index].end < start)
        index++;
    return index;
}

static void drop_smallest(struct memory_map *map)
{
    u32 smallest = 0;
    for (u32 i = 1; i < map->count; i++)
        if (map->ranges[i].end - map->ranges[i].start <
            map->ranges[smallest].end - map->ranges[smallest].start)
            smallest = i;
    erase(map, smallest, 1);
}

void memory_map_add(struct memory_map *map, u64 start, u64 end)
{
    if (end < start || start > UINT64_MAX - MEMORY_PAGE)
        return;
    struct memory_range range = { u64_align_up(start, MEMORY_PAGE), end & ~(u64)(MEMORY_PAGE - 1) };
    if (range.start >= range.end)
        return;
    u32 first = find(map, range.start);
    u32 last = first;
    for (; last < map->count && map->ranges[last].start <= range.end; last++) {
        range.start = u64_min(range.start, map->ranges[last].start);
        range.end = u64_max(range.end, map->ranges[last].end);
    }
    erase(map, first, last - first);
    if (map->count == MEMORY_RANGES_MAX)
        drop_smallest(map);
    insert(map, find(map, range.start), range);
}

void memory_map_remove(struct memory_map *map, u64 start, u64 end)
{
    start &= ~(u64)(MEMORY_PAGE - 1);
    end = end > UINT64_MAX - MEMORY_PAGE ? UINT64_MAX : u64_align_up(end, MEMORY_PAGE);
    for (u32 i = 0; i < map->count;) {
        struct memory_range *range = &map->ranges[i];
        struct memory_range above = { u64_max(range->start, end), range->end };
        if (range->end <= start || range->start >= end) {
            i++;
            continue;
        }
        range->end = u64_max(range->start, start);
        if (range->start == range->end)
            erase(map, i, 1);
        else
            i++;
        if (above.start < above.end)
            memory_map_add(map, above.start, above.end);
    }
}

u64 memory_map_take(struct memory_map *map, u64 size, u64 from, u64 below)
{
    for (u32 i = 0; i < map->count; i++) {
        u64 start = u64_max(map->ranges[i].start, from);
        u64 end = u64_min(map->ranges[i].end, below);
        if (start >= end || end - start < size)
            continue;
        memory_map_remove(map, start, start + size);
        return start;
    }
    return 0;
}

u64 memory_map_bytes(const struct memory_map *map)
{
    u64 total = 0;
    for (u32 i = 0; i < map->count; i++)
        total += map->ranges[i].end - map->ranges[i].start;
    return total;
}
