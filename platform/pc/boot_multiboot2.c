/* The boot information of multiboot2 (its specification, version 2.0, section 3.6): its total size
 * (4 bytes), unused (4), then tags, each on a multiple of 8:
 *
 *   offset size
 *     0     4  type
 *     4     4  size, this head included
 *     8        by type:
 *                1  command line, zero-terminated
 *                3  module: start (4), end (4), text
 *                4  memory in KiB: below 1 MiB (4), from there on to the first hole (4)
 *                6  memory map: entry size (4), version (4), entries: address (8), size (8),
 *                   type (4; 1: usable), unused (4)
 *                8  picture: address (8), pitch (4), width (4), height (4), bits a pixel (1), kind
 *                   (1; 1: colours by channels), unused (2), position and size in bits of red,
 *                   green and blue (1 each)
 *               14  copy of the RSDP of ACPI 1.0; 15: of ACPI 2.0 */
#include "platform/pc/boot_info.h"

enum {
    HEAD_BYTES = 8,
    SIZE_MAX_BYTES = 1 << 20,
    TAG_END = 0,
    TAG_COMMAND_LINE = 1,
    TAG_MODULE = 3,
    TAG_MEMORY_SIZES = 4,
    TAG_MEMORY_MAP = 6,
    TAG_PICTURE = 8,
    TAG_ACPI_OLD = 14,
    TAG_ACPI_NEW = 15,
    MAP_ENTRY_BYTES = 24,
    TYPE_USABLE = 1,
    PICTURE_BY_CHANNELS = 1,
};

/* What a loader has told of memory: the sizes are for one that gives no map. */
struct memory_told {
    bool by_map;
    u32 low_kib, high_kib;
};

static void read_module(struct reader *tag, struct boot_info *info)
{
    u32 start = reader_u32(tag);
    u32 end = reader_u32(tag);
    if (reader_ok(tag) && end >= start)
        boot_info_module(info, start, end - start);
}

static void read_map(struct reader *tag, struct boot_info *info)
{
    u32 entry_bytes = reader_u32(tag);
    reader_u32(tag);
    if (entry_bytes < MAP_ENTRY_BYTES) {
        boot_info_mistake(info, "the memory map of multiboot2 has entries that are too short");
        return;
    }
    while (reader_left(tag) >= entry_bytes) {
        struct reader entry = reader_part(tag, entry_bytes);
        u64 start = reader_u64(&entry);
        u64 size = reader_u64(&entry);
        boot_info_memory(info, start, size, reader_u32(&entry) == TYPE_USABLE);
    }
}

static struct screen_channel read_channel(struct reader *tag)
{
    u8 position = reader_u8(tag);
    return (struct screen_channel){ position, reader_u8(tag) };
}

static void read_picture(struct reader *tag, struct boot_info *info)
{
    struct screen_mode picture = { .address = reader_u64(tag) };
    picture.pitch = reader_u32(tag);
    picture.width = reader_u32(tag);
    picture.height = reader_u32(tag);
    picture.bits_per_pixel = reader_u8(tag);
    if (reader_u8(tag) != PICTURE_BY_CHANNELS) {
        boot_info_mistake(info, "the picture is of text or of a palette of colours: it is not used");
        return;
    }
    reader_bytes(tag, 2);
    picture.red = read_channel(tag);
    picture.green = read_channel(tag);
    picture.blue = read_channel(tag);
    if (reader_ok(tag))
        boot_info_picture(info, &picture);
}

static void use_sizes(const struct memory_told *told, struct boot_info *info)
{
    boot_info_mistake(info, told->high_kib == 0
                                ? BOOT_NO_MEMORY_MAP
                                : "the boot loader handed over no memory map: memory is used as far as "
                                  "the first hole, where it says that this is");
    boot_info_memory(info, 0, (u64)told->low_kib << 10, true);
    boot_info_memory(info, 1 << 20, (u64)told->high_kib << 10, true);
}

static void read_tag(u32 type, struct reader *tag, struct memory_told *told, struct boot_info *info)
{
    switch (type) {
    case TAG_COMMAND_LINE:
        boot_info_command_line(info, (const char *)tag->at, reader_left(tag));
        break;
    case TAG_MODULE:
        read_module(tag, info);
        break;
    case TAG_MEMORY_SIZES:
        told->low_kib = reader_u32(tag);
        told->high_kib = reader_u32(tag);
        break;
    case TAG_MEMORY_MAP:
        told->by_map = true;
        read_map(tag, info);
        break;
    case TAG_PICTURE:
        read_picture(tag, info);
        break;
    case TAG_ACPI_OLD:
        if (info->acpi_root == 0)
            info->acpi_root = (usize)tag->at;
        break;
    case TAG_ACPI_NEW:
        info->acpi_root = (usize)tag->at;
        break;
    default:
        break; /* of no use to us */
    }
}

void boot_multiboot2_read(const u8 *information, struct boot_info *info)
{
    struct reader reader;
    struct memory_told told = { 0 };
    reader_init(&reader, (struct bytes){ information, HEAD_BYTES });
    u32 total = reader_u32(&reader);
    if (total < HEAD_BYTES || total > SIZE_MAX_BYTES) {
        boot_info_mistake(info, "the multiboot2 information has an impossible size");
        return;
    }
    u64 address = (usize)information;
    memory_map_add(&info->taken, address & ~(u64)(MEMORY_PAGE - 1),
                   u64_align_up(address + total, MEMORY_PAGE));
    reader_init(&reader, (struct bytes){ information, total });
    reader_bytes(&reader, HEAD_BYTES);
    while (reader_left(&reader) >= HEAD_BYTES) {
        u32 type = reader_u32(&reader);
        u32 size = reader_u32(&reader);
        if (type == TAG_END || size < HEAD_BYTES)
            break;
        struct reader tag = reader_part(&reader, size - HEAD_BYTES);
        read_tag(type, &tag, &told, info);
        usize gap = (usize)u64_align_up(size, 8) - size;
        reader_bytes(&reader, u64_min(gap, reader_left(&reader)));
    }
    if (!reader_ok(&reader))
        boot_info_mistake(info, "a tag of the multiboot2 information passes its end");
    if (!told.by_map)
        use_sizes(&told, info);
}
