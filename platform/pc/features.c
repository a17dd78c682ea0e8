/* CPUID and the bits of control registers: Intel's manual, volume 2, CPUID, and volume 3, 2.5. */
#include "platform/pc/features.h"

#include "arch/x86_64/privileged/local_apic.h"
#include "arch/x86_64/privileged/registers.h"

/* Where CPUID says it: a leaf, and which of its words, from EAX on. */
enum place { ALWAYS, FIRST_C, FIRST_D, SEVENTH_B, SEVENTH_C, EXTENDED_D };

static const struct {
    u32 leaf;
    u8 word;
} places[] = {
    [FIRST_C] = { 1, 2 },
    [FIRST_D] = { 1, 3 },
    [SEVENTH_B] = { 7, 1 },
    [SEVENTH_C] = { 7, 2 },
    [EXTENDED_D] = { 0x80000001, 3 },
};

/* Where it is turned on. */
enum switch_register { BY_CR0, BY_CR4, BY_CR4_EARLY, BY_EFER, BY_APIC };

/* Those of CR0, EFER and CR4 early are on since boot.S. */
static const struct {
    const char *name;
    enum place place;
    u8 offered_bit;
    enum switch_register by;
    u32 enabled_bit; /* of the local APIC: enum local_apic_feature */
} rows[CPU_FEATURE_COUNT] = {
    { "WP", ALWAYS, 0, BY_CR0, CR0_WRITE_PROTECT },
    { "NX", EXTENDED_D, 20, BY_EFER, EFER_NO_EXECUTE },
    { "SMEP", SEVENTH_B, 7, BY_CR4, CR4_SMEP },
    { "SMAP", SEVENTH_B, 20, BY_CR4, CR4_SMAP },
    { "UMIP", SEVENTH_C, 2, BY_CR4, CR4_UMIP },
    { "FSGSBASE", SEVENTH_B, 0, BY_CR4, CR4_FSGSBASE },
    { "PGE", FIRST_D, 13, BY_CR4, CR4_GLOBAL_PAGES },
    { "XSAVE", FIRST_C, 26, BY_CR4, CR4_OSXSAVE },
    { "LA57", SEVENTH_C, 16, BY_CR4_EARLY, CR4_FIVE_LEVELS },
    { "x2APIC", FIRST_C, 21, BY_APIC, LOCAL_APIC_BY_NUMBER },
    { "TSC-deadline", FIRST_C, 24, BY_APIC, LOCAL_APIC_DEADLINE },
};

/* The first leaf of each kind says which is its last. */
static u32 word_at(enum place place)
{
    const u32 KIND = 0x80000000u;
    if (place == ALWAYS)
        return UINT32_MAX;
    u32 leaf = places[place].leaf;
    if (cpuid(leaf & KIND).a < leaf)
        return 0;
    struct cpuid words = cpuid(leaf);
    return ((const u32 *)&words)[places[place].word];
}

static u64 switches(enum switch_register by)
{
    switch (by) {
    case BY_CR0:
        return cr0_read();
    case BY_CR4:
    case BY_CR4_EARLY:
        return cr4_read();
    case BY_EFER:
        return msr_read(MSR_EFER);
    default:
        return local_apic_features();
    }
}

static bool is_offered(u32 number)
{
    return (word_at(rows[number].place) >> rows[number].offered_bit & 1) != 0;
}

struct cpu_feature features_get(u32 number)
{
    return (struct cpu_feature){
        .name = rows[number].name,
        .offered = is_offered(number),
        .enabled = (switches(rows[number].by) & rows[number].enabled_bit) != 0,
    };
}

/* The vector registers that may be used. */
static void enable_vectors(void)
{
    enum { HAS_AVX = 1 << 28 };
    enum { XCR0_X87_SSE = 3, XCR0_AVX = 4 };
    if ((cr4_read() & CR4_OSXSAVE) != 0)
        xcr0_write((cpuid(1).c & HAS_AVX) != 0 ? XCR0_X87_SSE | XCR0_AVX : XCR0_X87_SSE);
}

void features_enable(void)
{
    u64 cr4 = cr4_read();
    for (u32 i = 0; i < CPU_FEATURE_COUNT; i++)
        if (rows[i].by == BY_CR4 && is_offered(i))
            cr4 |= rows[i].enabled_bit;
    cr4_write(cr4);
    for (u32 i = 0; i < CPU_FEATURE_COUNT; i++)
        BASE_ASSERT(rows[i].by == BY_APIC || features_get(i).enabled == features_get(i).offered);
    enable_vectors();
}
