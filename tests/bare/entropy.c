/* Entropy is counted where there is some, and only there. */
#include "platform/bare/entropy.h"
#include "tests/tap.h"

#include <string.h>

static u64 seed;

/* SplitMix64. */
static u64 number(void)
{
    u64 value = seed += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

/* What a window of times counts for, each `step(i)` after the one before. */
static u32 bits_of_window(u64 (*step)(u32 i))
{
    struct entropy entropy = { 0 };
    u64 time = 1000;
    for (u32 i = 0; i < ENTROPY_WINDOW; i++)
        entropy_add_time(&entropy, time += step(i));
    return entropy.bits;
}

static u64 step_constant(u32 i)
{
    (void)i;
    return 120;
}

static u64 step_stopped(u32 i)
{
    (void)i;
    return 0;
}

static u64 step_growing(u32 i)
{
    return 100 + i;
}

/* Noise, then the same for a hundred times: a source that hangs for a while. */
static u64 step_hangs(u32 i)
{
    return i > 200 && i < 300 ? 120 : number() % 64;
}

static u64 step_one_in_twenty(u32 i)
{
    return i % 20 == 0 ? 100 + number() % 64 : 120;
}

static u64 step_noisy(u32 i)
{
    (void)i;
    return 100 + number() % 64;
}

static void test_times(void)
{
    TAP_OK(bits_of_window(step_noisy) >= 7 && bits_of_window(step_noisy) <= 8,
           "a window of noisy times counts for some bits");
    TAP_OK(bits_of_window(step_constant) == 0, "times that are always as far apart do not count");
    TAP_OK(bits_of_window(step_stopped) == 0, "nor a counter that stands still");
    TAP_OK(bits_of_window(step_growing) == 0, "nor steps that grow evenly");
    TAP_OK(bits_of_window(step_hangs) == 0, "a source that hangs spoils its whole window");
    TAP_OK(bits_of_window(step_one_in_twenty) == 0, "so does one that nearly always gives the same");
}

static void test_enough(void)
{
    struct entropy entropy = { 0 };
    u32 windows = 0;
    u64 time = 0;
    for (; !entropy_is_enough(&entropy) && windows < 1000; windows++)
        for (u32 i = 0; i < ENTROPY_WINDOW; i++)
            entropy_add_time(&entropy, time += step_noisy(i));
    TAP_OK(windows >= 32 && windows <= 64, "some ten thousand noisy times are enough");
}

static void test_words(void)
{
    struct entropy entropy = { 0 };
    u64 words[16];
    for (u32 i = 0; i < 16; i++)
        words[i] = number();
    entropy_add_words(&entropy, words, 4);
    TAP_OK(entropy.bits == 128, "words of the CPU's generator count for half their bits");
    words[0] = words[3];
    entropy_add_words(&entropy, words, 1);
    TAP_OK(entropy.bits == 128, "one that comes twice does not count");
    memset(words, 0xFF, sizeof(words));
    entropy_add_words(&entropy, words, 16);
    TAP_OK(entropy.bits == 128, "nor a generator that is stuck");
    for (u32 i = 0; i < 16; i++)
        words[i] = i % 2;
    entropy_add_words(&entropy, words, 16);
    TAP_OK(entropy.bits == 128, "nor one that goes to and fro");
}

static void test_fed(void)
{
    struct entropy entropy = { 0 };
    u8 bytes[64];
    memset(bytes, 7, sizeof(bytes));
    entropy_add(&entropy, (struct bytes){ bytes, sizeof(bytes) }, 256);
    TAP_OK(entropy.bits == 0, "bytes that repeat themselves do not count, whoever answers for them");
    for (u32 i = 0; i < sizeof(bytes); i++)
        bytes[i] = (u8)number();
    entropy_add(&entropy, (struct bytes){ bytes, 4 }, UINT32_MAX);
    TAP_OK(entropy.bits == 32, "no byte counts for more than eight bits");
    entropy_add(&entropy, (struct bytes){ bytes, 0 }, 100);
    entropy_add(&entropy, (struct bytes){ bytes, sizeof(bytes) }, 0);
    TAP_OK(entropy.bits == 32, "nothing, and what nobody answers for, counts for nothing");
    entropy_add(&entropy, (struct bytes){ bytes, sizeof(bytes) }, 500);
    TAP_OK(entropy_is_enough(&entropy) && entropy.bits == ENTROPY_ENOUGH_BITS, "enough is enough");
}

static bool same_numbers(struct entropy *a, struct entropy *b)
{
    u8 key_a[ENTROPY_KEY_BYTES], key_b[ENTROPY_KEY_BYTES], from_a[64], from_b[64];
    entropy_take_key(a, 5, key_a);
    entropy_take_key(b, 5, key_b);
    entropy_stream(key_a, from_a, sizeof(from_a));
    entropy_stream(key_b, from_b, sizeof(from_b));
    return memcmp(from_a, from_b, sizeof(from_a)) == 0;
}

static void test_adding(void)
{
    struct entropy a = { 0 }, b = { 0 };
    u8 zeros[32] = { 0 };
    TAP_OK(same_numbers(&a, &b) && same_numbers(&a, &b), "of the same come the same numbers");
    entropy_add(&a, (struct bytes){ (const u8 *)"secret", 6 }, 0);
    TAP_OK(!same_numbers(&a, &b), "all that is added changes them, counted or not");
    entropy_add(&a, (struct bytes){ zeros, sizeof(zeros) }, 256);
    entropy_add(&b, (struct bytes){ zeros, sizeof(zeros) }, 256);
    TAP_OK(!same_numbers(&a, &b), "nothing that is added later takes that away");
    u8 first[ENTROPY_KEY_BYTES], second[ENTROPY_KEY_BYTES];
    entropy_take_key(&a, 0, first);
    entropy_take_key(&a, 0, second);
    TAP_OK(memcmp(first, second, sizeof(first)) != 0 &&
               memcmp(a.key, second, sizeof(second)) != 0,
           "each key is used once, and what stays tells nothing of it");
}

int main(void)
{
    test_times();
    test_enough();
    test_words();
    test_fed();
    test_adding();
    return tap_done();
}
