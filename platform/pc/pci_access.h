/* The configuration space of PCI on a PC, and what of the machine its functions may not touch.
 * Private to the PC platform. */
#ifndef PLATFORM_PC_PCI_ACCESS_H
#define PLATFORM_PC_PCI_ACCESS_H

#include "platform/pc/acpi.h"
#include "platform/pc/boot_info.h"

/* Both outlive the system. False: there is no PCI. */
bool pci_access_init(const struct acpi *acpi, const struct memory_map *memory);

#endif
