#include "tests/wasi/support/case.h"

enum { REALTIME, MONOTONIC, PROCESS_CPU, THREAD_CPU, NO_CLOCK };

static uint64_t now(uint32_t clock)
{
    uint64_t time = 0;
    return raw_clock_time_get(clock, 1, at(&time)) == SUCCESS ? time : 0;
}

static void test_resolution(void)
{
    for (uint32_t clock = REALTIME; clock < NO_CLOCK; clock++) {
        uint64_t step = 0;
        GIVES(SUCCESS, raw_clock_res_get(clock, at(&step)), "clock_res_get");
        TAP_OK(step > 0 && step <= 1000000000, "a step of a second or less, but a step");
    }
}

static void test_time(void)
{
    uint64_t first = now(MONOTONIC);
    bool goes_on = true;
    for (uint32_t i = 0; i < 1000; i++) {
        uint64_t next = now(MONOTONIC);
        goes_on = goes_on && next >= first;
        first = next;
    }
    TAP_OK(goes_on && first != 0, "monotonic time never goes back");
    const uint64_t YEAR = UINT64_C(31556952000000000);
    TAP_OK(now(REALTIME) / YEAR >= 50 && now(REALTIME) / YEAR < 200, "real time is of this century");
}

static void test_cpu_time(void)
{
    uint64_t cpu = now(PROCESS_CPU);
    uint64_t wall = now(MONOTONIC);
    volatile uint32_t work = 0;
    while (now(MONOTONIC) - wall < 20000000)
        work++;
    TAP_OK(now(PROCESS_CPU) > cpu, "work takes the process's CPU time");
    TAP_OK(now(THREAD_CPU) > 0, "the thread has CPU time, too");
    TAP_OK(now(PROCESS_CPU) - cpu <= now(MONOTONIC) - wall + 20000000,
           "one thread does not use more CPU time than goes by");
}

static void test_errors(void)
{
    uint64_t time = 7;
    GIVES(INVAL, raw_clock_time_get(NO_CLOCK, 0, at(&time)), "clock_time_get: no such clock");
    GIVES(INVAL, raw_clock_res_get(NO_CLOCK, at(&time)), "clock_res_get: no such clock");
    GIVES(INVAL, raw_clock_res_get(0xFFFFFFFF, at(&time)), "clock_res_get: -1");
    TAP_OK(time == 7, "nothing is written then");
    GIVES(FAULT, raw_clock_time_get(MONOTONIC, 0, NOWHERE), "clock_time_get: bad pointer");
    GIVES(FAULT, raw_clock_res_get(REALTIME, NOWHERE), "clock_res_get: bad pointer");
}

int main(void)
{
    test_resolution();
    test_time();
    test_cpu_time();
    test_errors();
    return tap_done();
}
