#include "programs/system/lspci/classes.h"

#include <stddef.h>

struct row {
    uint32_t code;
    uint32_t mask; /* which of its bits count */
    const char *name;
};

enum { CLASS = 0xFF0000, SUBCLASS = 0xFFFF00, WHOLE = 0xFFFFFF };

/* The first that fits counts. */
static const struct row rows[] = {
    { 0x000100, SUBCLASS, "VGA compatible device" },
    { 0x000000, CLASS, "Device of no class" },
    { 0x010000, SUBCLASS, "SCSI controller" },
    { 0x010100, SUBCLASS, "IDE controller" },
    { 0x010601, WHOLE, "SATA controller, AHCI" },
    { 0x010600, SUBCLASS, "SATA controller" },
    { 0x010802, WHOLE, "Non-volatile memory controller, NVMe" },
    { 0x010000, CLASS, "Storage controller" },
    { 0x020000, SUBCLASS, "Ethernet controller" },
    { 0x020000, CLASS, "Network controller" },
    { 0x030000, SUBCLASS, "VGA compatible controller" },
    { 0x030000, CLASS, "Display controller" },
    { 0x040300, SUBCLASS, "Audio device" },
    { 0x040000, CLASS, "Multimedia device" },
    { 0x050000, CLASS, "Memory controller" },
    { 0x060000, SUBCLASS, "Host bridge" },
    { 0x060100, SUBCLASS, "ISA bridge" },
    { 0x060400, SUBCLASS, "PCI bridge" },
    { 0x060000, CLASS, "Bridge" },
    { 0x070000, SUBCLASS, "Serial controller" },
    { 0x070000, CLASS, "Communication controller" },
    { 0x080300, SUBCLASS, "Clock" },
    { 0x080000, CLASS, "System peripheral" },
    { 0x090000, SUBCLASS, "Keyboard controller" },
    { 0x090000, CLASS, "Input device controller" },
    { 0x0A0000, CLASS, "Docking station" },
    { 0x0B0000, CLASS, "Processor" },
    { 0x0C0330, WHOLE, "USB controller, xHCI" },
    { 0x0C0320, WHOLE, "USB controller, EHCI" },
    { 0x0C0310, WHOLE, "USB controller, OHCI" },
    { 0x0C0300, WHOLE, "USB controller, UHCI" },
    { 0x0C0300, SUBCLASS, "USB controller" },
    { 0x0C0500, SUBCLASS, "SMBus" },
    { 0x0C0000, CLASS, "Serial bus controller" },
    { 0x0D0000, CLASS, "Wireless controller" },
    { 0x0E0000, CLASS, "Intelligent controller" },
    { 0x0F0000, CLASS, "Satellite controller" },
    { 0x100000, CLASS, "Encryption controller" },
    { 0x110000, CLASS, "Signal processing controller" },
    { 0x120000, CLASS, "Processing accelerator" },
};

const char *class_name(uint32_t code)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if ((code & rows[i].mask) == rows[i].code)
            return rows[i].name;
    return "Device of an unknown class";
}
