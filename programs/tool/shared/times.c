#include "programs/tool/shared/times.h"

#include <stdio.h>

struct times times_between(const struct statistics_interface_figures *now,
                           const struct statistics_interface_figures *before)
{
    struct times times = { 0 };
    for (uint32_t i = 0; i < now->times.count && i < TIMES_MAX; i++) {
        uint32_t old = before != NULL && i < before->times.count ? before->times.data[i] : 0;
        times.counts[i] = now->times.data[i] - old;
        times.total += times.counts[i];
    }
    return times;
}

double times_percentile(const struct times *times, unsigned percent)
{
    double rank = (double)times->total * percent / 100;
    double passed = 0;
    for (unsigned i = 0; i < TIMES_MAX && times->total != 0; i++) {
        double count = times->counts[i];
        double lower = (double)((uint64_t)1 << i);
        if (passed + count >= rank && count > 0)
            return lower + lower * (rank - passed) / count;
        passed += count;
    }
    return 0;
}

void time_write(char *text, size_t capacity, double nanoseconds)
{
    static const char *const units[] = { "ns", "us", "ms", "s" };
    unsigned unit = 0;
    while (nanoseconds >= 999.5 && unit < 3) {
        nanoseconds /= 1000;
        unit++;
    }
    snprintf(text, capacity, nanoseconds < 9.95 ? "%.1f%s" : "%.0f%s", nanoseconds, units[unit]);
}
