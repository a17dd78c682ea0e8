/* Ending: powering off, starting again, or standing still. Private to the PC platform. */
#ifndef PLATFORM_PC_POWER_H
#define PLATFORM_PC_POWER_H

#include "platform/pc/acpi.h"

/* `acpi` outlives the system. */
void power_init(const struct acpi *acpi);
/* Has the machine start again. */
_Noreturn void power_restart(void);
/* As the command line says. */
_Noreturn void power_end_panic(void);

#endif
