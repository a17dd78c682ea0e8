/* The CPUs of a PC: sleeping, waking, interrupting one another. Private to the PC platform. */
#ifndef PLATFORM_PC_CPUS_H
#define PLATFORM_PC_CPUS_H

#include "platform/bare/cpu.h"
#include "platform/pc/acpi.h"

enum {
    VECTOR_TIMER = 0x40,
    VECTOR_CPU,    /* machine_cpu_interrupt */
    VECTOR_WAKE,   /* ends a halt, and that is all */
    VECTOR_FORGET, /* space_forget_everywhere */
    /* Those of devices: lines.h. */
    VECTOR_SPURIOUS = 0xFF, /* needs no answer */
};

/* ---- Coming up (start.c) ---- */

/* Makes the running CPU the first one: from here on there is a record of it. */
void start_first(void);
/* Stacks and gates for this CPU's interrupts; faults are told from here on. */
void start_descriptors(void);
/* The first CPU's local APIC, and the devices that interrupt it. */
void start_interrupts(const struct acpi *acpi);
/* Asks the other CPUs to be ready, at most `count_max` in all (0: all). */
void start_announce(const struct acpi *acpi, u32 count_max);
/* Starts them; each waits for its first work. Some time after `start_announce`, with the clock. */
void start_others(void);

/* ---- At work (cpus.c) ---- */

/* That many CPUs have come. */
void cpus_set_count(u32 count);
/* No device can interrupt us: who sleeps looks at them now and then. */
void cpus_set_polling(void);
/* How long that CPU has slept. */
u64 cpus_idle_ns(u32 index);
/* Runs the kernel on this CPU until it stops; on the first one, until all have left it. */
void cpus_run(void);
/* Waits on a CPU that has come until there is something to run for the first time. */
void cpus_wait_first(void);

/* Interrupts. */
void cpus_timer_came(struct cpu *cpu, struct interrupted *interrupted);
void cpus_forget_came(struct cpu *cpu);
/* A device wants machine_attend. */
void cpus_device_came(struct cpu *cpu, struct interrupted *interrupted);

/* Makes all other CPUs stand still, wherever they are: the system ends. */
void cpus_stop_others(void);
bool cpus_are_stopped(void);

#endif
