/* Alarms: something to be done at a point of monotonic time.
 *
 * One CPU watches for the next alarm, with its timer while it runs guest code and by its deadline
 * while it idles: the one that set an alarm last that became the next. All under the kernel's lock.
 */
#ifndef KERNEL_ALARM_H
#define KERNEL_ALARM_H

#include "kernel/heap.h"

struct cpu;

/* `fire` runs under the lock, on any CPU; the alarm is no longer set then. */
struct alarm {
    struct heap_node node;
    void (*fire)(struct alarm *alarm);
};

void alarm_init(void);
void alarm_set(struct alarm *alarm, u64 deadline_ns);
void alarm_clear(struct alarm *alarm);

static inline bool alarm_is_set(const struct alarm *alarm)
{
    return alarm->node.queued;
}

/* When `cpu` has to look again; UINT64_MAX: never. */
u64 alarm_next(const struct cpu *cpu);
/* Fires what is due, up to a number that holds the lock shortly: the others stay due, so that
 * `cpu`, which watches from now on, looks again at once. */
void alarm_fire_due(struct cpu *cpu, u64 now_ns);

#endif
