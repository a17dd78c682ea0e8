/* What the interface `machine` tells of a PC. */
#include "platform/common/machine_handlers.h"

#include "platform/bare/pages.h"
#include "platform/pc/cpus.h"
#include "platform/pc/features.h"

u32 facts_features(struct machine_feature *features, u32 capacity)
{
    u32 count = (u32)u64_min(CPU_FEATURE_COUNT, capacity);
    for (u32 i = 0; i < count; i++) {
        struct cpu_feature feature = features_get(i);
        features[i] = (struct machine_feature){
            .name = { (const u8 *)feature.name, (u32)text_size(feature.name) },
            .offered = feature.offered,
            .enabled = feature.enabled,
        };
    }
    return count;
}

u64 facts_idle_ns(u32 cpu)
{
    return cpus_idle_ns(cpu);
}

struct machine_memory facts_memory(void)
{
    struct pages_count count = pages_count();
    return (struct machine_memory){
        .total = count.total * PAGE_BYTES,
        .free = (count.free - count.promised) * PAGE_BYTES,
    };
}
