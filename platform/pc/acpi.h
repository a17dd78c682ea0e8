/* The tables of ACPI (its specification, 6.5, chapter 5) that the kernel itself needs. Private to
 * the PC platform. */
#ifndef PLATFORM_PC_ACPI_H
#define PLATFORM_PC_ACPI_H

#include "machine/machine.h"

/* Where an interrupt line of the old PC comes in. */
struct acpi_line {
    u32 input; /* counted over all I/O APICs */
    bool low;
    bool level;
};

enum { ACPI_LINES = 16 };

struct acpi {
    const char *mistake; /* why there is nothing; NULL: tables were found */
    u64 hpet;            /* physical address of its registers; 0: there is none */
    u32 apic_ids[MACHINE_CPUS_MAX];
    u32 cpu_count;
    u64 io_apic; /* physical address of the first one's registers; 0: there is none */
    struct acpi_line lines[ACPI_LINES];
    u16 pm1a_control; /* ports that put the machine to sleep; 0: not told */
    u16 pm1b_control;
    u8 sleep_a; /* values for them that power off */
    u8 sleep_b;
    bool can_power_off;
};

/* `root` is the physical address of the RSDP; 0: it is looked for where the BIOS puts it. */
void acpi_read(u64 root, struct acpi *acpi);
/* Powers off. Returns if it did not work. */
void acpi_power_off(const struct acpi *acpi);

#endif
