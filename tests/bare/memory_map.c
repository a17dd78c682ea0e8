/* Sets of addresses against an array with a flag for each page. */
#include "platform/bare/memory_map.h"
#include "tests/bare/support/memory.h"
#include "tests/tap.h"

enum { PAGES = 200, STEPS = 2000, ROUNDS = 20 };

static bool is_model(const struct memory_map *map, const bool *model)
{
    u32 runs = 0;
    for (u32 page = 0; page < PAGES; page++) {
        bool found = false;
        for (u32 i = 0; i < map->count; i++)
            found = found || (map->ranges[i].start <= (u64)page * MEMORY_PAGE &&
                              map->ranges[i].end > (u64)page * MEMORY_PAGE);
        if (found != model[page])
            return false;
        runs += model[page] && (page == 0 || !model[page - 1]);
    }
    return runs == map->count;
}

static bool run_round(void)
{
    struct memory_map map = { 0 };
    bool model[PAGES] = { false };
    for (u32 step = 0; step < STEPS; step++) {
        u64 start = memory_random() % (PAGES * MEMORY_PAGE);
        u64 end = start + memory_random() % (10 * MEMORY_PAGE);
        bool adds = memory_random() % 2 == 0;
        if (end > PAGES * MEMORY_PAGE)
            end = PAGES * MEMORY_PAGE;
        if (adds)
            memory_map_add(&map, start, end);
        else
            memory_map_remove(&map, start, end);
        for (u64 page = 0; page < PAGES; page++) {
            bool whole = start <= page * MEMORY_PAGE && end >= (page + 1) * MEMORY_PAGE;
            bool part = start < (page + 1) * MEMORY_PAGE && end > page * MEMORY_PAGE && start < end;
            if (adds ? whole : part)
                model[page] = adds;
        }
        if (!is_model(&map, model))
            return false;
    }
    return true;
}

static void test_edges(void)
{
    struct memory_map map = { 0 };
    memory_map_add(&map, UINT64_MAX - 10, UINT64_MAX);
    memory_map_add(&map, 8192, 4096);
    memory_map_add(&map, 1, 4095);
    TAP_OK(map.count == 0, "a range without a whole page adds nothing");
    memory_map_add(&map, 0, (u64)1 << 40);
    memory_map_remove(&map, (u64)1 << 39, UINT64_MAX);
    TAP_OK(map.count == 1 && memory_map_bytes(&map) == (u64)1 << 39,
           "the end of a range is cut off");
    u64 taken = memory_map_take(&map, 4 * MEMORY_PAGE, 1 << 20, 2 << 20);
    TAP_OK(taken == 1 << 20, "what is taken lies between the bounds");
    TAP_OK(memory_map_take(&map, 2 << 20, 1 << 20, 2 << 20) == 0,
           "and fits between them, or is not taken");
    TAP_OK(memory_map_bytes(&map) == ((u64)1 << 39) - 4 * MEMORY_PAGE, "and is gone from the map");
}

static void test_full(void)
{
    struct memory_map map = { 0 };
    for (u64 i = 0; i < MEMORY_RANGES_MAX + 10; i++)
        memory_map_add(&map, 2 * i * MEMORY_PAGE * 2,
                       2 * i * MEMORY_PAGE * 2 + (i == 5 ? 1 : 2) * MEMORY_PAGE);
    bool smallest_is_there = false;
    for (u32 i = 0; i < map.count; i++)
        smallest_is_there |= map.ranges[i].end - map.ranges[i].start == MEMORY_PAGE;
    TAP_OK(map.count == MEMORY_RANGES_MAX && !smallest_is_there,
           "beyond its room the map loses its smallest");
}

int main(void)
{
    bool all = true;
    for (u32 i = 0; i < ROUNDS && all; i++)
        all = run_round();
    TAP_OK(all, "any pieces added and removed give what a flag for each page gives");
    test_edges();
    test_full();
    return tap_done();
}
