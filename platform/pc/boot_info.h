/* What a boot loader tells, in one form for all loaders. Private to the PC platform.
 *
 * Read while the first 4 GiB are mapped where they are; what lies beyond is refused. Texts are
 * copied; the bundle and the ACPI root pointer stay where they are, in memory that is taken. */
#ifndef PLATFORM_PC_BOOT_INFO_H
#define PLATFORM_PC_BOOT_INFO_H

#include "platform/bare/memory_map.h"
#include "platform/bare/screen.h"

enum { BOOT_COMMAND_LINE_MAX = 4096, BOOT_MISTAKES_MAX = 8 };

/* Nothing says then which memory there is. */
#define BOOT_NO_MEMORY_MAP                                                                         \
    "the boot loader handed over no memory map: by multiboot2 GRUB does, by PVH QEMU's -kernel"

struct boot_info {
    struct memory_map memory;   /* that may be used, taken parts included */
    struct memory_map taken;    /* parts of it that hold something of ours */
    struct memory_range bundle; /* as loaded; empty: none */
    u64 acpi_root;              /* physical address of the RSDP; 0: not told */
    struct screen_mode picture; /* that is shown; its address is 0: none that we could use */
    char command_line[BOOT_COMMAND_LINE_MAX];
    const char *mistakes[BOOT_MISTAKES_MAX]; /* what was wrong with the loader's tables */
    u32 mistake_count;
};

/* `magic` and `address` as boot.S found them. */
void boot_info_read(u32 magic, u32 address, struct boot_info *info);

/* ---- For the readers of one loader's tables ---- */

/* A text that lives for ever; each is kept once, the first ones if there are many. */
void boot_info_mistake(struct boot_info *info, const char *mistake);
void boot_info_memory(struct boot_info *info, u64 start, u64 size, bool usable);
void boot_info_module(struct boot_info *info, u64 start, u64 size);
void boot_info_picture(struct boot_info *info, const struct screen_mode *picture);
void boot_info_command_line(struct boot_info *info, const char *text, usize size_max);

void boot_pvh_read(const u8 *start_info, struct boot_info *info);
void boot_multiboot2_read(const u8 *information, struct boot_info *info);

#endif
