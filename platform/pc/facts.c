/* What the interface `machine` tells of a PC. */
#include "platform/common/machine_handlers.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/devices.h"
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

/* The brand string: three leaves of sixteen bytes, which may begin with blanks and end with zeros. */
u32 facts_model(char text[FACTS_MODEL_MAX])
{
    const u32 LEAF_HIGHEST = 0x80000000u, LEAF_BRAND = 0x80000002u;
    enum { BRAND_LEAVES = 3 };
    u32 size = 0;
    if (cpuid(LEAF_HIGHEST).a < LEAF_BRAND + BRAND_LEAVES - 1)
        return 0;
    for (u32 i = 0; i < BRAND_LEAVES; i++) {
        struct cpuid leaf = cpuid(LEAF_BRAND + i);
        const u32 words[] = { leaf.a, leaf.b, leaf.c, leaf.d };
        for (u32 at = 0; at < sizeof(words); at++) {
            char letter = (char)(words[at / 4] >> at % 4 * 8);
            if (letter != '\0' && (letter != ' ' || size != 0))
                text[size++] = letter;
        }
    }
    return size;
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

u32 facts_device_count(void)
{
    return devices_count();
}

_Static_assert((int)MACHINE_REGION_KIND_PORTS == (int)DEVICE_REGION_KIND_PORTS &&
                   (int)MACHINE_REGION_KIND_MEMORY == (int)DEVICE_REGION_KIND_MEMORY,
               "regions are of the same kinds");
_Static_assert((int)FACTS_REGIONS_MAX == (int)DEVICE_REGIONS_MAX, "there is room for all regions");

struct machine_device facts_device(u32 index, struct machine_region regions[FACTS_REGIONS_MAX])
{
    struct device *device = devices_at(index);
    struct bytes name = bytes_from_text(device->name);
    for (u32 i = 0; i < device->region_count; i++)
        regions[i] = (struct machine_region){
            .kind = (enum machine_region_kind)device->regions[i].kind,
            .prefetchable = device->regions[i].prefetchable,
            .address = device->regions[i].address,
            .size = device->regions[i].size,
        };
    return (struct machine_device){
        .name = { name.data, (u32)name.size },
        .vendor = device->vendor,
        .model = device->model,
        .subsystem_vendor = device->subsystem_vendor,
        .subsystem_model = device->subsystem_model,
        .class_ = device->class_code,
        .revision = device->revision,
        .regions = { regions, device->region_count },
        .interrupts = device->interrupt_count,
        .owner = device_owner(device),
    };
}
