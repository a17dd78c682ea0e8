/* CPUID (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2). */
#include "engine/x86_64/features.h"

struct cpuid {
    u32 a, b, c, d;
};

static struct cpuid cpuid(u32 leaf)
{
    struct cpuid result;
    __asm__("cpuid"
            : "=a"(result.a), "=b"(result.b), "=c"(result.c), "=d"(result.d)
            : "a"(leaf), "c"(0));
    return result;
}

/* Which parts of the registers are saved when the system switches. */
static u32 extended_control(void)
{
    u32 low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static struct x86_64_features features_ask(void)
{
    enum { HAS_SSE41 = 1 << 19, HAS_POPCNT = 1 << 23 };
    enum { HAS_OSXSAVE = 1 << 27, HAS_AVX = 1 << 28, STATE_SSE_AVX = 6 };
    enum { HAS_BMI1 = 1 << 3, HAS_BMI2 = 1 << 8, HAS_LZCNT = 1 << 5 };
    enum { LEAF_EXTENDED = 0x80000001u };
    struct x86_64_features features = { 0 };
    struct cpuid first = cpuid(1);
    features.has_sse41 = (first.c & HAS_SSE41) != 0;
    features.has_popcnt = (first.c & HAS_POPCNT) != 0;
    features.has_avx = (first.c & HAS_OSXSAVE) != 0 && (first.c & HAS_AVX) != 0 &&
                       (extended_control() & STATE_SSE_AVX) == STATE_SSE_AVX;
    /* The bit-manipulation forms are VEX-encoded too. */
    if (features.has_avx && cpuid(0).a >= 7) {
        features.has_bmi1 = (cpuid(7).b & HAS_BMI1) != 0;
        features.has_bmi2 = (cpuid(7).b & HAS_BMI2) != 0;
    }
    features.has_lzcnt = (cpuid(LEAF_EXTENDED).c & HAS_LZCNT) != 0;
    return features;
}

struct x86_64_features *x86_64_features(void)
{
    static struct x86_64_features features;
    static bool is_known; /* asking twice does no harm */
    if (!__atomic_load_n(&is_known, __ATOMIC_ACQUIRE)) {
        features = features_ask();
        __atomic_store_n(&is_known, true, __ATOMIC_RELEASE);
    }
    return &features;
}

const struct x86_64_features x86_64_features_all = {
    .has_sse41 = true,
    .has_popcnt = true,
    .has_avx = true,
    .has_bmi1 = true,
    .has_bmi2 = true,
    .has_lzcnt = true,
};
