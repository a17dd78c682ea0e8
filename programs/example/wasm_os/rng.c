/* rng: numbers of 31 bits, each bit as often as not. */
#include "programs/example/wasm_os/wasm_os.h"

enum { NUMBERS = 20000 };

void _start(void)
{
    int counts[31] = { 0 };
    bool is_positive = true;
    bool is_even = true;
    for (int i = 0; i < NUMBERS; i++) {
        int number = rng();
        is_positive = is_positive && number >= 0;
        for (int bit = 0; bit < 31; bit++)
            counts[bit] += number >> bit & 1;
    }
    for (int bit = 0; bit < 31; bit++)
        is_even = is_even && counts[bit] > NUMBERS * 48 / 100 && counts[bit] < NUMBERS * 52 / 100;
    check(is_positive, "none is negative");
    check(is_even, "each bit is set in half of them");
}
