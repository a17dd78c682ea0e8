/* Configuration space lies in memory where ACPI says so (PCI Firmware Specification 3.3, 4.1), 4096
 * bytes a function; otherwise 256 of them are behind two ports (PCI Local Bus 3.0, 3.2.2.3.2). */
#include "platform/pc/pci_access.h"

#include "arch/x86_64/privileged/local_apic.h"
#include "arch/x86_64/privileged/registers.h"
#include "platform/bare/pci.h"
#include "platform/pc/lines.h"
#include "platform/pc/physical.h"

enum {
    PORT_ADDRESS = 0xCF8,
    PORT_DATA = 0xCFC,
    BUS_SHIFT = 20,
    BUS_BYTES = 1 << BUS_SHIFT,
    BUSES = 256,
    BYTES_BY_PORTS = 256,
    BYTES_IN_MEMORY = 4096,
};

static const u32 ADDRESS_ON = 0x80000000;

static const struct acpi *tables;
static const struct memory_map *memory;
static bool in_memory;
static volatile u8 *buses[BUSES]; /* where they are mapped */

u32 pci_configuration_bytes(void)
{
    return in_memory ? BYTES_IN_MEMORY : BYTES_BY_PORTS;
}

/* ---- In memory ---- */

/* Mapped at first sight, while booting. NULL: no such bus. */
static volatile u8 *place_of(struct pci_address at, u32 offset)
{
    if (at.bus < tables->pci_first_bus || at.bus > tables->pci_last_bus)
        return NULL;
    if (buses[at.bus] == NULL)
        buses[at.bus] = physical_map(tables->pci_configuration + ((u64)at.bus << BUS_SHIFT),
                                     BUS_BYTES, PHYSICAL_DEVICE);
    if (buses[at.bus] == NULL)
        return NULL;
    return buses[at.bus] + ((u32)at.device << 15 | (u32)at.function << 12 | offset);
}

static u32 read_memory(struct pci_address at, u32 offset, u32 width)
{
    volatile u8 *place = place_of(at, offset);
    if (place == NULL)
        return UINT32_MAX >> (32 - 8 * width);
    if (width == 1)
        return *place;
    return width == 2 ? *(volatile u16 *)place : *(volatile u32 *)place;
}

static void write_memory(struct pci_address at, u32 offset, u32 width, u32 value)
{
    volatile u8 *place = place_of(at, offset);
    if (place == NULL)
        return;
    if (width == 1)
        *place = (u8)value;
    else if (width == 2)
        *(volatile u16 *)place = (u16)value;
    else
        *(volatile u32 *)place = value;
}

/* ---- Behind ports; with the lock ---- */

static u16 choose(struct pci_address at, u32 offset)
{
    u32 device = (u32)at.bus << 16 | (u32)at.device << 11 | (u32)at.function << 8;
    port_write_u32(PORT_ADDRESS, ADDRESS_ON | device | (offset & 0xFC));
    return (u16)(PORT_DATA + (offset & 3));
}

/* ---- Either ---- */

static u32 read_locked(struct pci_address at, u32 offset, u32 width)
{
    return in_memory ? read_memory(at, offset, width) : device_port_read(choose(at, offset), width);
}

static void write_locked(struct pci_address at, u32 offset, u32 width, u32 value)
{
    if (in_memory)
        write_memory(at, offset, width, value);
    else
        device_port_write(choose(at, offset), width, value);
}

u32 pci_read(struct pci_address address, u32 offset, u32 width)
{
    if (in_memory)
        return read_memory(address, offset, width);
    u64 flags = lines_lock();
    u32 value = read_locked(address, offset, width);
    lines_unlock(flags);
    return value;
}

void pci_write(struct pci_address address, u32 offset, u32 width, u32 value)
{
    u64 flags = lines_lock();
    write_locked(address, offset, width, value);
    lines_unlock(flags);
}

void pci_change(struct pci_address address, u32 offset, u16 clear, u16 set)
{
    u64 flags = lines_lock();
    u32 value = read_locked(address, offset, 2);
    write_locked(address, offset, 2, (value & ~(u32)clear) | set);
    lines_unlock(flags);
}

void pci_renew(struct pci_address address, u32 offset, u16 *value, u16 clear, u16 set)
{
    u64 flags = lines_lock();
    u16 new = (u16)((*value & ~(u32)clear) | set);
    __atomic_store_n(value, new, __ATOMIC_RELEASE);
    write_locked(address, offset, 2, new);
    lines_unlock(flags);
}

/* ---- What is the kernel's ---- */

static bool overlaps(u64 start, u64 size, u64 other, u64 other_size)
{
    return other != 0 && start < other + other_size && other < start + size;
}

static bool is_memory(u64 start, u64 size)
{
    for (u32 i = 0; i < memory->count; i++) {
        struct memory_range range = memory->ranges[i];
        if (overlaps(start, size, range.start, range.end - range.start))
            return true;
    }
    return false;
}

enum { REGISTERS_BYTES = 4096 };

static bool is_io_apic(u64 start, u64 size)
{
    for (u32 i = 0; i < tables->io_apic_count; i++)
        if (overlaps(start, size, tables->io_apics[i].registers, REGISTERS_BYTES))
            return true;
    return false;
}

static bool is_memory_free(u64 start, u64 size)
{
    enum { LOW_BYTES = 1 << 20, ADDRESS_BITS = 46 };
    u64 configuration = tables->pci_configuration + ((u64)tables->pci_first_bus << BUS_SHIFT);
    u64 count = (u64)tables->pci_last_bus - tables->pci_first_bus + 1;
    return start >= LOW_BYTES && (start + size) >> ADDRESS_BITS == 0 && !is_memory(start, size) &&
           !overlaps(start, size, local_apic_address(), REGISTERS_BYTES) &&
           !is_io_apic(start, size) &&
           !overlaps(start, size, tables->hpet, REGISTERS_BYTES) &&
           !(in_memory && overlaps(start, size, configuration, count << BUS_SHIFT));
}

static bool are_ports_free(u64 start, u64 size)
{
    enum { BOARD_PORTS = 0x100, CONFIGURATION_PORTS = 8, CONTROL_PORTS = 2 };
    return start >= BOARD_PORTS && start + size <= UINT16_MAX + 1 &&
           !overlaps(start, size, PORT_ADDRESS, CONFIGURATION_PORTS) &&
           !overlaps(start, size, tables->pm1a_control.port, CONTROL_PORTS) &&
           !overlaps(start, size, tables->pm1b_control.port, CONTROL_PORTS);
}

bool pci_is_free(enum device_region_kind kind, u64 start, u64 size)
{
    if (kind == DEVICE_REGION_KIND_PORTS) {
        for (u32 i = 0; i < devices_count(); i++) {
            const struct device *device = devices_at(i);
            for (u32 j = 0; j < device->region_count; j++)
                if (device->regions[j].kind == kind &&
                    overlaps(start, size, device->regions[j].address, device->regions[j].size))
                    return false;
        }
        return are_ports_free(start, size);
    }
    return is_memory_free(start, size);
}

bool pci_access_init(const struct acpi *acpi, const struct memory_map *map)
{
    tables = acpi;
    memory = map;
    u64 count = (u64)acpi->pci_last_bus - acpi->pci_first_bus + 1;
    in_memory = acpi->pci_configuration != 0 && acpi->pci_first_bus == 0 &&
                is_memory_free(acpi->pci_configuration, count << BUS_SHIFT);
    if (in_memory)
        return true;
    port_write_u32(PORT_ADDRESS, ADDRESS_ON);
    return port_read_u32(PORT_ADDRESS) == ADDRESS_ON;
}

/* ---- Interrupts ---- */

/* A message's place: the CPU, and the vector's number. */
enum { PLACE_CPU_SHIFT = 8 };

_Static_assert(MACHINE_CPUS_MAX <= UINT8_MAX + 1, "a place is two bytes");

/* The form of messages is that of Intel's manual, volume 3, 11.11: a fixed interrupt, by an edge,
 * for the local APIC whose id is in the address. */
bool pci_take_message(struct device *device, u32 index, struct pci_message *message)
{
    enum { ID_SHIFT = 12 };
    struct line_vector vector = line_take_vector(device, index);
    *message = (struct pci_message){
        .address = 0xFEE00000 | (u64)vector.apic_id << ID_SHIFT,
        .data = vector.number,
        .place = (u16)(vector.cpu << PLACE_CPU_SHIFT | vector.number),
    };
    return vector.number != 0;
}

void pci_give_message(u16 place)
{
    line_give_vector(place >> PLACE_CPU_SHIFT, (u8)place);
}
