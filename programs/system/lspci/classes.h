/* Classes of devices in words. */
#ifndef PROGRAMS_SYSTEM_LSPCI_CLASSES_H
#define PROGRAMS_SYSTEM_LSPCI_CLASSES_H

#include <stdint.h>

/* Of a class, subclass and programming interface (PCI Code and ID Assignment 1.11). */
const char *class_name(uint32_t code);

#endif
