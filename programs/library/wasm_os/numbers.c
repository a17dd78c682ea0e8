/* Time and pseudo-random numbers. */
#include "interface/clock_program.h"
#include "programs/library/wasm_os/wasm_os.h"

static int32_t microseconds(uint64_t nanoseconds)
{
    return (int32_t)(nanoseconds / 1000 & INT32_MAX);
}

int32_t os_time_since_boot(void)
{
    uint64_t now;
    return clock_monotonic(client_of(clock_slot()), &now) == WEFT_OK ? microseconds(now)
                                                                     : WASM_OS_FAILED;
}

int32_t os_cpu_time(void)
{
    uint64_t used;
    return clock_cpu(client_of(clock_slot()), &used) == WEFT_OK ? microseconds(used)
                                                                : WASM_OS_FAILED;
}

/* ---- Random -------------------------------------------------------------------------------- */

/* xoshiro256++ (Blackman and Vigna, https://prng.di.unimi.it), its state filled by splitmix64. Not
 * for secrets. */
static uint64_t state[4];
static bool is_seeded;

static void seed(uint64_t value)
{
    for (uint32_t i = 0; i < 4; i++) {
        value += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t mixed = value;
        mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
        state[i] = mixed ^ mixed >> 31;
    }
    is_seeded = true;
}

static uint64_t rotate(uint64_t value, uint32_t by)
{
    return value << by | value >> (64 - by);
}

static uint64_t next(void)
{
    uint64_t result = rotate(state[0] + state[3], 23) + state[0];
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);
    return result;
}

int32_t os_seed_random(uint32_t address)
{
    uint64_t value;
    if (weft_caller_load(&value, address, sizeof(value)) != 0)
        return WASM_OS_FAILED;
    seed(value);
    return 0;
}

int32_t os_random(void)
{
    if (!is_seeded)
        seed(1);
    return (int32_t)(next() >> 33);
}
