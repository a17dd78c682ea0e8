#include "platform/pc/legacy.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/pc/lines.h"
#include "platform/pc/physical.h"
#include "platform/pc/serial.h"

enum { LEGACY_INTERRUPTS_MAX = 2 };

struct legacy {
    struct device device;
    struct device_interrupt interrupts[LEGACY_INTERRUPTS_MAX];
    u32 lines[LEGACY_INTERRUPTS_MAX];
    bool (*is_there)(void);
};

/* ---- What they can do ---- */

static u32 line_of(const struct device *device, u32 index)
{
    const struct legacy *legacy = device->place;
    return legacy->lines[index];
}

static bool open_line(struct device *device, u32 index)
{
    u32 line = line_of(device, index);
    device->interrupts[index].keeps = line_keeps(line);
    return line_open(line, device, index);
}

static void close_line(struct device *device, u32 index)
{
    line_close(line_of(device, index));
}

static void hold_line(struct device *device, u32 index, bool held)
{
    line_hold(line_of(device, index), held);
}

static const struct device_operations usual = {
    .open = open_line,
    .close = close_line,
    .hold = hold_line,
};

static void lend_serial(struct device *device)
{
    (void)device;
    serial_lend();
}

static void take_serial_back(struct device *device)
{
    (void)device;
    serial_take_back();
}

static void enter_serial(struct device *device)
{
    (void)device;
    serial_enter();
}

static void leave_serial(struct device *device)
{
    (void)device;
    serial_leave();
}

/* The kernel has it while nobody else does, and writes to it meanwhile. */
static const struct device_operations console = {
    .claimed = lend_serial,
    .released = take_serial_back,
    .enter = enter_serial,
    .leave = leave_serial,
    .open = open_line,
    .close = close_line,
    .hold = hold_line,
};

/* ---- Which are there ---- */

/* Status of the 8042: all ones where nothing answers. */
static bool has_ps2(void)
{
    return port_read_u8(0x64) != 0xFF;
}

static bool has_second_serial(void)
{
    enum { SCRATCH = 0x2FF, PATTERN = 0x5A };
    port_write_u8(SCRATCH, PATTERN);
    return port_read_u8(SCRATCH) == PATTERN;
}

/* Of its register D, all bits but the highest are 0. */
static bool has_clock(void)
{
    enum { REGISTER_D = 0x0D, ZERO_BITS = 0x7F };
    port_write_u8(0x70, REGISTER_D);
    return (port_read_u8(0x71) & ZERO_BITS) == 0;
}

#define PORTS(first, count)                                                                        \
    { .kind = DEVICE_REGION_KIND_PORTS, .address = (first), .size = (count) }

/* Classes as PCI would have them. */
static struct legacy all[] = {
    {
        .device = { .name = "ps2",
                    .class_code = 0x090000,
                    .regions = { PORTS(0x60, 1), PORTS(0x64, 1) },
                    .region_count = 2,
                    .interrupt_count = 2,
                    .operations = &usual },
        .lines = { 1, 12 },
        .is_there = has_ps2,
    },
    {
        .device = { .name = "serial0",
                    .class_code = 0x070002,
                    .regions = { PORTS(0x3F8, 8) },
                    .region_count = 1,
                    .interrupt_count = 1,
                    .operations = &console },
        .lines = { 4 },
        .is_there = serial_is_there,
    },
    {
        .device = { .name = "serial1",
                    .class_code = 0x070002,
                    .regions = { PORTS(0x2F8, 8) },
                    .region_count = 1,
                    .interrupt_count = 1,
                    .operations = &usual },
        .lines = { 3 },
        .is_there = has_second_serial,
    },
    {
        .device = { .name = "rtc",
                    .class_code = 0x080301,
                    .regions = { PORTS(0x70, 2) },
                    .region_count = 1,
                    .interrupt_count = 1,
                    .operations = &usual },
        .lines = { 8 },
        .is_there = has_clock,
    },
};

void legacy_init(void)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(all); i++) {
        struct legacy *legacy = &all[i];
        if (!legacy->is_there())
            continue;
        legacy->device.interrupts = legacy->interrupts;
        legacy->device.place = legacy;
        (void)devices_add(&legacy->device); /* the first ones: there is room */
    }
}

/* ---- What devices.h asks for ---- */

u32 device_port_read(u16 port, u32 width)
{
    if (width == sizeof(u8))
        return port_read_u8(port);
    return width == sizeof(u16) ? port_read_u16(port) : port_read_u32(port);
}

void device_port_write(u16 port, u32 width, u32 value)
{
    if (width == sizeof(u8))
        port_write_u8(port, (u8)value);
    else if (width == sizeof(u16))
        port_write_u16(port, (u16)value);
    else
        port_write_u32(port, value);
}

volatile void *device_registers(u64 address, u64 size)
{
    return physical_map(address, size, PHYSICAL_DEVICE);
}
