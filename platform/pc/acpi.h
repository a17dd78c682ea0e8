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

/* An I/O APIC: it has the inputs from `first_input` on, as many as it says itself. */
struct acpi_io_apic {
    u64 registers; /* their physical address */
    u32 first_input;
};

enum { ACPI_LINES = 16, ACPI_IO_APICS_MAX = 16 };

/* A register that ends what the machine does. */
struct acpi_register {
    volatile u8 *memory; /* mapped; NULL: it is a port */
    u16 port;            /* 0: there is none */
};

struct acpi {
    const char *mistake; /* why there is nothing; NULL: tables were found */
    u64 hpet;            /* physical address of its registers; 0: there is none */
    u32 apic_ids[MACHINE_CPUS_MAX];
    u32 cpu_count;
    struct acpi_io_apic io_apics[ACPI_IO_APICS_MAX];
    u32 io_apic_count;
    struct acpi_line lines[ACPI_LINES];
    u64 pci_configuration; /* physical address of the configuration space, as of bus 0; 0: none */
    u8 pci_first_bus;      /* that lie there */
    u8 pci_last_bus;
    struct acpi_register pm1a_control; /* put the machine to sleep */
    struct acpi_register pm1b_control;
    struct acpi_register sleep_control; /* the same on machines that lack these two */
    u16 mode_port; /* takes `mode_on`, and firmware leaves its hands off; 0: there is none */
    u8 mode_on;
    u8 sleep_a; /* values for them that power off */
    u8 sleep_b;
    bool can_power_off;
    struct acpi_register reset; /* takes `reset_value`, and the machine starts again */
    u8 reset_value;
};

/* `root` is the physical address of the RSDP; 0: it is looked for where the BIOS puts it. */
void acpi_read(u64 root, struct acpi *acpi);
/* The I/O APIC that may have that input; NULL: none has. */
const struct acpi_io_apic *acpi_io_apic_of(const struct acpi *acpi, u32 input);
/* Powers off. Returns if it did not work. */
void acpi_power_off(const struct acpi *acpi);
/* Has the machine start again. Returns if it did not work. */
void acpi_restart(const struct acpi *acpi);

#endif
