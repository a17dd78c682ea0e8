/* The same across instances: all that is called here belongs to the module of near.c, whose memory
 * is another. */
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define NEAR(name) __attribute__((import_module("near"), import_name(name)))

NEAR("integer") uint64_t near_integer(uint32_t n);
NEAR("arguments") double near_arguments(uint32_t n);
NEAR("indirect") uint32_t near_indirect(uint32_t n);
NEAR("deep") uint32_t near_deep(uint32_t n);
NEAR("wide") double near_wide(uint32_t a, double b, uint64_t c, float d, uint32_t e, uint64_t f,
                              uint32_t g, double h, uint64_t i, uint32_t j, double k, float l);
NEAR("divides_by_zero") uint32_t near_divides_by_zero(uint32_t n);

static uint64_t cells[16];

/* The declarations that -Wmissing-prototypes wants are these definitions. */
#pragma clang diagnostic ignored "-Wmissing-prototypes"

EXPORT("far") uint64_t far(uint32_t n)
{
    for (uint32_t i = 0; i < 3; i++) {
        cells[i] = near_integer(n + i) + near_indirect(n);
        cells[i] += (uint64_t)near_arguments(n);
    }
    return cells[0] ^ cells[1] ^ cells[2];
}

EXPORT("far_arguments") double far_arguments(uint32_t n)
{
    double sum = near_wide(n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    return sum + near_wide(n, sum, 3, 4, n, 6, n, 8, 9, 10, sum, 0.5f);
}

EXPORT("far_deep") uint32_t far_deep(uint32_t n)
{
    return near_deep(n) + (uint32_t)cells[n % 16];
}

EXPORT("far_trap") uint32_t far_trap(uint32_t n)
{
    return near_divides_by_zero(n) + near_deep(n);
}

/* Through a table whose functions are imports. */
static uint32_t (*volatile operations[])(uint32_t) = { near_indirect, near_deep, far_deep };

EXPORT("far_indirect") uint32_t far_indirect(uint32_t n)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < 3; i++)
        sum += operations[i](n + i);
    return sum;
}
