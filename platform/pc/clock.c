#include "platform/pc/clock.h"

#include "arch/x86_64/privileged/local_apic.h"
#include "arch/x86_64/privileged/registers.h"
#include "kernel/kernel.h"
#include "machine/machine.h"

enum {
    /* Parts of a second for which it is measured: at first, and until it holds. */
    GUESS_PER_SECOND = 5000,
    MEASURE_PER_SECOND = 200,
    TRIES = 16,
    SCALE_BITS = 32,
};

static const u64 NS_PER_SECOND = 1000000000;

static u64 tsc_hz = 1000000000; /* until it is measured */
static u64 apic_hz;
static u64 realtime_start_ns;

/* Time is `since_ns` at `since_tsc`, and goes on from there by `ns_per_tsc`, which has SCALE_BITS
 * bits behind the point: as long as that is not measured, none has passed. */
static u64 since_ns, since_tsc, ns_per_tsc;

/* All three counters at one point of time. */
struct sample {
    u64 tsc;
    u64 counter;
    u32 apic;
};

/* Whatever stops this CPU in between makes the reading last longer: the shortest one counts. */
static struct sample take_sample(const struct counter *counter)
{
    struct sample best = { 0 };
    u64 shortest = UINT64_MAX;
    for (u32 i = 0; i < TRIES; i++) {
        u64 before = tsc_read();
        struct sample sample = { .counter = counter->read(), .apic = local_apic_timer_left() };
        u64 lasted = tsc_read() - before;
        sample.tsc = before + lasted / 2;
        if (lasted < shortest) {
            shortest = lasted;
            best = sample;
        }
    }
    return best;
}

/* value * by / divisor, which fits, by way of 128 bits. */
static u64 scale(u64 value, u64 by, u64 divisor)
{
    u64 low, high;
    __asm__("mulq %3" : "=a"(low), "=d"(high) : "a"(value), "r"(by) : "cc");
    __asm__("divq %2" : "+a"(low), "+d"(high) : "r"(divisor) : "cc");
    return low;
}

static struct counter counter;
static struct sample first;
static bool lasts; /* the counter goes on while other things are done */
static bool is_settled;

static void begin(void)
{
    local_apic_timer_start(UINT32_MAX);
    first = take_sample(&counter);
}

/* The speeds, by what has passed since `begin`: at least that part of a second. */
static void measure(u64 per_second)
{
    while (((counter.read() - first.counter) & counter.mask) < counter.hz / per_second)
        cpu_pause();
    struct sample last = take_sample(&counter);
    u64 steps = (last.counter - first.counter) & counter.mask;
    tsc_hz = scale(last.tsc - first.tsc, counter.hz, steps);
    apic_hz = scale(first.apic - last.apic, counter.hz, steps);
    BASE_ASSERT(tsc_hz != 0);
    BASE_ASSERT(apic_hz != 0 || (local_apic_features() & LOCAL_APIC_DEADLINE) != 0);
}

static u64 passed_ns(u64 tsc)
{
    return (u64)((unsigned __int128)(tsc - since_tsc) * ns_per_tsc >> SCALE_BITS);
}

/* It goes on with that speed; what has passed stays. */
static void go_on(void)
{
    u64 now_tsc = tsc_read();
    since_ns += passed_ns(now_tsc);
    since_tsc = now_tsc;
    ns_per_tsc = scale(NS_PER_SECOND, (u64)1 << SCALE_BITS, tsc_hz);
}

void clock_begin(void)
{
    since_tsc = tsc_read();
}

void clock_init(const struct acpi *acpi)
{
    lasts = hpet_start(acpi->hpet, &counter);
    if (!lasts)
        pit_start(&counter);
    begin();
    measure(lasts ? GUESS_PER_SECOND : MEASURE_PER_SECOND);
    ns_per_tsc = scale(NS_PER_SECOND, (u64)1 << SCALE_BITS, tsc_hz); /* of what has passed, too */
    log_line(LOG_DEBUG, (struct process_id){ 0 },
             lasts ? BYTES_LITERAL("clock: the TSC, measured against the HPET")
                   : BYTES_LITERAL("clock: the TSC, measured against the 8254"));
    realtime_start_ns = rtc_read() * NS_PER_SECOND;
}

/* After a second the counters may have come round. */
void clock_settle(void)
{
    bool too_long = tsc_read() - first.tsc > tsc_hz;
    if (is_settled)
        return;
    is_settled = true;
    if (lasts && too_long)
        begin();
    if (lasts)
        measure(MEASURE_PER_SECOND);
    go_on();
    local_apic_timer_start(0);
}

u64 clock_tsc_hz(void)
{
    return tsc_hz;
}

/* The timer has a short reach, and its interrupts may come early: so never more than a minute. */
static u64 left_ns(u64 deadline_ns)
{
    u64 now_ns = machine_monotonic_ns();
    return deadline_ns > now_ns ? u64_min(deadline_ns - now_ns, 60 * NS_PER_SECOND) : 0;
}

static void set_deadline(u64 deadline_ns)
{
    bool none = deadline_ns == UINT64_MAX;
    local_apic_timer_set(
        none ? 0 : tsc_read() + scale(left_ns(deadline_ns), tsc_hz, NS_PER_SECOND) + 1);
}

static void set_count(u64 deadline_ns)
{
    u64 steps = deadline_ns == UINT64_MAX
                    ? 0
                    : scale(left_ns(deadline_ns), apic_hz, NS_PER_SECOND) + 1;
    local_apic_timer_start((u32)u64_min(steps, UINT32_MAX));
}

void clock_set_timer(u64 deadline_ns)
{
    if ((local_apic_features() & LOCAL_APIC_DEADLINE) != 0)
        set_deadline(deadline_ns);
    else
        set_count(deadline_ns);
}

void clock_pause_since(u64 tsc, u64 duration_ns)
{
    u64 steps = scale(duration_ns, tsc_hz, NS_PER_SECOND);
    while (tsc_read() - tsc < steps)
        cpu_pause();
}

void clock_pause_ns(u64 duration_ns)
{
    clock_pause_since(tsc_read(), duration_ns);
}

u64 machine_monotonic_ns(void)
{
    return since_ns + passed_ns(tsc_read());
}

u64 machine_realtime_ns(void)
{
    return realtime_start_ns + machine_monotonic_ns();
}
