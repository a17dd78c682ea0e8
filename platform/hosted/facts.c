/* What the interface `machine` tells of the host. What its system turns on is its own affair. */
#include "platform/common/machine_handlers.h"
#include "platform/hosted/machine_cpu.h"

#include <unistd.h>

u32 facts_features(struct machine_feature *features, u32 capacity)
{
    (void)features;
    (void)capacity;
    return 0;
}

u64 facts_idle_ns(u32 cpu)
{
    return cpu_idle_ns(cpu);
}

static u64 bytes_of_pages(int name)
{
    long pages = sysconf(name);
    return pages < 0 ? 0 : (u64)pages * (u64)sysconf(_SC_PAGESIZE);
}

struct machine_memory facts_memory(void)
{
    return (struct machine_memory){
        .total = bytes_of_pages(_SC_PHYS_PAGES),
        .free = bytes_of_pages(_SC_AVPHYS_PAGES),
    };
}
