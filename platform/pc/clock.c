#include "platform/pc/clock.h"

#include "arch/x86_64/privileged/local_apic.h"
#include "arch/x86_64/privileged/registers.h"
#include "kernel/kernel.h"
#include "machine/machine.h"

enum {
    MEASURE_PER_SECOND = 200, /* measured for 5 ms */
    TRIES = 16,
    SCALE_BITS = 32,
};

static const u64 NS_PER_SECOND = 1000000000;

static u64 tsc_start;
static u64 tsc_hz = 1000000000; /* until it is measured */
static u64 ns_per_tsc; /* no time passes until it is measured */
static u64 apic_hz;
static u64 realtime_start_ns;

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

static void measure(const struct counter *counter)
{
    u64 wanted = counter->hz / MEASURE_PER_SECOND;
    local_apic_timer_start(UINT32_MAX);
    struct sample first = take_sample(counter);
    while (((counter->read() - first.counter) & counter->mask) < wanted)
        cpu_pause();
    struct sample last = take_sample(counter);
    local_apic_timer_start(0);
    u64 steps = (last.counter - first.counter) & counter->mask;
    tsc_hz = scale(last.tsc - first.tsc, counter->hz, steps);
    apic_hz = scale(first.apic - last.apic, counter->hz, steps);
}

void clock_init(const struct acpi *acpi)
{
    struct counter counter;
    bool by_hpet = hpet_start(acpi->hpet, &counter);
    if (!by_hpet)
        pit_start(&counter);
    measure(&counter);
    log_line(LOG_DEBUG, (struct process_id){ 0 },
             by_hpet ? BYTES_LITERAL("clock: the TSC, measured against the HPET")
                     : BYTES_LITERAL("clock: the TSC, measured against the 8254"));
    BASE_ASSERT(tsc_hz != 0);
    BASE_ASSERT(apic_hz != 0 || (local_apic_features() & LOCAL_APIC_DEADLINE) != 0);
    ns_per_tsc = scale(NS_PER_SECOND, (u64)1 << SCALE_BITS, tsc_hz);
    tsc_start = tsc_read();
    realtime_start_ns = rtc_read() * NS_PER_SECOND;
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

void clock_pause_ns(u64 duration_ns)
{
    u64 start = tsc_read();
    u64 steps = scale(duration_ns, tsc_hz, NS_PER_SECOND);
    while (tsc_read() - start < steps)
        cpu_pause();
}

u64 machine_monotonic_ns(void)
{
    return (u64)((unsigned __int128)(tsc_read() - tsc_start) * ns_per_tsc >> SCALE_BITS);
}

u64 machine_realtime_ns(void)
{
    return realtime_start_ns + machine_monotonic_ns();
}
