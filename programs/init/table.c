#include "programs/init/table.h"

#include "interface/clock.h"
#include "interface/device.h"
#include "interface/entropy.h"
#include "interface/framebuffer.h"
#include "interface/input.h"
#include "interface/log.h"
#include "interface/rtc.h"
#include "interface/stream.h"
#include "interface/system.h"
#include "interface/terminal.h"

#define INTERFACE(name) { name##_INTERFACE_NAME, name##_INTERFACE_HASH }

enum { VIRTIO = 0x1AF4 };

const struct table_service table_services[] = {
    {
        .name = "ps2",
        .program = "driver/ps2",
        .devices = { "ps2" },
        .handles = { INTERFACE(INPUT) },
        .is_for_session = true,
    },
    {
        .name = "rtc",
        .program = "driver/rtc",
        .devices = { "rtc" },
        .handles = { INTERFACE(RTC) },
        .is_for_session = true,
    },
    {
        .name = "virtio_rng",
        .program = "driver/virtio_rng",
        .kinds = { { VIRTIO, 0x1044 }, { VIRTIO, 0x1005 } },
        .uses = { INTERFACE(ENTROPY) },
    },
    {
        .name = "serial0",
        .program = "driver/serial",
        .arguments = { "serial0", "115200" },
        .devices = { "serial0" },
        .handles = { INTERFACE(STREAM) },
    },
    {
        .name = "terminal",
        .memory_pages = 2048, /* large screens have many pixels */
        .program = "terminal",
        .uses = { INTERFACE(INPUT), INTERFACE(FRAMEBUFFER), INTERFACE(STREAM) },
        .handles = { INTERFACE(TERMINAL), INTERFACE(STREAM) },
        .is_for_session = true,
    },
};
const uint32_t table_service_count = sizeof(table_services) / sizeof(table_services[0]);

const struct table_interface table_usual[] = { INTERFACE(SYSTEM), INTERFACE(CLOCK),
                                               INTERFACE(LOG) };
const uint32_t table_usual_count = sizeof(table_usual) / sizeof(table_usual[0]);

const struct table_interface table_withheld[] = { INTERFACE(DEVICE), INTERFACE(FRAMEBUFFER),
                                                  INTERFACE(ENTROPY) };
const uint32_t table_withheld_count = sizeof(table_withheld) / sizeof(table_withheld[0]);
