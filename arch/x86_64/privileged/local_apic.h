/* The local APIC: this CPU's timer, and interrupts from one CPU to another. A door of arch/.
 *
 * Its registers are reached by address, or by number (x2APIC) where CPUs offer that: then an id may
 * have 32 bits, and a command is one write. */
#ifndef ARCH_X86_64_PRIVILEGED_LOCAL_APIC_H
#define ARCH_X86_64_PRIVILEGED_LOCAL_APIC_H

#include "base/base.h"

enum local_apic_feature {
    LOCAL_APIC_BY_NUMBER = 1 << 0,
    LOCAL_APIC_DEADLINE = 1 << 1, /* the timer compares the time stamp counter */
};

/* What this CPU offers. */
u32 local_apic_offered(void);
/* Its registers' physical address. */
u64 local_apic_address(void);
/* Turns the first CPU's on, to be used with these features from now on, on all CPUs. `registers`:
 * where they are mapped, at the same place for all CPUs; not needed by number. Its timer is off and
 * will raise `timer_vector`. */
void local_apic_init(volatile u32 *registers, u32 features, u8 timer_vector, u8 spurious_vector);
/* The same on the other CPUs. */
void local_apic_init_other(void);
u32 local_apic_features(void);
u32 local_apic_id(void);
/* The highest id that a command can reach. */
u32 local_apic_id_max(void);
/* The interrupt that is being handled is done. */
void local_apic_end(void);

/* The timer raises its vector, once, when the time stamp counter reaches `tsc`; 0: it does not. With
 * LOCAL_APIC_DEADLINE. */
void local_apic_timer_set(u64 tsc);
/* The timer counts down from `count`, once, and raises its vector at 0; a count of 0 stops it.
 * Without LOCAL_APIC_DEADLINE. */
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
