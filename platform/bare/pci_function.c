/* Reading one function. Whatever its registers say, nothing here loops for ever or leaves them. */
#include "platform/bare/pci.h"

enum {
    VENDOR = 0x00,
    COMMAND = 0x04,
    STATUS = 0x06,
    REVISION = 0x08,
    HEADER = 0x0E,
    REGIONS = 0x10,
    SUBSYSTEM = 0x2C,
    CAPABILITIES = 0x34,
    LINE = 0x3C,
    HEADER_BYTES = 0x40,
    OLD_SPACE_BYTES = 256, /* and what PCI Express has behind */
};

enum {
    VENDOR_NONE = 0xFFFF,
    COMMAND_DECODE = 0x3, /* ports and memory */
    STATUS_CAPABILITIES = 1 << 4,
    HEADER_KIND = 0x7F,
    HEADER_DEVICE = 0,
    HEADER_BRIDGE = 1,
    REGION_PORTS = 1 << 0,
    REGION_WIDE = 2 << 1, /* of bits 1 and 2: an address of 64 bits */
    REGION_WIDTH = 3 << 1,
    REGION_PREFETCHABLE = 1 << 3,
    CAPABILITY_POWER = 0x01,
    CAPABILITY_MESSAGE = 0x05,
    CAPABILITY_VENDOR = 0x09,
    CAPABILITY_EXPRESS = 0x10,
    CAPABILITY_TABLE = 0x11,
    CLASS_BRIDGE = 0x06,
};

/* ---- Regions ---- */

/* What the region's register holds of its address, and which of its bits can be set at all. */
struct sizing {
    u64 address;
    u64 settable;
    u32 flags;
};

static u32 settable_bits(struct pci_address at, u32 offset)
{
    u32 before = pci_read(at, offset, 4);
    pci_write(at, offset, 4, UINT32_MAX);
    u32 settable = pci_read(at, offset, 4);
    pci_write(at, offset, 4, before);
    return settable;
}

static u32 flag_bits(u32 low)
{
    return (low & REGION_PORTS) != 0 ? 0x3 : 0xF;
}

static struct sizing size_region(struct pci_address at, u32 offset, bool is_last)
{
    u32 low = pci_read(at, offset, 4);
    struct sizing sizing = {
        .address = low & ~flag_bits(low),
        .settable = settable_bits(at, offset) & ~flag_bits(low),
        .flags = low & flag_bits(low),
    };
    bool is_ports = (low & REGION_PORTS) != 0;
    bool is_wide = !is_ports && (low & REGION_WIDTH) == REGION_WIDE && !is_last;
    if (is_wide) {
        sizing.address |= (u64)pci_read(at, offset + 4, 4) << 32;
        sizing.settable |= (u64)settable_bits(at, offset + 4) << 32;
    } else if (sizing.settable != 0) {
        sizing.settable |= (u64)UINT32_MAX << 32;
    }
    if (is_ports) {
        sizing.address &= UINT16_MAX;
        sizing.settable |= sizing.settable == 0 ? 0 : ~(u64)UINT16_MAX;
    }
    return sizing;
}

/* Bits can be set from the region's size on. */
static struct device_region region_of(const struct sizing *sizing)
{
    struct device_region region = { .kind = DEVICE_REGION_KIND_NONE };
    u64 size = ~sizing->settable + 1;
    bool is_whole = size != 0 && (size & (size - 1)) == 0 && sizing->address % size == 0;
    if (sizing->settable == 0 || !is_whole || sizing->address == 0 ||
        sizing->address > UINT64_MAX - size)
        return region;
    region.kind =
        (sizing->flags & REGION_PORTS) != 0 ? DEVICE_REGION_KIND_PORTS : DEVICE_REGION_KIND_MEMORY;
    region.prefetchable =
        region.kind == DEVICE_REGION_KIND_MEMORY && (sizing->flags & REGION_PREFETCHABLE) != 0;
    region.address = sizing->address;
    region.size = size;
    return region;
}

/* The second half of a region of 64 bits is none itself. Where decoding cannot be turned off, sizes
 * cannot be asked for, and there are no regions. */
static void read_regions(struct pci_function *function, u32 count)
{
    struct pci_address at = function->address;
    u32 command = pci_read(at, COMMAND, 2);
    pci_write(at, COMMAND, 2, command & ~(u32)COMMAND_DECODE);
    bool is_off = (pci_read(at, COMMAND, 2) & COMMAND_DECODE) == 0;
    for (u32 i = 0; i < count && is_off; i++) {
        struct sizing sizing = size_region(at, REGIONS + 4 * i, i + 1 == count);
        function->device.regions[i] = region_of(&sizing);
        if ((sizing.flags & REGION_PORTS) == 0 && (sizing.flags & REGION_WIDTH) == REGION_WIDE)
            i++;
    }
    pci_write(at, COMMAND, 2, command);
    function->device.region_count = count;
}

/* ---- Capabilities ---- */

/* Bytes of those that are known; 0: nobody knows. */
static u32 bytes_of_kind(u32 kind)
{
    switch (kind) {
    case CAPABILITY_POWER:
        return 8;
    case CAPABILITY_MESSAGE:
        return 24;
    case CAPABILITY_TABLE:
        return 12;
    case CAPABILITY_EXPRESS:
        return 60;
    default:
        return 0;
    }
}

static void note_capability(struct pci_function *function, u8 offset, u8 kind)
{
    function->capabilities[function->capability_count++] = (struct pci_capability){ offset, kind };
    if (offset + bytes_of_kind(kind) > OLD_SPACE_BYTES)
        return; /* its registers are not all there */
    if (kind == CAPABILITY_MESSAGE)
        function->message_offset = offset;
    else if (kind == CAPABILITY_TABLE)
        function->table_offset = offset;
    else if (kind == CAPABILITY_EXPRESS)
        function->express_offset = offset;
}

/* A list in the first 256 bytes; one that runs in a circle ends with the room for it. */
static void read_capabilities(struct pci_function *function)
{
    enum { OFFSET_MASK = 0xFC };
    struct pci_address at = function->address;
    if ((pci_read(at, STATUS, 2) & STATUS_CAPABILITIES) == 0)
        return;
    u32 offset = pci_read(at, CAPABILITIES, 1) & OFFSET_MASK;
    while (offset >= HEADER_BYTES && function->capability_count < PCI_CAPABILITIES_MAX) {
        note_capability(function, (u8)offset, (u8)pci_read(at, offset, 1));
        offset = pci_read(at, offset + 1, 1) & OFFSET_MASK;
    }
}

static void keep(struct device *device, u32 region, u64 start, u64 size)
{
    device->kept[device->kept_count++] = (struct device_kept){ region, start, start + size };
}

/* The table of MSI-X and its pending bits lie in regions: each an offset with the region's number
 * in its low three bits. What does not lie in one is no table. */
static void read_table(struct pci_function *function)
{
    enum { TABLE = 4, PENDING = 8, COUNT_MASK = 0x7FF, REGION_MASK = 7, ENTRY_BYTES = 16 };
    struct pci_address at = function->address;
    struct device *device = &function->device;
    u32 offset = function->table_offset;
    if (offset == 0)
        return;
    u32 count = (pci_read(at, offset + 2, 2) & COUNT_MASK) + 1;
    u32 table = pci_read(at, offset + TABLE, 4);
    u32 pending = pci_read(at, offset + PENDING, 4);
    u64 start = table & ~(u32)REGION_MASK;
    u64 bytes = (u64)count * ENTRY_BYTES;
    u32 index = table & REGION_MASK;
    if (index >= device->region_count || device->regions[index].kind != DEVICE_REGION_KIND_MEMORY ||
        start > device->regions[index].size || bytes > device->regions[index].size - start)
        return;
    function->table_address = device->regions[index].address + start;
    function->table_count = count;
    keep(device, index, start, bytes);
    keep(device, pending & REGION_MASK, pending & ~(u32)REGION_MASK, u64_align_up(count, 64) / 8);
}

/* ---- The whole ---- */

static void write_name(struct pci_function *function)
{
    struct writer text;
    struct pci_address at = function->address;
    writer_init(&text, function->device.name, sizeof(function->device.name));
    writer_text(&text, "pci:");
    writer_hex(&text, at.bus, 2);
    writer_text(&text, ":");
    writer_hex(&text, at.device, 2);
    writer_text(&text, ".");
    writer_decimal(&text, at.function);
    (void)writer_terminate(&text);
}

static void read_line(struct pci_function *function)
{
    u32 value = pci_read(function->address, LINE, 2);
    u32 line = value & 0xFF;
    bool has_pin = value >> 8 != 0;
    function->line = has_pin && line < PCI_LINES ? (u8)line : 0;
}

static void read_identity(struct pci_function *function)
{
    struct pci_address at = function->address;
    struct device *device = &function->device;
    u32 vendor = pci_read(at, VENDOR, 4);
    u32 class = pci_read(at, REVISION, 4);
    u32 subsystem = pci_read(at, SUBSYSTEM, 4);
    device->vendor = (u16)vendor;
    device->model = (u16)(vendor >> 16);
    device->revision = (u8) class;
    device->class_code = class >> 8;
    if (function->header_kind == HEADER_DEVICE) {
        device->subsystem_vendor = (u16)subsystem;
        device->subsystem_model = (u16)(subsystem >> 16);
    }
}

bool pci_is_bridge(const struct pci_function *function)
{
    return function->header_kind == HEADER_BRIDGE;
}

bool pci_read_function(struct pci_address address, struct pci_function *function)
{
    enum { REGIONS_OF_DEVICE = 6, REGIONS_OF_BRIDGE = 2 };
    u32 vendor = pci_read(address, VENDOR, 2);
    if (vendor == VENDOR_NONE || vendor == 0)
        return false;
    *function = (struct pci_function){ .address = address };
    function->header_kind = pci_read(address, HEADER, 1) & HEADER_KIND;
    write_name(function);
    read_identity(function);
    if (function->header_kind == HEADER_DEVICE)
        read_regions(function, REGIONS_OF_DEVICE);
    else if (function->header_kind == HEADER_BRIDGE)
        read_regions(function, REGIONS_OF_BRIDGE);
    read_capabilities(function);
    read_table(function);
    read_line(function);
    function->device.is_kernels =
        function->header_kind != HEADER_DEVICE || function->device.class_code >> 16 == CLASS_BRIDGE;
    function->device.configuration_bytes = pci_configuration_bytes();
    return true;
}

/* ---- What a driver may write ---- */

static u32 bytes_of(const struct pci_function *function, const struct pci_capability *capability)
{
    return capability->kind == CAPABILITY_VENDOR
               ? pci_read(function->address, capability->offset + 2u, 1)
               : bytes_of_kind(capability->kind);
}

/* The capability that a byte may belong to: the nearest that begins before it. */
static const struct pci_capability *owner_of(const struct pci_function *function, u32 offset)
{
    const struct pci_capability *owner = NULL;
    for (u32 i = 0; i < function->capability_count; i++) {
        const struct pci_capability *next = &function->capabilities[i];
        if (next->offset <= offset && (owner == NULL || next->offset > owner->offset))
            owner = next;
    }
    return owner;
}

static bool may_write_byte(const struct pci_function *function, u32 offset)
{
    enum { VENDOR_HEAD_BYTES = 3 };
    if (offset < HEADER_BYTES || offset >= OLD_SPACE_BYTES)
        return false;
    const struct pci_capability *owner = owner_of(function, offset);
    if (owner == NULL)
        return true;
    u32 bytes = bytes_of(function, owner);
    u32 within = offset - owner->offset;
    if (owner->kind == CAPABILITY_VENDOR && within < bytes)
        return within >= VENDOR_HEAD_BYTES;
    return bytes != 0 && within >= bytes;
}

/* What is a model's own, and what a vendor has in a capability. All else is laid down, and decides
 * about addresses, interrupts, power or the links. */
bool pci_may_write(const struct pci_function *function, u32 offset, u32 width)
{
    for (u32 i = 0; i < width; i++)
        if (!may_write_byte(function, offset + i))
            return false;
    return true;
}
