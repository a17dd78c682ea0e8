#include "kernel/quota.h"

#include "kernel/limits.h"
#include "kernel/schedule.h"

/* What the periods bring that have begun since the last look; no more than one of them is saved. */
static void fill(struct share *share, u64 now_ns)
{
    u64 periods = (now_ns - share->filled_ns) / QUOTA_PERIOD_NS;
    if (periods == 0)
        return;
    share->filled_ns += periods * QUOTA_PERIOD_NS;
    i64 quota_ns = (i64)share->quota_ns;
    i64 lacks_ns = quota_ns - share->left_ns;
    bool is_full = periods > (u64)lacks_ns / share->quota_ns;
    share->left_ns = is_full ? quota_ns : share->left_ns + (i64)periods * quota_ns;
}

/* Whether it may go on, now or after the period that is under way. */
static void settle(struct share *share)
{
    if (share->left_ns > 0) {
        if (share_go(share, SHARE_EXHAUSTED))
            schedule_share_goes();
        return;
    }
    if (!alarm_is_set(&share->refill))
        alarm_set(&share->refill, share->filled_ns + QUOTA_PERIOD_NS);
    if ((share->stops & SHARE_EXHAUSTED) != 0)
        return;
    share_stop(share, SHARE_EXHAUSTED);
    schedule_share_looks(share);
}

static void on_refill(struct alarm *alarm)
{
    struct share *share = BASE_CONTAINER_OF(alarm, struct share, refill);
    fill(share, machine_monotonic_ns());
    settle(share);
}

void quota_spend(struct share *share, u64 used_ns)
{
    share->left_ns -= (i64)used_ns;
    fill(share, machine_monotonic_ns());
    settle(share);
}

void quota_set(struct share *share, u32 percent)
{
    u64 quota_ns = u64_min(percent, QUOTA_MAX) * (QUOTA_PERIOD_NS / 100);
    if (quota_ns == share->quota_ns)
        return;
    alarm_clear(&share->refill);
    share->refill.fire = on_refill;
    share->left_ns = (i64)quota_ns;
    share->filled_ns = machine_monotonic_ns();
    share_set_quota(share, quota_ns);
    if (share_go(share, SHARE_EXHAUSTED))
        schedule_share_goes();
    schedule_share_looks(share);
}

u32 quota_percent(const struct share *share)
{
    return (u32)(share->quota_ns / (QUOTA_PERIOD_NS / 100));
}

u64 quota_left_ns(struct share *share)
{
    u64 least_ns = UINT64_MAX;
    for (; share != NULL; share = share->parent) {
        if (share->quota_ns == 0)
            continue;
        fill(share, machine_monotonic_ns());
        u64 left_ns = share->left_ns > 0 ? (u64)share->left_ns : 0;
        least_ns = u64_min(least_ns, u64_min(left_ns, QUOTA_PERIOD_NS));
    }
    return least_ns;
}
