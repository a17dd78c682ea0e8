/* Time on a PC: the CPUs' time stamp counters, measured against a counter whose speed is known.
 * Private to the PC platform. */
#ifndef PLATFORM_PC_CLOCK_H
#define PLATFORM_PC_CLOCK_H

#include "platform/pc/acpi.h"

/* Time is counted from here on. */
void clock_begin(void);
/* Once, on the first CPU, whose local APIC is on. From here on it is told, within a
 * hundredth of its speed; what is measured goes on meanwhile. */
void clock_init(const struct acpi *acpi);
/* The speeds hold from here on; before other CPUs look at the clock, and timers are set: a second call
 * does nothing. Waits for what is left of the time that it takes to measure them. */
void clock_settle(void);
u64 clock_tsc_hz(void);
/* Has this CPU's timer raise its interrupt at that point of time, once; it may do so a little early.
 * UINT64_MAX: not any more. */
void clock_set_timer(u64 deadline_ns);
/* Wait by spinning: from now, or from when the time stamp counter was that. */
void clock_pause_ns(u64 duration_ns);
void clock_pause_since(u64 tsc, u64 duration_ns);

/* ---- Counters of known speed ---- */

struct counter {
    u64 hz;
    u64 mask; /* its highest value, all ones */
    u64 (*read)(void);
};

/* Starts it; false: there is none. */
bool hpet_start(u64 address, struct counter *counter);
/* Always there; counts for 50 ms only. */
void pit_start(struct counter *counter);

/* Seconds since 1970-01-01, by the clock with the battery; 0: it is not set. */
u64 rtc_read(void);

#endif
