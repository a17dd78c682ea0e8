/* An I/O APIC (82093AA data sheet): where the interrupts of devices that have a line of their own
 * come in. A door of arch/. */
#ifndef ARCH_X86_64_PRIVILEGED_IO_APIC_H
#define ARCH_X86_64_PRIVILEGED_IO_APIC_H

#include "base/base.h"

enum io_apic_line {
    IO_APIC_EDGE = 0,
    IO_APIC_LOW = 1 << 13, /* active when low */
    IO_APIC_LEVEL = 1 << 15,
};

/* Lets the input `pin` raise `vector` on the CPU whose local APIC has that id. `registers`: where
 * they are mapped. From one CPU at a time. */
void io_apic_route(volatile u32 *registers, u32 pin, u32 line, u32 apic_id, u8 vector);

#endif
