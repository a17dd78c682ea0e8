/* Bochs' VBE extensions (QEMU, docs/specs/standard-vga.txt): registers behind an index port. The card
 * is a PCI function whose first region is the picture's memory. */
#include "platform/pc/bochs.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/pci.h"

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

/* Function 0 of a device on the first bus, where such cards are. */
static u64 memory_of_display(void)
{
    enum {
        DEVICES = 32,
        CLASS = 0x0B,
        REGION_0 = 0x10,
        CLASS_DISPLAY = 0x03,
        REGION_FLAGS = 0xF,
        REGION_PORTS = 0x1,
    };
    for (u8 device = 0; device < DEVICES; device++) {
        struct pci_address address = { .device = device };
        u32 region = pci_read(address, REGION_0, 4);
        if (pci_read(address, CLASS, 1) == CLASS_DISPLAY && (region & REGION_PORTS) == 0)
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
