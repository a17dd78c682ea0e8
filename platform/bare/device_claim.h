/* What can be done with a device that is claimed: its registers, and what of it and for it lies in
 * the memory of programs. Private to the bare platforms.
 *
 * Nothing that comes in is believed. On error nothing has changed. Any thread, without locks; but
 * `device_claim_end` after all else. */
#ifndef PLATFORM_BARE_DEVICE_CLAIM_H
#define PLATFORM_BARE_DEVICE_CLAIM_H

#include "platform/bare/devices.h"
#include "platform/bare/spin.h"

enum {
    DEVICE_QUEUE_BYTES_MAX = 4096,      /* of one question: some milliseconds at a slow port */
    DEVICE_MAPPINGS_MAX = 256,          /* of one claim */
    DEVICE_MAP_BYTES_MAX = 64 << 20,    /* of one mapping */
    DEVICE_SHARED_BYTES_MAX = 32 << 20, /* of one device; nobody's limit pays for it */
};

struct device_claim {
    struct device *device;
    struct spin lock; /* what follows */
    struct list mappings;
    u32 mapping_count;
};

/* Where a register lies; several are read or written at the same place. */
struct device_place {
    u32 region;
    u64 offset;
    u32 width;
};

/* DEVICE_OK, or an enum device_error. */
enum { DEVICE_OK = -1 };

i32 device_claim_start(struct device_claim *claim, struct device *device, u64 owner);
/* Interrupts and transfers have ended when its mappings go, and only then its memory. */
void device_claim_end(struct device_claim *claim);

/* `bytes` is a whole number of registers. */
i32 device_claim_read(const struct device_claim *claim, const struct device_place *place, u8 *data,
                      u64 bytes);
i32 device_claim_write(const struct device_claim *claim, const struct device_place *place,
                       const u8 *data, u64 bytes);
i32 device_claim_read_configuration(const struct device_claim *claim, u32 offset, u32 width,
                                    u32 *value);
i32 device_claim_write_configuration(const struct device_claim *claim, u32 offset, u32 width,
                                     u32 value);

/* `at` is committed memory that stays meanwhile: whole pages, all of them. */
i32 device_claim_map(struct device_claim *claim, const struct device_place *from, u64 at, u64 size);
i32 device_claim_share(struct device_claim *claim, u64 at, u64 size, u64 *bus_address);

#endif
