/* random_get, sched_yield, proc_raise. */
#include "tests/wasi/support/case.h"

#include <stdlib.h>

static void test_random(void)
{
    enum { SIZE = 300000 };
    uint8_t *bytes = malloc(SIZE);
    uint32_t counts[256] = { 0 };
    memset(bytes, 0, SIZE);
    GIVES(SUCCESS, raw_random_get(at(bytes), SIZE), "random_get");
    for (uint32_t i = 0; i < SIZE; i++)
        counts[bytes[i]]++;
    bool is_even = true;
    for (uint32_t i = 0; i < 256; i++)
        is_even = is_even && counts[i] > SIZE / 256 / 2 && counts[i] < SIZE / 256 * 2;
    TAP_OK(is_even, "every byte about as often");
    uint8_t first[16];
    memcpy(first, bytes, 16);
    raw_random_get(at(bytes), 16);
    TAP_OK(memcmp(first, bytes, 16) != 0, "others the next time");
    GIVES(SUCCESS, raw_random_get(at(bytes), 0), "none");
    TAP_OK(memcmp(first, bytes, 16) != 0, "leaves the buffer alone");
    GIVES(FAULT, raw_random_get(NOWHERE, 32), "bad pointer");
    GIVES(FAULT, raw_random_get(at(bytes), 0xFFFFFFFF), "bad size");
    free(bytes);
}

static void test_signals(void)
{
    GIVES(SUCCESS, raw_proc_raise(0), "no signal");
    GIVES(SUCCESS, raw_proc_raise(16), "one that is ignored");
    GIVES(NOTSUP, raw_proc_raise(18), "stopping");
    GIVES(INVAL, raw_proc_raise(31), "no such signal");
}

int main(void)
{
    test_random();
    test_signals();
    GIVES(SUCCESS, raw_sched_yield(), "sched_yield");
    int status = tap_done();
    if (status == 0)
        raw_proc_raise(15); /* exit status 128 + 15 */
    return status;
}
