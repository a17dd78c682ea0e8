/* What firmware and boot loaders say, on any bytes, by the first of them: ACPI tables, the information of
 * multiboot2, or PVH's start_info. What follows is the memory that they lie in, from MEMORY_START on. To get past
 * the sums, whatever is called like a table gets a right one first. */
#include "platform/pc/acpi.h"
#include "platform/pc/boot_info.h"
#include "platform/pc/physical.h"

#include <stdlib.h>
#include <string.h>

enum {
    MEMORY_START = 0x10000,
    ROOT_BYTES_OLD = 20,
    ROOT_BYTES = 36,
    HEAD_BYTES = 36,
    SUM_OFFSET = 9, /* in the head of a table */
    MULTIBOOT_HEAD = 8,
    START_INFO_BYTES = 56,
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

const u8 image_start[1], image_end[1];
const u8 screen_glyphs[SCREEN_GLYPH_COUNT][SCREEN_GLYPH_ROWS];
static u8 *memory;
static usize memory_size;

void *physical_map(u64 address, u64 size, enum physical_kind kind)
{
    (void)kind;
    u64 at = address - MEMORY_START;
    return address < MEMORY_START || size > memory_size || at > memory_size - size ? NULL
                                                                                   : memory + at;
}

const void *physical_early(u64 address, u64 size)
{
    return physical_map(address, size, PHYSICAL_TABLES);
}

/* Makes the sum of the bytes zero by the one at `place`. */
static void mend(u8 *bytes, usize size, usize place)
{
    u8 sum = 0;
    bytes[place] = 0;
    for (usize i = 0; i < size; i++)
        sum = (u8)(sum + bytes[i]);
    bytes[place] = (u8)-sum;
}

static bool is_table(const u8 *at)
{
    static const char names[][5] = { "RSDT", "XSDT", "APIC", "FACP", "HPET", "DSDT", "MCFG" };
    for (usize i = 0; i < BASE_ARRAY_COUNT(names); i++)
        if (memcmp(at, names[i], 4) == 0)
            return true;
    return false;
}

static void mend_tables(void)
{
    for (usize at = 0; at + HEAD_BYTES <= memory_size; at += 4) {
        u32 size;
        memcpy(&size, memory + at + 4, sizeof(size));
        if (is_table(memory + at) && size >= HEAD_BYTES && size <= memory_size - at)
            mend(memory + at, size, SUM_OFFSET);
    }
    if (memory_size >= ROOT_BYTES) {
        mend(memory, ROOT_BYTES_OLD, 8);
        mend(memory, ROOT_BYTES, 32);
    }
}

static void read_tables(void)
{
    struct acpi acpi = { 0 };
    mend_tables();
    acpi_read(MEMORY_START, &acpi);
    if (acpi.cpu_count > MACHINE_CPUS_MAX || acpi.pci_first_bus > acpi.pci_last_bus)
        abort();
}

/* Whatever was said, this holds: what is wrong is left out, and that is said. */
static void check(const struct boot_info *info)
{
    for (u32 i = 0; i < info->memory.count; i++)
        if (info->memory.ranges[i].start >= info->memory.ranges[i].end)
            abort();
    if (info->picture.address != 0 && screen_mode_mistake(&info->picture) != NULL)
        abort();
    if (strnlen(info->command_line, BOOT_COMMAND_LINE_MAX) == BOOT_COMMAND_LINE_MAX)
        abort();
    if (info->bundle.start > info->bundle.end || info->bundle.end > (u64)1 << 32)
        abort();
    if (info->mistake_count > BOOT_MISTAKES_MAX)
        abort();
}

/* A loader is believed that its information is as long as it says. */
static void read_multiboot2(void)
{
    static struct boot_info info;
    u32 total;
    if (memory_size < MULTIBOOT_HEAD)
        return;
    memcpy(&total, memory, sizeof(total));
    total = (u32)u64_min(total, memory_size);
    memcpy(memory, &total, sizeof(total));
    info = (struct boot_info){ 0 };
    boot_multiboot2_read(memory, &info);
    check(&info);
}

static void read_pvh(void)
{
    static struct boot_info info;
    if (memory_size < START_INFO_BYTES)
        return;
    info = (struct boot_info){ 0 };
    boot_pvh_read(memory, &info);
    check(&info);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    if (size == 0)
        return 0;
    memory_size = size - 1;
    memory = malloc(memory_size + 1);
    memcpy(memory, data + 1, memory_size);
    static void (*const readers[])(void) = { read_tables, read_multiboot2, read_pvh };
    readers[data[0] % BASE_ARRAY_COUNT(readers)]();
    free(memory);
    return 0;
}
