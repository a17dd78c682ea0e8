/* Random numbers: ChaCha20 under a key that each request replaces (platform/bare/entropy.c). The
 * first key is made when somebody asks for the first time: of the CPU's own generator where it has
 * one, and always of how long things take here; where these give too little, whoever asks waits until
 * they have, or a driver helps. */
#include "arch/x86_64/privileged/registers.h"
#include "kernel/kernel.h"
#include "machine/machine.h"
#include "platform/bare/entropy.h"
#include "platform/bare/spin.h"

enum {
    /* Windows of measurements: beside a generator in the CPU, and at most without one. */
    WINDOWS = 2,
    WINDOWS_ALONE = 64,
    HARDWARE_WORDS = 16,
    HARDWARE_TRIES = 16,
    PORT_UNUSED = 0x80, /* reading it takes its time, and does nothing */
};

static struct spin lock;
static struct entropy entropy;
static bool has_begun; /* the first key is made */

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

static void add_hardware(void)
{
    enum { HAS_RDRAND = 1 << 30, HAS_RDSEED = 1 << 18 };
    u64 words[HARDWARE_WORDS];
    u32 count = 0;
    bool seed = cpuid(0).a >= 7 && (cpuid(7).b & HAS_RDSEED) != 0;
    if (!seed && (cpuid(1).c & HAS_RDRAND) == 0)
        return;
    while (count < HARDWARE_WORDS && hardware_word(seed, &words[count]))
        count++;
    entropy_add_words(&entropy, words, count);
}

/* Some hundred microseconds. */
static void add_window(void)
{
    for (u32 i = 0; i < ENTROPY_WINDOW; i++) {
        (void)port_read_u8(PORT_UNUSED);
        entropy_add_time(&entropy, tsc_read());
    }
}

static void begin(void)
{
    u64 now_ns = machine_realtime_ns();
    entropy_add(&entropy, (struct bytes){ (const u8 *)&now_ns, sizeof(now_ns) }, 0);
    add_hardware();
    u32 most = entropy_is_enough(&entropy) ? WINDOWS : WINDOWS_ALONE;
    for (u32 i = 0; i < most && (i < WINDOWS || !entropy_is_enough(&entropy)); i++)
        add_window();
    has_begun = true;
}

static void tell(bool ready)
{
    log_line(ready ? LOG_DEBUG : LOG_WARNING, (struct process_id){ 0 },
             ready ? BYTES_LITERAL("random numbers: there is enough entropy")
                   : BYTES_LITERAL("random numbers: too little entropy; who asks for some waits"));
}

bool machine_random_ready(void)
{
    spin_take(&lock);
    bool begins = !has_begun;
    if (begins)
        begin();
    else if (!entropy_is_enough(&entropy))
        add_window();
    bool ready = entropy_is_enough(&entropy);
    spin_give(&lock);
    if (begins)
        tell(ready);
    return ready;
}

void machine_random_add(struct bytes bytes, u32 bits)
{
    spin_take(&lock);
    entropy_add(&entropy, bytes, bits);
    spin_give(&lock);
}

void machine_random(void *buffer, usize size)
{
    u8 own[ENTROPY_KEY_BYTES];
    u64 now = tsc_read();
    spin_take(&lock);
    entropy_take_key(&entropy, now, own);
    spin_give(&lock);
    entropy_stream(own, buffer, size);
    __builtin_memset(own, 0, sizeof(own));
}
