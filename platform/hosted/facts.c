/* What the interface `machine` tells of the host. What its system turns on is its own affair. */
#include "platform/common/machine_handlers.h"
#include "platform/hosted/machine_cpu.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

u32 facts_features(struct machine_feature *features, u32 capacity)
{
    (void)features;
    (void)capacity;
    return 0;
}

/* As Linux has it from the CPU (proc(5)). */
u32 facts_model(char text[FACTS_MODEL_MAX])
{
    static const char key[] = "model name";
    char line[512];
    u32 size = 0;
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (size == 0 && file != NULL && fgets(line, sizeof(line), file) != NULL) {
        const char *colon = strncmp(line, key, sizeof(key) - 1) == 0 ? strchr(line, ':') : NULL;
        if (colon != NULL)
            size = (u32)snprintf(text, FACTS_MODEL_MAX, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
    }
    if (file != NULL)
        fclose(file);
    return (u32)u64_min(size, FACTS_MODEL_MAX - 1);
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

/* They are the host's. */
u32 facts_device_count(void)
{
    return 0;
}

struct machine_device facts_device(u32 index, struct machine_region regions[FACTS_REGIONS_MAX])
{
    (void)index;
    (void)regions;
    return (struct machine_device){ 0 };
}
