/* The local APIC: this CPU's timer, and interrupts from one CPU to another. A door of arch/. */
#ifndef ARCH_X86_64_PRIVILEGED_LOCAL_APIC_H
#define ARCH_X86_64_PRIVILEGED_LOCAL_APIC_H

#include "base/base.h"

/* Its registers' physical address. */
u64 local_apic_address(void);
/* `registers`: where they are mapped, at the same place for all CPUs. Turns the first CPU's on; its
 * timer is off and will raise `timer_vector`. */
void local_apic_init(volatile u32 *registers, u8 timer_vector, u8 spurious_vector);
/* The same on the other CPUs. */
void local_apic_init_other(void);
u32 local_apic_id(void);
/* The interrupt that is being handled is done. */
void local_apic_end(void);

/* The timer counts down from `count`, once, and raises its vector at 0; a count of 0 stops it. */
void local_apic_timer_start(u32 count);
u32 local_apic_timer_left(void);

/* Raises a vector on the CPU of that id. */
void local_apic_interrupt(u32 id, u8 vector);
/* Even where interrupts are off. */
void local_apic_send_nmi(u32 id);
/* INIT, and start at the page `page` of the first MiB: how a CPU is brought up. */
void local_apic_send_init(u32 id);
void local_apic_send_start(u32 id, u8 page);

#endif
