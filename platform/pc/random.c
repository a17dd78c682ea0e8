/* Random numbers: ChaCha20 under a key that each request replaces. The first key comes from the
 * CPU's own generator where it has one, and always from how long things take here. */
#include "platform/pc/random.h"

#include "arch/x86_64/privileged/registers.h"
#include "machine/machine.h"
#include "platform/bare/spin.h"

#include <bearssl.h>

enum {
    KEY_BYTES = 32,
    NONCE_BYTES = 12,
    /* Each measurement is taken for a quarter of a bit, beside a generator in the CPU; alone, there
     * are 16 times as many. */
    MEASUREMENTS = 1024,
    MEASUREMENTS_ALONE = 16 * MEASUREMENTS,
    HARDWARE_WORDS = 8,
    HARDWARE_TRIES = 16,
    PORT_UNUSED = 0x80, /* reading it takes its time, and does nothing */
};

static struct spin lock;
static u8 key[KEY_BYTES];

static bool hardware_word(bool seed, u64 *word)
{
    u8 came = 0;
    for (u32 i = 0; i < HARDWARE_TRIES && came == 0; i++) {
        if (seed)
            __asm__ volatile("rdseed %0\n\tsetc %1" : "=r"(*word), "=qm"(came) : : "cc");
        else
            __asm__ volatile("rdrand %0\n\tsetc %1" : "=r"(*word), "=qm"(came) : : "cc");
    }
    return came != 0;
}

static bool add_hardware(br_sha256_context *hash)
{
    enum { HAS_RDRAND = 1 << 30, HAS_RDSEED = 1 << 18 };
    bool seed = cpuid(0).a >= 7 && (cpuid(7).b & HAS_RDSEED) != 0;
    if (!seed && (cpuid(1).c & HAS_RDRAND) == 0)
        return false;
    for (u32 i = 0; i < HARDWARE_WORDS; i++) {
        u64 word = 0;
        if (!hardware_word(seed, &word))
            return false;
        br_sha256_update(hash, &word, sizeof(word));
    }
    return true;
}

static void add_timing(br_sha256_context *hash, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        (void)port_read_u8(PORT_UNUSED);
        u64 now = tsc_read();
        br_sha256_update(hash, &now, sizeof(now));
    }
}

void random_init(void)
{
    br_sha256_context hash;
    u64 now_ns = machine_realtime_ns();
    br_sha256_init(&hash);
    br_sha256_update(&hash, &now_ns, sizeof(now_ns));
    bool has_hardware = add_hardware(&hash);
    add_timing(&hash, has_hardware ? MEASUREMENTS : MEASUREMENTS_ALONE);
    br_sha256_out(&hash, key);
}

/* The first block of the stream is the next key, the rest goes out. */
void machine_random(void *buffer, usize size)
{
    static const u8 nonce[NONCE_BYTES];
    u8 own[KEY_BYTES];
    u64 now = tsc_read();
    spin_take(&lock);
    __builtin_memcpy(own, key, KEY_BYTES);
    for (u32 i = 0; i < sizeof(now); i++)
        own[i] ^= (u8)(now >> 8 * i);
    __builtin_memset(key, 0, KEY_BYTES);
    br_chacha20_ct_run(own, nonce, 0, key, KEY_BYTES);
    spin_give(&lock);
    __builtin_memset(buffer, 0, size);
    br_chacha20_ct_run(own, nonce, 1, buffer, size);
}
