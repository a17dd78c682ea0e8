#include "kernel/alarm.h"

#include "kernel/lock.h"
#include "kernel/schedule.h"

static struct heap alarms;
static const struct cpu *watcher; /* NULL: whoever looks next */

void alarm_init(void)
{
    alarms = (struct heap){ 0 };
    watcher = NULL;
}

void alarm_set(struct alarm *alarm, u64 deadline_ns)
{
    heap_insert(&alarms, &alarm->node, deadline_ns);
    if (alarms.root != &alarm->node)
        return;
    watcher = lock_cpu;
    schedule_watch();
}

void alarm_clear(struct alarm *alarm)
{
    heap_remove(&alarms, &alarm->node);
}

u64 alarm_next(const struct cpu *cpu)
{
    if (alarms.root == NULL || (watcher != NULL && watcher != cpu))
        return UINT64_MAX;
    return alarms.root->key;
}

void alarm_fire_due(struct cpu *cpu, u64 now_ns)
{
    enum { FIRED_AT_ONCE_MAX = 64 };
    if (alarms.root == NULL || alarms.root->key > now_ns)
        return;
    for (u32 fired = 0; fired < FIRED_AT_ONCE_MAX; fired++) {
        if (alarms.root == NULL || alarms.root->key > now_ns)
            break;
        struct alarm *alarm = BASE_CONTAINER_OF(alarms.root, struct alarm, node);
        heap_remove(&alarms, &alarm->node);
        alarm->fire(alarm);
    }
    watcher = cpu;
}
