/* How long answers took. */
#include "programs/tool/shared/times.h"
#include "tests/tap.h"

#include <string.h>

static uint32_t counts[TIMES_MAX + 1], before_counts[TIMES_MAX + 1];

static struct statistics_interface_figures figures(const uint32_t *data, uint32_t count)
{
    return (struct statistics_interface_figures){ .times = { data, count } };
}

static bool is_written(double nanoseconds, const char *expected)
{
    char text[32];
    time_write(text, sizeof(text), nanoseconds);
    return strcmp(text, expected) == 0;
}

static void test_between(void)
{
    counts[3] = 10;
    counts[TIMES_MAX - 1] = 2;
    counts[TIMES_MAX] = 99;
    before_counts[3] = 4;
    struct statistics_interface_figures now = figures(counts, TIMES_MAX);
    struct statistics_interface_figures before = figures(before_counts, 4);
    struct times times = times_between(&now, NULL);
    TAP_OK(times.total == 12 && times.counts[3] == 10, "all of them, where nothing was before");
    times = times_between(&now, &before);
    TAP_OK(times.total == 8 && times.counts[3] == 6 && times.counts[TIMES_MAX - 1] == 2,
           "those that came since, also where less was counted then");
    now = figures(counts, TIMES_MAX + 1);
    times = times_between(&now, NULL);
    TAP_OK(times.total == 12, "more than there are to be are left out");
    now = figures(counts, 0);
    times = times_between(&now, NULL);
    TAP_OK(times.total == 0 && times_percentile(&times, 99) == 0, "of none there is no time");
}

static void test_percentile(void)
{
    struct times times = { .total = 4, .counts = { [3] = 4 } };
    TAP_OK(times_percentile(&times, 50) == 12 && times_percentile(&times, 100) == 16,
           "evenly spread between 8 and 16");
    times = (struct times){ .total = 100, .counts = { [0] = 99, [10] = 1 } };
    TAP_OK(times_percentile(&times, 99) == 2 && times_percentile(&times, 100) == 2048,
           "one of a hundred that took long");
    times = (struct times){ .total = 1, .counts = { [TIMES_MAX - 1] = 1 } };
    TAP_OK(times_percentile(&times, 50) == 1.5 * 9223372036854775808.0,
           "the longest that is counted");
}

static void test_writing(void)
{
    TAP_OK(is_written(0, "0.0ns") && is_written(9.94, "9.9ns") && is_written(9.96, "10ns") &&
               is_written(999.4, "999ns"),
           "nanoseconds");
    TAP_OK(is_written(999.6, "1.0us") && is_written(1500000, "1.5ms") && is_written(61e9, "61s"),
           "larger units");
    TAP_OK(is_written(99999e9, "99999s"), "more than a day, in seven characters");
    char small[4];
    time_write(small, sizeof(small), 123);
    TAP_OK(strcmp(small, "123") == 0, "as far as there is room");
}

int main(void)
{
    test_between();
    test_percentile();
    test_writing();
    return tap_done();
}
