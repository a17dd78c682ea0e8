/* A program that uses two libraries, and exits with one bit for each thing that is as it should be.
 * Started with an argument it lets the library stray, which must trap. */
#include "lib/main.h"
#include "lib/start.h"
#include "tests/simulate/script.h"

#define INNER(name) WEFT_IMPORT("inner", name)

INNER("ready") int32_t inner_ready(void);
INNER("count") int32_t inner_count(void);
INNER("sum") int32_t inner_sum(uint32_t client, uint32_t size);
INNER("fill") int32_t inner_fill(uint32_t client, uint32_t size, uint32_t value);
INNER("pages") uint32_t inner_pages(void);
INNER("grow") int32_t inner_grow(uint32_t more);
INNER("stray") int32_t inner_stray(void);
INNER("send") int64_t inner_send(int32_t slot);
WEFT_IMPORT("outer", "sum_of_own") int32_t outer_sum_of_own(void);
WEFT_IMPORT("outer", "count") int32_t outer_count(void);
WEFT_IMPORT("outer", "ready") int32_t outer_ready(void);
WEFT_IMPORT("weft:interface", "alpha@" ALPHA_HASH) int32_t slot_alpha(void);

static volatile uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static uint32_t facts;
static uint32_t fact_count;

static void fact(int holds)
{
    facts |= (holds ? 1u : 0u) << fact_count++;
}

static uint32_t size(void)
{
    return (uint32_t)__builtin_wasm_memory_size(0);
}

int weft_main(void)
{
    const struct system_start_record *start = start_record();
    uint32_t at = (uint32_t)(uintptr_t)bytes;
    uint32_t end = size() << 16;
    if (start != 0 && start->arguments.count > 0)
        return inner_stray();
    fact(inner_ready() == 1);
    fact(outer_ready() == 1);
    fact(inner_sum(at, 8) == 36);
    fact(inner_fill(at, 4, 9) == 0 && bytes[0] == 9 && bytes[3] == 9 && bytes[4] == 5);
    fact(inner_sum(end - 8, 8) >= 0);
    fact(inner_sum(end - 7, 8) == -WEFT_FAULT && inner_sum(0xFFFFFFFF, 1) == -WEFT_FAULT &&
         inner_sum(0xFFFFFFFC, 8) == -WEFT_FAULT);
    fact(inner_fill(end - 3, 4, 1) == -WEFT_FAULT &&
         *(volatile uint8_t *)(uintptr_t)(end - 1) == 0);
    fact(inner_pages() == size());
    fact(inner_grow(1) == (int32_t)(end >> 16) && size() == (end >> 16) + 1 &&
         inner_pages() == size());
    fact(inner_fill(end, 4, 7) == 0 && *(volatile uint8_t *)(uintptr_t)(end + 3) == 7);
    fact(inner_grow(65536) == -1 && inner_pages() == size());
    fact(outer_sum_of_own() == 100);
    fact(inner_count() == 1 && inner_count() == 2 && outer_count() == 1 && inner_count() == 3);
    fact(inner_send(slot_alpha()) == 0);
    return (int)facts;
}
