/* Lines that come again and again are told ever more seldom. */
#include "kernel/log_repeat.h"
#include "tests/tap.h"

static u64 told(struct log_repeat *repeat, const char *line, u64 now_ns)
{
    return log_repeat_count(repeat, bytes_from_text(line), now_ns);
}

static void test_repeating(void)
{
    struct log_repeat repeat = { 0 };
    u64 lines = 0, last = 0;
    for (u64 i = 1; i <= 12345; i++) {
        u64 count = told(&repeat, "no room", i);
        lines += count != 0;
        last = count != 0 ? count : last;
    }
    TAP_OK(lines == 5 && last == 10000,
           "of 12345 the 1st, 10th, 100th, 1000th and 10000th are told, with their number");
    TAP_OK(told(&repeat, "another", 12346) == 1 && told(&repeat, "no room", 12347) == 1,
           "another line is told at once");
    TAP_OK(told(&repeat, "no room", 12348) == 0, "and again not");
    TAP_OK(told(&repeat, "no room", 12348 + LOG_REPEAT_PAUSE_NS - 1) == 0 &&
               told(&repeat, "no room", 12348 + 2 * LOG_REPEAT_PAUSE_NS - 1) == 1,
           "after a pause it is new");
}

int main(void)
{
    test_repeating();
    return tap_done();
}
