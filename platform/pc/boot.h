/* How the kernel was booted, between boot.S and C. Private to the PC platform. */
#ifndef PLATFORM_PC_BOOT_H
#define PLATFORM_PC_BOOT_H

/* pc_main's first argument. A multiboot2 loader gives its own magic number. */
#define BOOT_BY_PVH 1
#define BOOT_BY_MULTIBOOT2 0x36D76289

#define BOOT_STACK_BYTES 65536

/* For the other CPUs, boot.S has a piece of code that begins in real mode, boot_trampoline. It goes
 * on in pc_other_main with what stands in boot_next_* (start.c): one CPU at a time. */

#endif
