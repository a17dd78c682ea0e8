/* The table of interrupt controllers, as firmware of machines with many CPUs writes it. */
#include "platform/pc/acpi.h"

#include "platform/pc/physical.h"
#include "tests/tap.h"

#include <string.h>

enum {
    MEMORY_START = 0x10000,
    ROOT = 0,    /* the RSDP, of the first version */
    TABLES = 64, /* the RSDT: one entry */
    MADT = 128,
    HEAD_BYTES = 36,
    MADT_HEAD_BYTES = 44,
};

static u8 memory[4096];
static usize end = MADT + MADT_HEAD_BYTES;

void *physical_map(u64 address, u64 size, enum physical_kind kind)
{
    (void)kind;
    u64 at = address - MEMORY_START;
    return at > sizeof(memory) || size > sizeof(memory) - at ? NULL : memory + at;
}

static void put(usize at, u64 value, usize size)
{
    memcpy(memory + at, &value, size);
}

static void mend(usize at, usize size, usize place)
{
    u8 sum = 0;
    memory[at + place] = 0;
    for (usize i = 0; i < size; i++)
        sum = (u8)(sum + memory[at + i]);
    memory[at + place] = (u8)-sum;
}

/* An entry of `size` bytes; where it begins. */
static usize entry(u8 type, u8 size)
{
    usize at = end;
    memory[at] = type;
    memory[at + 1] = size;
    end += size;
    return at;
}

static void add_cpu(u8 id, u32 flags)
{
    usize at = entry(0, 8);
    put(at + 3, id, 1);
    put(at + 4, flags, 4);
}

static void add_x2apic(u32 id, u32 flags)
{
    usize at = entry(9, 16);
    put(at + 4, id, 4);
    put(at + 8, flags, 4);
}

static void add_io_apic(u32 registers, u32 first_input)
{
    usize at = entry(1, 12);
    put(at + 4, registers, 4);
    put(at + 8, first_input, 4);
}

static void add_line(u8 line, u32 input, u16 flags)
{
    usize at = entry(2, 10);
    put(at + 3, line, 1);
    put(at + 4, input, 4);
    put(at + 8, flags, 2);
}

static void finish(void)
{
    memcpy(memory + ROOT, "RSD PTR ", 8);
    put(ROOT + 16, MEMORY_START + TABLES, 4);
    mend(ROOT, 20, 8);
    memcpy(memory + TABLES, "RSDT", 4);
    put(TABLES + 4, HEAD_BYTES + 4, 4);
    put(TABLES + HEAD_BYTES, MEMORY_START + MADT, 4);
    mend(TABLES, HEAD_BYTES + 4, 9);
    memcpy(memory + MADT, "APIC", 4);
    put(MADT + 4, end - MADT, 4);
    mend(MADT, end - MADT, 9);
}

static void test_cpus(const struct acpi *acpi)
{
    TAP_OK(acpi->cpu_count == 4 && acpi->apic_ids[0] == 0 && acpi->apic_ids[1] == 6 &&
               acpi->apic_ids[2] == 255 && acpi->apic_ids[3] == 70000,
           "CPUs of both kinds of entry, once each; what may not be used is left out");
}

static void test_lines(const struct acpi *acpi)
{
    const struct acpi_line *timer = &acpi->lines[0], *plain = &acpi->lines[4];
    const struct acpi_line *power = &acpi->lines[9];
    TAP_OK(timer->input == 2 && !timer->low && !timer->level && plain->input == 4 &&
               power->input == 30 && power->low && power->level,
           "lines come in where overrides say, or at their own number");
}

static void test_io_apics(const struct acpi *acpi)
{
    const struct acpi_io_apic *first = acpi_io_apic_of(acpi, 23);
    const struct acpi_io_apic *second = acpi_io_apic_of(acpi, 24);
    const struct acpi_io_apic *third = acpi_io_apic_of(acpi, 1000);
    TAP_OK(first != NULL && first->registers == 0xFEC00000 && second != NULL &&
               second->registers == 0xFEC10000 && second == acpi_io_apic_of(acpi, 47) &&
               third != NULL && third->registers == 0xFEC20000,
           "an input belongs to the I/O APIC that begins at or before it, in whatever order they "
           "come");
    TAP_OK(acpi_io_apic_of(&(struct acpi){ 0 }, 4) == NULL, "or to none");
}

int main(void)
{
    struct acpi acpi = { 0 };
    add_cpu(0, 1);
    add_cpu(6, 1);
    add_cpu(7, 0);
    add_x2apic(6, 1);
    add_x2apic(255, 1);
    add_x2apic(70000, 1);
    add_x2apic(70001, 0);
    add_io_apic(0xFEC10000, 24);
    add_io_apic(0xFEC00000, 0);
    add_io_apic(0xFEC20000, 48);
    add_line(0, 2, 0);
    add_line(9, 30, 0xF);
    add_line(99, 1, 0);
    finish();
    acpi_read(MEMORY_START, &acpi);
    test_cpus(&acpi);
    test_lines(&acpi);
    test_io_apics(&acpi);
    return tap_done();
}
