/* What was found at boot, told to the log. Private to the PC platform. */
#ifndef PLATFORM_PC_REPORT_H
#define PLATFORM_PC_REPORT_H

#include "platform/pc/acpi.h"
#include "platform/pc/boot_info.h"

/* Before memory is taken from the map. */
void report_boot(const struct boot_info *info);
void report_acpi(const struct acpi *acpi);
/* The first line that is shown as usual; then what was wrong with what we were given. */
void report_start(const struct boot_info *info, const struct acpi *acpi);

#endif
