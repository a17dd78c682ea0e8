/* Layouts: RSDP 5.2.5.3, table heads 5.2.6, FADT 5.2.9, MADT 5.2.12, HPET (IA-PC HPET 1.0a, 3.2.4),
 * MCFG (PCI Firmware Specification 3.3, 4.1.2).
 *
 * What a table says is believed within its checked sum and size only. */
#include "platform/pc/acpi.h"

#include "arch/x86_64/privileged/registers.h"
#include "platform/pc/physical.h"

enum {
    HEAD_BYTES = 36,
    TABLE_BYTES_MAX = 16 << 20,
    ROOT_BYTES_OLD = 20,
    ROOT_BYTES = 36,
};

static u8 sum(struct bytes bytes)
{
    u8 total = 0;
    for (usize i = 0; i < bytes.size; i++)
        total = (u8)(total + bytes.data[i]);
    return total;
}

/* A field of a table; 0 beyond its end. */
static u64 field(struct bytes table, usize offset, usize size)
{
    u64 value = 0;
    for (usize i = size; i > 0; i--)
        value = value << 8 | (offset + i <= table.size ? table.data[offset + i - 1] : 0);
    return value;
}

/* The table at that physical address; empty if it is none. */
static struct bytes table_at(u64 address)
{
    const u8 *head = physical_map(address, HEAD_BYTES, PHYSICAL_TABLES);
    if (head == NULL)
        return (struct bytes){ 0 };
    u64 size = field((struct bytes){ head, HEAD_BYTES }, 4, 4);
    if (size < HEAD_BYTES || size > TABLE_BYTES_MAX)
        return (struct bytes){ 0 };
    const u8 *whole = physical_map(address, size, PHYSICAL_TABLES);
    struct bytes table = { whole, size };
    return whole != NULL && sum(table) == 0 ? table : (struct bytes){ 0 };
}

/* ---- The root ---- */

static bool is_root(const u8 *at)
{
    return bytes_equal((struct bytes){ at, 8 }, BYTES_LITERAL("RSD PTR ")) &&
           sum((struct bytes){ at, ROOT_BYTES_OLD }) == 0;
}

/* On a multiple of 16 in the BIOS's area. */
static u64 find_root(void)
{
    enum { AREA_START = 0xE0000, AREA_END = 0x100000 };
    const u8 *area = physical_map(AREA_START, AREA_END - AREA_START, PHYSICAL_TABLES);
    for (u32 at = 0; area != NULL && at + ROOT_BYTES <= AREA_END - AREA_START; at += 16)
        if (is_root(area + at))
            return AREA_START + at;
    return 0;
}

/* The list of tables, of addresses of `*entry_bytes` each. */
static struct bytes root_table(u64 root, u32 *entry_bytes)
{
    const u8 *at = root == 0 ? NULL : physical_map(root, ROOT_BYTES, PHYSICAL_TABLES);
    if (at == NULL || !is_root(at))
        return (struct bytes){ 0 };
    struct bytes pointer = { at, ROOT_BYTES };
    u64 extended = field(pointer, 15, 1) >= 2 && sum(pointer) == 0 ? field(pointer, 24, 8) : 0;
    *entry_bytes = extended != 0 ? 8 : 4;
    return table_at(extended != 0 ? extended : field(pointer, 16, 4));
}

/* ---- Tables ---- */

static void read_hpet(struct bytes table, struct acpi *acpi)
{
    bool in_memory = field(table, 40, 1) == 0;
    if (in_memory)
        acpi->hpet = field(table, 44, 8);
}

static void add_cpu(struct acpi *acpi, u32 id, u64 flags)
{
    enum { USABLE = 1 };
    for (u32 i = 0; i < acpi->cpu_count; i++)
        if (acpi->apic_ids[i] == id)
            return;
    if ((flags & USABLE) != 0 && acpi->cpu_count < MACHINE_CPUS_MAX)
        acpi->apic_ids[acpi->cpu_count++] = id;
}

/* Processor (1), id (1), flags (4; bit 0: it may be used). */
static void read_local_apic(struct bytes entry, struct acpi *acpi)
{
    add_cpu(acpi, (u32)field(entry, 3, 1), field(entry, 4, 4));
}

/* Unused (2), id (4), flags (4): what has an id that does not fit above, or any. */
static void read_local_x2apic(struct bytes entry, struct acpi *acpi)
{
    add_cpu(acpi, (u32)field(entry, 4, 4), field(entry, 8, 4));
}

/* Id (1), unused (1), address (4), its first input (4). */
static void read_io_apic(struct bytes entry, struct acpi *acpi)
{
    if (acpi->io_apic_count < ACPI_IO_APICS_MAX)
        acpi->io_apics[acpi->io_apic_count++] = (struct acpi_io_apic){
            .registers = field(entry, 4, 4),
            .first_input = (u32)field(entry, 8, 4),
        };
}

/* Bus (1; 0), line (1), input (4), flags (2): bits 0 and 1 are 3 for low, 2 and 3 for level. */
static void read_line(struct bytes entry, struct acpi *acpi)
{
    u64 line = field(entry, 3, 1);
    u64 flags = field(entry, 8, 2);
    if (line < ACPI_LINES)
        acpi->lines[line] = (struct acpi_line){
            .input = (u32)field(entry, 4, 4),
            .low = (flags & 3) == 3,
            .level = (flags >> 2 & 3) == 3,
        };
}

/* Entries of the MADT: type (1), size (1), and by type what is above. */
static void read_madt(struct bytes table, struct acpi *acpi)
{
    enum { FIRST = 44 };
    static void (*const readers[])(struct bytes entry, struct acpi *acpi) = {
        [0] = read_local_apic, [1] = read_io_apic, [2] = read_line, [9] = read_local_x2apic
    };
    usize at = FIRST;
    for (u32 i = 0; i < ACPI_LINES; i++)
        acpi->lines[i] = (struct acpi_line){ .input = i };
    while (at + 2 <= table.size) {
        u64 type = field(table, at, 1);
        u64 size = field(table, at + 1, 1);
        if (size < 2 || at + size > table.size)
            break;
        if (type < BASE_ARRAY_COUNT(readers) && readers[type] != NULL)
            readers[type]((struct bytes){ table.data + at, size }, acpi);
        at += size;
    }
}

/* An integer of AML: ZeroOp, OneOp, or BytePrefix and a byte. */
static bool read_small(struct bytes code, usize *at, u8 *value)
{
    enum { BYTE_PREFIX = 0x0A };
    u64 first = field(code, *at, 1);
    if (first <= 1) {
        *value = (u8)first;
        *at += 1;
        return true;
    }
    *value = (u8)field(code, *at + 1, 1);
    *at += 2;
    return first == BYTE_PREFIX;
}

/* What to write to power off is in the package `_S5_` of the DSDT's code. There is no interpreter
 * of that code here; firmware writes it as a name and a package of constants: NameOp, "_S5_",
 * PackageOp, the package's size (1 to 4 bytes), its count, the values. */
static void read_sleep(struct bytes code, struct acpi *acpi)
{
    enum { PACKAGE_OP = 0x12 };
    for (usize at = HEAD_BYTES; at + 8 <= code.size; at++) {
        struct bytes name = { code.data + at, 4 };
        if (code.data[at] != '_')
            continue; /* of near all bytes, at little cost */
        if (!bytes_equal(name, BYTES_LITERAL("_S5_")) || field(code, at + 4, 1) != PACKAGE_OP)
            continue;
        usize value = at + 5 + 1 + (usize)(field(code, at + 5, 1) >> 6) + 1;
        acpi->can_power_off =
            read_small(code, &value, &acpi->sleep_a) && read_small(code, &value, &acpi->sleep_b);
        return;
    }
}

/* A generic address (5.2.3.2): space (1; 0 memory, 1 ports), bits (3), address (8). Other spaces
 * are not for us. */
static struct acpi_register register_at(struct bytes table, usize offset)
{
    enum { MEMORY, PORTS, WIDEST_BYTES = 8 };
    struct acpi_register found = { 0 };
    u64 address = field(table, offset + 4, 8);
    if (field(table, offset, 1) == PORTS && address <= UINT16_MAX)
        found.port = (u16)address;
    else if (field(table, offset, 1) == MEMORY && address != 0)
        found.memory = physical_map(address, WIDEST_BYTES, PHYSICAL_DEVICE);
    return found;
}

/* The newer field if it is there, the older port else. */
static struct acpi_register control_at(struct bytes table, usize newer, usize older)
{
    struct acpi_register found = register_at(table, newer);
    if (found.memory == NULL && found.port == 0)
        found.port = (u16)field(table, older, 4);
    return found;
}

/* Entries of 16 bytes: address (8), segment (2), first bus (1), last bus (1). */
static void read_mcfg(struct bytes table, struct acpi *acpi)
{
    enum { FIRST = 44, ENTRY_BYTES = 16 };
    for (usize at = FIRST; at + ENTRY_BYTES <= table.size; at += ENTRY_BYTES) {
        u64 address = field(table, at, 8);
        u8 first = (u8)field(table, at + 10, 1);
        u8 last = (u8)field(table, at + 11, 1);
        bool is_first_segment = field(table, at + 8, 2) == 0;
        if (!is_first_segment || first > last || address % 4096 != 0 || address >> 46 != 0)
            continue;
        acpi->pci_configuration = address;
        acpi->pci_first_bus = first;
        acpi->pci_last_bus = last;
    }
}

static void read_fadt(struct bytes table, struct acpi *acpi)
{
    enum { CAN_RESET = 1 << 10 };
    u64 extended = field(table, 140, 8);
    acpi->pm1a_control = control_at(table, 172, 64);
    acpi->pm1b_control = control_at(table, 184, 68);
    acpi->sleep_control = register_at(table, 244);
    acpi->mode_port = (u16)field(table, 48, 4);
    acpi->mode_on = (u8)field(table, 52, 1);
    if ((field(table, 112, 4) & CAN_RESET) != 0)
        acpi->reset = register_at(table, 116);
    acpi->reset_value = (u8)field(table, 128, 1);
    read_sleep(table_at(extended != 0 ? extended : field(table, 40, 4)), acpi);
}

void acpi_read(u64 root, struct acpi *acpi)
{
    static const struct {
        struct bytes name;
        void (*read)(struct bytes table, struct acpi *acpi);
    } readers[] = {
        { BYTES_LITERAL("HPET"), read_hpet },
        { BYTES_LITERAL("APIC"), read_madt },
        { BYTES_LITERAL("FACP"), read_fadt },
        { BYTES_LITERAL("MCFG"), read_mcfg },
    };
    u32 entry_bytes = 4;
    struct bytes list = root_table(root != 0 ? root : find_root(), &entry_bytes);
    if (list.size == 0)
        acpi->mistake = "there are no ACPI tables: one CPU, no HPET, no powering off";
    for (usize at = HEAD_BYTES; at + entry_bytes <= list.size; at += entry_bytes) {
        struct bytes table = table_at(field(list, at, entry_bytes));
        for (usize i = 0; i < BASE_ARRAY_COUNT(readers) && table.size != 0; i++)
            if (bytes_start_with(table, readers[i].name))
                readers[i].read(table, acpi);
    }
}

const struct acpi_io_apic *acpi_io_apic_of(const struct acpi *acpi, u32 input)
{
    const struct acpi_io_apic *found = NULL;
    for (u32 i = 0; i < acpi->io_apic_count; i++) {
        const struct acpi_io_apic *one = &acpi->io_apics[i];
        if (one->first_input <= input && (found == NULL || one->first_input > found->first_input))
            found = one;
    }
    return found;
}
