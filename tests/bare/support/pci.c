#include "tests/bare/support/pci.h"

struct space space;

struct space_function *space_add(u8 bus, u8 device, u8 function)
{
    struct space_function *added = &space.functions[space.count++];
    *added = (struct space_function){ .address = { bus, device, function } };
    space_put(added, 0x00, 4, 0x00018086u + ((u32)space.count << 16));
    space_put(added, 0x08, 4, 0x02000001);
    space_put(added, 0x0E, 1, 0x80); /* the whole device is looked through */
    added->settable[0x04] = 0x07;
    added->settable[0x05] = 0x04;
    return added;
}

void space_put(struct space_function *function, u32 offset, u32 width, u32 value)
{
    for (u32 i = 0; i < width; i++)
        function->bytes[offset + i] = (u8)(value >> 8 * i);
}

u32 space_get(const struct space_function *function, u32 offset, u32 width)
{
    u32 value = 0;
    for (u32 i = width; i > 0; i--)
        value = value << 8 | function->bytes[offset + i - 1];
    return value;
}

void space_region(struct space_function *function, u32 index, u64 address, u64 size, u32 flags)
{
    u32 offset = 0x10 + 4 * index;
    bool is_wide = (flags & 7) == 4;
    u64 settable = ~(size - 1) & ((flags & 1) != 0 ? ~(u64)3 : ~(u64)15);
    for (u32 i = 0; i < (is_wide ? 8u : 4u); i++)
        function->settable[offset + i] = (u8)(settable >> 8 * i);
    space_put(function, offset, 4, (u32)address | flags);
    if (is_wide)
        space_put(function, offset + 4, 4, (u32)(address >> 32));
}

static struct space_function *find(struct pci_address at)
{
    for (u32 i = 0; i < space.count; i++) {
        struct pci_address other = space.functions[i].address;
        if (other.bus == at.bus && other.device == at.device && other.function == at.function)
            return &space.functions[i];
    }
    return NULL;
}

/* ---- What platform/bare asks for ---- */

u32 pci_configuration_bytes(void)
{
    return SPACE_BYTES;
}

u32 pci_read(struct pci_address address, u32 offset, u32 width)
{
    const struct space_function *function = find(address);
    space.reads++;
    BASE_ASSERT(offset + width <= SPACE_BYTES && offset % width == 0);
    return function == NULL ? UINT32_MAX >> (32 - 8 * width) : space_get(function, offset, width);
}

void pci_write(struct pci_address address, u32 offset, u32 width, u32 value)
{
    struct space_function *function = find(address);
    BASE_ASSERT(offset + width <= SPACE_BYTES && offset % width == 0);
    if (function == NULL)
        return;
    space.sized_while_decoding +=
        offset >= 0x10 && offset < 0x28 && (space_get(function, 4, 2) & 3) != 0;
    for (u32 i = 0; i < width; i++) {
        u8 mask = function->settable[offset + i];
        u8 *byte = &function->bytes[offset + i];
        *byte = (u8)((*byte & ~mask) | ((value >> 8 * i) & mask));
    }
}

void pci_change(struct pci_address address, u32 offset, u16 clear, u16 set)
{
    u32 value = pci_read(address, offset, 2);
    pci_write(address, offset, 2, (value & ~(u32)clear) | set);
}

void pci_renew(struct pci_address address, u32 offset, u16 *value, u16 clear, u16 set)
{
    *value = (u16)((*value & ~(u32)clear) | set);
    pci_write(address, offset, 2, *value);
}

bool pci_is_free(enum device_region_kind kind, u64 start, u64 size)
{
    return kind != DEVICE_REGION_KIND_MEMORY || start >= space.taken_end ||
           start + size <= space.taken_start;
}

bool pci_take_message(struct device *device, u32 index, struct pci_message *message)
{
    (void)device;
    *message = (struct pci_message){ .address = 0xFEE00000, .data = 0x60 + index, .place = 0x60 };
    return true;
}

void pci_give_message(u16 place)
{
    (void)place;
}

bool pci_open_line(u32 line)
{
    (void)line;
    return true;
}

void pci_close_line(u32 line)
{
    (void)line;
}

volatile void *device_registers(u64 address, u64 size)
{
    static u8 registers[1 << 16];
    (void)address;
    return size <= sizeof(registers) ? registers : NULL;
}
