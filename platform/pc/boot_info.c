#include "platform/pc/boot_info.h"

#include "platform/pc/boot.h"

static const u64 FOUR_GIB = (u64)1 << 32;

extern const u8 image_start[], image_end[]; /* the linker's */

void boot_info_mistake(struct boot_info *info, const char *mistake)
{
    for (u32 i = 0; i < info->mistake_count; i++)
        if (info->mistakes[i] == mistake)
            return;
    if (info->mistake_count < BOOT_MISTAKES_MAX)
        info->mistakes[info->mistake_count++] = mistake;
}

/* Reserved memory wins over usable memory that it overlaps, in whichever order they come. */
static struct memory_map reserved;

void boot_info_memory(struct boot_info *info, u64 start, u64 size, bool usable)
{
    u64 end = size > UINT64_MAX - start ? UINT64_MAX : start + size;
    if (usable)
        memory_map_add(&info->memory, start, end);
    else
        memory_map_add(&reserved, start & ~(u64)(MEMORY_PAGE - 1),
                       end > UINT64_MAX - MEMORY_PAGE ? end : u64_align_up(end, MEMORY_PAGE));
}

/* The first one is the bundle; others hold nothing that we know. */
void boot_info_module(struct boot_info *info, u64 start, u64 size)
{
    if (start >= FOUR_GIB || size > FOUR_GIB - start) {
        boot_info_mistake(info, "a boot module lies above 4 GiB");
        return;
    }
    if (info->bundle.start != info->bundle.end || size == 0)
        return;
    info->bundle = (struct memory_range){ start, start + size };
    memory_map_add(&info->taken, start & ~(u64)(MEMORY_PAGE - 1),
                   u64_align_up(start + size, MEMORY_PAGE));
}

void boot_info_picture(struct boot_info *info, const struct screen_mode *picture)
{
    const char *mistake = screen_mode_mistake(picture);
    if (mistake == NULL && picture->address > UINT64_MAX - screen_mode_bytes(picture))
        mistake = "the picture has an impossible address: it is not used";
    if (mistake == NULL)
        info->picture = *picture;
    else
        boot_info_mistake(info, mistake);
}

void boot_info_command_line(struct boot_info *info, const char *text, usize size_max)
{
    usize size = 0;
    while (size < size_max && text[size] != 0)
        size++;
    if (size > BOOT_COMMAND_LINE_MAX - 1) {
        boot_info_mistake(info, "the command line is too long, and its end was cut off");
        size = BOOT_COMMAND_LINE_MAX - 1;
    }
    __builtin_memcpy(info->command_line, text, size);
    info->command_line[size] = 0;
}

/* A picture in memory that is ours would be drawn over it. */
static void check_picture(struct boot_info *info)
{
    u64 end = info->picture.address + screen_mode_bytes(&info->picture);
    for (u32 i = 0; i < info->memory.count; i++) {
        if (info->memory.ranges[i].start >= end ||
            info->memory.ranges[i].end <= info->picture.address)
            continue;
        info->picture.address = 0;
        boot_info_mistake(info, "the picture lies in usable memory: it is not used");
        return;
    }
}

void boot_info_read(u32 magic, u32 address, struct boot_info *info)
{
    const u8 *tables = (const u8 *)(usize)address;
    if (magic == BOOT_BY_PVH)
        boot_pvh_read(tables, info);
    else if (magic == BOOT_BY_MULTIBOOT2)
        boot_multiboot2_read(tables, info);
    else
        boot_info_mistake(info, "the boot loader speaks neither PVH nor multiboot2");
    for (u32 i = 0; i < reserved.count; i++)
        memory_map_remove(&info->memory, reserved.ranges[i].start, reserved.ranges[i].end);
    check_picture(info);
    memory_map_add(&info->taken, (usize)image_start, (usize)image_end);
}
