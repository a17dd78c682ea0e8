/* The CPUs of a PC: bringing them up, sleeping, waking, interrupting. Private to the PC platform. */
#ifndef PLATFORM_PC_CPUS_H
#define PLATFORM_PC_CPUS_H

#include "platform/bare/cpu.h"
#include "platform/pc/acpi.h"

enum {
    VECTOR_TIMER = 0x40,
    VECTOR_CPU,      /* machine_cpu_interrupt */
    VECTOR_WAKE,     /* ends a halt, and that is all */
    VECTOR_FORGET,   /* space_forget_everywhere */
    VECTOR_SERIAL,
    VECTOR_SPURIOUS = 0xFF, /* needs no answer */
};

/* Makes the running CPU the first one: from here on there is a record of it. */
void cpus_init_first(void);
/* Its interrupts, and the others' identities. */
void cpus_init(const struct acpi *acpi, u32 count_max);
/* Stacks and gates for this CPU's interrupts; faults are told from here on. */
void cpus_load_descriptors(void);

/* The timer's interrupt, and a request to forget translations. */
void cpus_timer_came(struct cpu *cpu, struct interrupted *interrupted);
void cpus_forget_came(struct cpu *cpu);
/* A device wants machine_attend. */
void cpus_device_came(struct cpu *cpu, struct interrupted *interrupted);

/* Makes all other CPUs stand still, wherever they are: the system ends. */
void cpus_stop_others(void);
bool cpus_are_stopped(void);

#endif
