/* Bochs' VBE extensions (QEMU, docs/specs/standard-vga.txt): registers behind an index port. The card
 * is a PCI function whose first region is the picture's memory; it is asked for by the old way to
 * PCI's configuration, an address port and a data port (PCI 3.0, 3.2.2.3.2). */
#include "platform/pc/bochs.h"

#include "arch/x86_64/privileged/registers.h"

/* ---- The card's registers ---- */

enum {
    INDEX_PORT = 0x1CE,
    DATA_PORT = 0x1CF,
    REGISTER_ID = 0,
    REGISTER_WIDTH = 1,
    REGISTER_HEIGHT = 2,
    REGISTER_BITS = 3,
    REGISTER_ENABLE = 4,
    REGISTER_MEMORY = 10, /* in pieces of 64 KiB */
    ID = 0xB0C0,          /* the last digit is a version */
    ID_MASK = 0xFFF0,
    ENABLE_ON = 0x01,
    ENABLE_LINEAR = 0x40,
    MEMORY_PIECE = 64 << 10,
    ATTRIBUTE_PORT = 0x3C0,
    ATTRIBUTE_SHOW = 0x20,
    STATUS_PORT = 0x3DA, /* reading it makes the attribute port expect an index */
};

enum { WIDTH = 1024, HEIGHT = 768, PIXEL_BYTES = 4 };

static u16 read_register(u16 number)
{
    port_write_u16(INDEX_PORT, number);
    return port_read_u16(DATA_PORT);
}

static void write_register(u16 number, u16 value)
{
    port_write_u16(INDEX_PORT, number);
    port_write_u16(DATA_PORT, value);
}

static void show(void)
{
    write_register(REGISTER_ENABLE, 0);
    write_register(REGISTER_WIDTH, WIDTH);
    write_register(REGISTER_HEIGHT, HEIGHT);
    write_register(REGISTER_BITS, 8 * PIXEL_BYTES);
    write_register(REGISTER_ENABLE, ENABLE_ON | ENABLE_LINEAR);
    port_read_u8(STATUS_PORT);
    port_write_u8(ATTRIBUTE_PORT, ATTRIBUTE_SHOW);
}

/* ---- Where its memory is ---- */

enum {
    PCI_ADDRESS = 0xCF8,
    PCI_DATA = 0xCFC,
    PCI_ON = 1u << 31,
    PCI_DEVICES = 32,
    PCI_CLASS = 0x08,
    PCI_REGION_0 = 0x10,
    CLASS_DISPLAY = 0x03,
    REGION_FLAGS = 0xF,
    REGION_PORTS = 0x1,
};

/* Of function 0 on the first bus, where such cards are. */
static u32 read_configuration(u32 device, u32 offset)
{
    port_write_u32(PCI_ADDRESS, (u32)PCI_ON | device << 11 | offset);
    return port_read_u32(PCI_DATA);
}

static u64 memory_of_display(void)
{
    for (u32 device = 0; device < PCI_DEVICES; device++) {
        u32 region = read_configuration(device, PCI_REGION_0);
        if (read_configuration(device, PCI_CLASS) >> 24 == CLASS_DISPLAY &&
            (region & REGION_PORTS) == 0)
            return region & ~(u32)REGION_FLAGS;
    }
    return 0;
}

void bochs_set_up(struct screen_mode *mode)
{
    if ((read_register(REGISTER_ID) & ID_MASK) != ID ||
        (u64)read_register(REGISTER_MEMORY) * MEMORY_PIECE < WIDTH * HEIGHT * PIXEL_BYTES)
        return;
    u64 address = memory_of_display();
    if (address == 0)
        return;
    show();
    *mode = (struct screen_mode){
        .address = address,
        .width = WIDTH,
        .height = HEIGHT,
        .pitch = WIDTH * PIXEL_BYTES,
        .bits_per_pixel = 8 * PIXEL_BYTES,
        .red = { 16, 8 },
        .green = { 8, 8 },
        .blue = { 0, 8 },
    };
}
