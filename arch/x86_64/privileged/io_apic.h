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

/* How many inputs it has. */
u32 io_apic_pins(volatile u32 *registers);

/* What all do to the input `pin`: `entry` is a vector and bits of enum io_apic_line. `registers`:
 * where they are mapped. From one CPU at a time, an interrupt's handler included. */

/* The vector is for the CPU whose local APIC has that id; masked. */
void io_apic_route(volatile u32 *registers, u32 pin, u32 entry, u32 apic_id);
/* The same entry, masked or not. */
void io_apic_set(volatile u32 *registers, u32 pin, u32 entry, bool masked);

#endif
