/* Reaching physical memory: pages of our own are always mapped, what belongs to firmware and
 * devices once it is asked for. Private to the PC platform. */
#ifndef PLATFORM_PC_PHYSICAL_H
#define PLATFORM_PC_PHYSICAL_H

#include "platform/pc/boot_info.h"

enum physical_kind {
    PHYSICAL_TABLES, /* read only */
    PHYSICAL_DEVICE, /* registers: not cached */
    PHYSICAL_PICTURE, /* not cached either, but what is written may go out together */
};

/* Replaces the page tables of boot.S, and hands the memory that nobody has taken to the page
 * allocator. Before it, the first 4 GiB are mapped where they are; after it, the image only. */
void physical_init(struct boot_info *info);

/* Where that memory is before that; NULL: nowhere, or at 0, which no boot loader means. */
const void *physical_early(u64 address, u64 size);

/* A page of the first MiB that nobody uses, where CPUs can start; 0: there is none. */
u64 physical_start_page(void);

/* Where it is mapped; it stays so. NULL: no memory for the tables. */
void *physical_map(u64 address, u64 size, enum physical_kind kind);

#endif
