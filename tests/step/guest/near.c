/* What compiled code does, a function each: they are called with a small number, and give one, or
 * trap. */
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define HOST(name) __attribute__((import_module("host"), import_name(name)))

HOST("add") uint32_t host_add(uint32_t a, uint32_t b);
HOST("mix") double host_mix(double a, float b, uint64_t c, uint32_t d, double e, float f, double g,
                            double h, double i, double j, double k, uint32_t l);
HOST("again") uint32_t host_again(uint32_t depth); /* calls `recurse` of this module */

static uint32_t cells[256];

/* The declarations that -Wmissing-prototypes wants are these definitions. */
#pragma clang diagnostic ignored "-Wmissing-prototypes"

EXPORT("integer") uint64_t integer(uint32_t n)
{
    uint64_t a = n, b = 0x9E3779B97F4A7C15;
    for (uint32_t i = 0; i < 12; i++) {
        a = a * b + (a >> 7 | a << 57);
        b ^= (uint64_t)__builtin_popcountll(a) + (uint64_t)__builtin_clz((uint32_t)a | 1) * a;
        b += (uint64_t)((int64_t)a >> (b & 63)) ^ (uint32_t)__builtin_ctzll(b | 1 << 20);
        cells[a % 256] += (uint32_t)b + (uint32_t)(int8_t)a;
    }
    return a ^ b ^ cells[n];
}

EXPORT("floating") double floating(uint32_t n)
{
    double sum = 0;
    float small = 1;
    for (uint32_t i = 1; i < 12; i++) {
        sum += __builtin_sqrt(n + i) / i - __builtin_floor(sum / 3);
        small = __builtin_fabsf(small * 1.5f - (float)sum);
        sum = __builtin_copysign(sum, small > 4 ? -1.0 : 1.0) + (n > i ? small : -small);
    }
    return sum + small;
}

__attribute__((noinline)) static double many(uint32_t a, double b, uint64_t c, float d, uint32_t e,
                                             uint64_t f, uint32_t g, double h, uint64_t i,
                                             uint32_t j, double k, float l, double m, double o,
                                             double p, double q, uint64_t r)
{
    return a + b * (double)c - d + (double)(e ^ f) + g * h + (double)(i - j) + k * l + m - o + p * q +
           (double)r;
}

EXPORT("arguments") double arguments(uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < 4; i++)
        sum += many(n, sum, i, 2, n + i, 7, 8, 0.5, n * (uint64_t)i, 3, sum, (float)i, 1, 2, 3, 4, n);
    return sum;
}

EXPORT("wide") double wide(uint32_t a, double b, uint64_t c, float d, uint32_t e, uint64_t f,
                           uint32_t g, double h, uint64_t i, uint32_t j, double k, float l)
{
    return many(a, b, c, d, e, f, g, h, i, j, k, l, b, h, k, 0.5, c);
}

static uint32_t twice(uint32_t n)
{
    return n * 2;
}

static uint32_t square(uint32_t n)
{
    return n * n + cells[n % 256];
}

static uint32_t asks_host(uint32_t n)
{
    return host_add(n, 5);
}

static uint32_t (*volatile operations[])(uint32_t) = { twice, square, asks_host, square };

EXPORT("indirect") uint32_t indirect(uint32_t n)
{
    for (uint32_t i = 0; i < 12; i++)
        n = operations[(n + i) % 4](n) % 1000;
    return n;
}

EXPORT("host") double host(uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < 4; i++)
        sum += host_mix(sum, 2, host_add(n, i), i, 1, 3, 4, 5, n, sum, 0.25, host_add(i, i));
    return sum;
}

/* More lives across calls than there are registers that stay. */
EXPORT("kept") double kept(uint32_t n)
{
    double a = n, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7;
    uint64_t i = n, j = 7, k = 11, l = 13, m = 17;
    for (uint32_t round = 0; round < 4; round++) {
        uint32_t told = round % 2 == 0 ? host_add(n, round) : operations[n % 4](round);
        a += b * told, b -= c, c += d / 3, d = e - a, e += f, f = g * 0.125, g -= h, h = a + 1;
        i += j ^ told, j *= 3, k += l, l ^= m + i, m -= j;
    }
    return a + b * c - d / e + f + g * h + (double)(i ^ j ^ k ^ l ^ m);
}

EXPORT("switch") uint32_t switched(uint32_t n)
{
    uint32_t state = n;
    for (uint32_t i = 0; i < 16; i++)
        switch (state % 9) {
        case 0: state = state * 3 + i; break;
        case 1: state ^= cells[i]; break;
        case 2: cells[i] = state; state += 5; break;
        case 3: state = state / 3 + 11; break;
        case 4: state -= i; break;
        case 5: state = state << 3 | state >> 29; break;
        case 6: state += 100; break;
        case 7: state = twice(state); break;
        default: state++;
        }
    return state;
}

EXPORT("grow") uint32_t grow(uint32_t n)
{
    uint32_t before = (uint32_t)__builtin_wasm_memory_grow(0, n % 2);
    uint8_t *last = (uint8_t *)(__builtin_wasm_memory_size(0) << 16) - 1;
    *last = (uint8_t)n;
    __builtin_memset(cells, (int)n, sizeof(cells));
    return before + *last + cells[3];
}

EXPORT("divide") int64_t divide(uint32_t n)
{
    int64_t sum = -1;
    for (int32_t i = 1; i < 8; i++) {
        volatile int32_t by = i - 4 == 0 ? 1 : i - 4;
        sum += (int32_t)(n * 77777 + 12345) / by + (int32_t)n % by;
        sum = sum / (by * 3) - (int64_t)((uint64_t)sum % (uint32_t)i) + (int64_t)((uint64_t)sum / 10);
    }
    return sum;
}

EXPORT("convert") uint64_t convert(uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 6; i++) {
        double wide = (double)(sum + n) * 1.75 - 1e9 * i;
        float narrow = (float)wide;
        sum += (uint64_t)(int64_t)wide ^ (uint32_t)narrow ^ (uint64_t)narrow;
        sum += (uint64_t)(float)(int64_t)sum + (uint64_t)(double)(uint32_t)sum;
    }
    return sum;
}

/* Deeper than a record has frames; the host comes back in the middle. */
EXPORT("recurse") uint32_t recurse(uint32_t n)
{
    volatile uint32_t kept = n;
    if (n == 0)
        return 1;
    uint32_t below = n == 20 ? host_again(10) : recurse(n - 1);
    return below + kept;
}

EXPORT("deep") uint32_t deep(uint32_t n)
{
    return recurse(n % 2 == 0 ? 60 : 19);
}

/* ---- Those that trap ---- */

EXPORT("divides_by_zero") uint32_t divides_by_zero(uint32_t n)
{
    volatile uint32_t zero = 0;
    return integer(n) == 0 ? 0 : n / zero;
}

EXPORT("beyond_memory") uint32_t beyond_memory(uint32_t n)
{
    return *(volatile uint32_t *)(0xFFFF0000u + n) + recurse(3);
}

EXPORT("wrong_type") uint32_t wrong_type(uint32_t n)
{
    double (*volatile wrong)(double) = (double (*)(double))(uintptr_t)twice;
    return (uint32_t)wrong(n);
}

EXPORT("unreachable") uint32_t unreachable(uint32_t n)
{
    if (host_add(n, 1) != 0)
        __builtin_trap();
    return n;
}
