/* seedrng: the same seed, the same numbers. */
#include "programs/example/wasm_os/wasm_os.h"

void _start(void)
{
    uint64_t seeds[] = { 0, 1, UINT64_C(0x123456789ABCDEF0) };
    int first[3];
    int default_number = rng();
    for (int i = 0; i < 3; i++) {
        check(seedrng(&seeds[i]) == 0, "a seed");
        first[i] = rng();
    }
    check(first[0] != first[1] && first[1] != first[2], "other seeds, other numbers");
    check(first[1] == default_number, "without a seed it is 1");
    seedrng(&seeds[2]);
    check(rng() == first[2], "the same seed, the same number");
    check(seedrng((const uint64_t *)0xFFFFFFFC) == -1, "a seed from nowhere");
}
