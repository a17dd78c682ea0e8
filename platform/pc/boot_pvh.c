/* The start_info of PVH (Xen, public/arch-x86/hvm/start_info.h), version 0 and 1:
 *
 *   offset size                          offset size
 *     0     4  magic, 0x336EC578           24     8  command line, zero-terminated
 *     4     4  version                     32     8  RSDP
 *     8     4  flags                       40     8  memory map (version 1)
 *    12     4  modules                     48     4  its entries
 *    16     8  list of modules
 *
 * A module is 32 bytes: address, size, command line, unused. An entry of the memory map is 24:
 * address (8), size (8), type (4; 1: usable), unused (4). */
#include "platform/pc/boot_info.h"
#include "platform/pc/physical.h"

enum {
    START_INFO_BYTES = 56,
    MODULE_BYTES = 32,
    MAP_ENTRY_BYTES = 24,
    TYPE_USABLE = 1,
    MODULES_MAX = 16,
    ENTRIES_MAX = 1024,
};

static const u32 MAGIC = 0x336EC578;

/* A list in memory that is mapped; empty if it is not. */
static struct bytes list_at(u64 address, u64 count, u64 item_bytes)
{
    u64 size = count * item_bytes;
    const u8 *list = physical_early(address, size);
    return (struct bytes){ list, list == NULL ? 0 : size };
}

static void read_modules(struct boot_info *info, u64 address, u32 count)
{
    struct reader reader;
    reader_init(&reader, list_at(address, u64_min(count, MODULES_MAX), MODULE_BYTES));
    while (reader_left(&reader) >= MODULE_BYTES) {
        u64 start = reader_u64(&reader);
        u64 size = reader_u64(&reader);
        reader_u64(&reader);
        reader_u64(&reader);
        boot_info_module(info, start, size);
    }
}

static void read_map(struct boot_info *info, u64 address, u32 count)
{
    struct reader reader;
    reader_init(&reader, list_at(address, u64_min(count, ENTRIES_MAX), MAP_ENTRY_BYTES));
    if (reader_left(&reader) == 0)
        boot_info_mistake(info, BOOT_NO_MEMORY_MAP);
    while (reader_left(&reader) >= MAP_ENTRY_BYTES) {
        u64 start = reader_u64(&reader);
        u64 size = reader_u64(&reader);
        u32 type = reader_u32(&reader);
        reader_u32(&reader);
        boot_info_memory(info, start, size, type == TYPE_USABLE);
    }
}

void boot_pvh_read(const u8 *start_info, struct boot_info *info)
{
    struct reader reader;
    reader_init(&reader, (struct bytes){ start_info, START_INFO_BYTES });
    if (reader_u32(&reader) != MAGIC) {
        boot_info_mistake(info, "the PVH start information has another magic number");
        return;
    }
    u32 version = reader_u32(&reader);
    reader_u32(&reader);
    u32 module_count = reader_u32(&reader);
    u64 modules = reader_u64(&reader);
    u64 command_line = reader_u64(&reader);
    info->acpi_root = reader_u64(&reader);
    u64 map = version >= 1 ? reader_u64(&reader) : 0;
    u32 map_count = version >= 1 ? reader_u32(&reader) : 0;
    read_modules(info, modules, module_count);
    read_map(info, map, map_count);
    const char *text = physical_early(command_line, BOOT_COMMAND_LINE_MAX);
    if (text != NULL)
        boot_info_command_line(info, text, BOOT_COMMAND_LINE_MAX);
}
